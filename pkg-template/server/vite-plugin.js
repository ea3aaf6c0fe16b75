import { configurationError } from "./configuration-error.js";
import { toNodeHandler } from "./node-adapter.js";
import { createProxy } from "./proxy.js";

/** @import { ViteServer, VitePluginOptions } from "../server.js" */

/**
 * Returns a plugin with which Vite's servers, `vite` and `vite preview`, answer below `path`. Only
 * these servers need a key, so that `vite build` works without one.
 * @type {typeof import("../server.js").vitePlugin}
 */
export function vitePlugin({ path = "/api/theta", ...options } = /** @type {any} */ ({})) {
  if (!/^(?:\/[\w.~-]+)+$/.test(path))
    throw configurationError('options.path must be like "/api/theta"');
  const createNodeHandler = () => toNodeHandler(createProxy(options));
  const handler = options.apiKey ? createNodeHandler() : undefined;
  /** @param {ViteServer} server */
  const configureServer = ({ middlewares }) => {
    middlewares.use(path, handler ?? createNodeHandler());
    // Moved to the front: Vite's own CORS would answer preflight requests, and allow any page of
    // localhost to read responses.
    middlewares.stack.unshift(middlewares.stack.pop());
  };
  return { name: "thetaone-web", configureServer, configurePreviewServer: configureServer };
}
