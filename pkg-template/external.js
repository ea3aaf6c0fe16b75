// The same SDK, with a wasm that the caller provides: served as a file, or compiled
// beforehand. The engine is not imported on demand, which service workers forbid.

import { Client } from "./client/client.js";
import { startCore } from "./loading/start-core.js";
import start, {
  Core,
  call,
  cancelRecording,
  equipped,
  forget,
  kept,
  openKept,
  prepare,
  record,
} from "./loading/runtime.js";
import { moduleOf, notGiven } from "./loading/wasm-source.js";

export * from "./exports.js";
export { microphones } from "./record/microphones.js";

// Not the module itself: for that, esbuild adds a helper of its own to what every page loads.
const engine = {
  default: start,
  Core,
  call,
  cancelRecording,
  equipped,
  forget,
  kept,
  openKept,
  prepare,
  record,
};

let core;

/** Starts the core; calls that are made meanwhile wait. */
export async function init(source) {
  core = startCore(async () => [engine, await moduleOf(source)]);
  await core;
}

const load = () => core ?? Promise.reject(notGiven());

export class ThetaOne extends Client {
  constructor(options) {
    super(load, options);
  }
}
