import { configurationError } from "./configuration-error.js";
import { toNodeHandler } from "./node-adapter.js";
import { copyOptions } from "./options.js";
import { createProxy } from "./proxy.js";

/** @import { ViteServer } from "../server.js" */

/**
 * Returns a plugin with which Vite's servers, `vite` and `vite preview`, answer below `path`. Only
 * these servers need a key, so that `vite build` works without one.
 * @type {typeof import("../server.js").vitePlugin}
 */
export function vitePlugin(givenOptions = /** @type {any} */ ({})) {
  const { path: givenPath, ...options } = copyOptions(givenOptions);
  const path = givenPath ?? "/api/theta";
  if (!/^(?:\/[\w.~-]+)+$/.test(path))
    throw configurationError('options.path must be like "/api/theta"');
  // Without a key, only the other options are validated now.
  if (!options.apiKey) createProxy({ ...options, apiKey: () => undefined });
  const createNodeHandler = () => toNodeHandler(createProxy(/** @type {any} */ (options)));
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
