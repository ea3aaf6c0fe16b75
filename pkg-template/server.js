// thetaone-web/server: a proxy that keeps the API key on the server, without wasm.

export { createProxy } from "./server/proxy.js";
export { toNodeHandler } from "./server/node-adapter.js";
export { vitePlugin } from "./server/vite-plugin.js";
