// The same SDK, with a wasm that the caller provides: served as a file, or compiled beforehand. The
// runtime is not imported on demand, which service workers forbid.

import { Client } from "./client/client.js";
import start, { features } from "./loading/runtime.js";
import { startCore } from "./loading/wasm-module.js";
import { notInitializedError, resolveWasmSource } from "./loading/wasm-source.js";

export * from "./exports.js";
export { microphones } from "./record/microphones.js";

// Not a namespace import, for which esbuild adds a helper to what every page loads.
const runtimeModule = { default: start, features };

let core;

/** Starts the core; calls that are made meanwhile wait. */
export async function init(source) {
  core = startCore(async () => [runtimeModule, await resolveWasmSource(source)]);
  await core;
}

const load = () => core ?? Promise.reject(notInitializedError());

export class ThetaOne extends Client {
  constructor(options) {
    super(load, options);
  }
}
