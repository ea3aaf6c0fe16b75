// Loads the recorder, which is a chunk of its own: not every page records.

import { wasmLoadError } from "../client/local-errors.js";
import { messageOf } from "../client/untrusted-values.js";

/** @type {Promise<typeof import("./start-recording.js")> | undefined} */
let loading;

/**
 * Resolves to start-recording.js, for concurrent calls in their order; rejects with a
 * `WasmLoadError`.
 */
export function loadRecorder() {
  loading ??= import("./start-recording.js").catch((cause) => {
    loading = undefined;
    throw wasmLoadError(`the recorder was not loaded: ${messageOf(cause)}`, cause);
  });
  return loading;
}
