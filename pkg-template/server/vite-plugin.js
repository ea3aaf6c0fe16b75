import { configurationError } from "./configuration-error.js";
import { toNodeHandler } from "./node-adapter.js";
import { createProxy } from "./proxy.js";

/**
 * Returns a plugin by which Vite's servers, `vite` and `vite preview`, answer below `path`. A key
 * is needed only where one of them runs, so that `vite build` works without.
 */
export function vitePlugin({ path = "/api/theta", ...options } = {}) {
  if (!/^(?:\/[\w.~-]+)+$/.test(path))
    throw configurationError('options.path must be like "/api/theta"');
  const create = () => toNodeHandler(createProxy(options));
  const handler = options.apiKey ? create() : undefined;
  const serve = ({ middlewares }) => {
    middlewares.use(path, handler ?? create());
    // To the front: Vite's own CORS would answer preflights, and let any page of localhost read.
    middlewares.stack.unshift(middlewares.stack.pop());
  };
  return { name: "thetaone-web", configureServer: serve, configurePreviewServer: serve };
}
