// thetaone-web/external: the SDK with wasm that the caller provides, as a served file or compiled
// beforehand. The runtime is not imported on demand, because service workers forbid that.

import { Client } from "./client/client.js";
import start, { features } from "./loading/runtime.js";
import { startCore } from "./loading/wasm-module.js";
import { notInitializedError, resolveWasmSource } from "./loading/wasm-source.js";

export * from "./exports.js";
export { microphones } from "./record/microphones.js";

// Not a namespace import, for which esbuild adds a helper to the code that every page loads.
const runtimeModule = { default: start, features };

/** @type {Promise<typeof runtimeModule> | undefined} */
let core;

/**
 * Starts the core. Calls that are made meanwhile wait for it.
 * @param {unknown} source
 */
export async function init(source) {
  core = startCore(async () => [runtimeModule, await resolveWasmSource(source)]);
  await core;
}

const load = () => core ?? Promise.reject(notInitializedError());

export class ThetaOne extends Client {
  /** @param {unknown} [options] */
  constructor(options) {
    super(load, options);
  }
}
