// Loads the recorder, which is a chunk of its own: not every page records.

import { wasmLoadError } from "../client/local-errors.js";
import { messageOf } from "../client/untrusted-values.js";

/** @type {Promise<typeof import("./start-recording.js")> | undefined} */
let loading;

/**
 * The module start-recording.js, when it has loaded.
 * @type {typeof import("./start-recording.js") | undefined}
 */
export let loadedRecorder;

/**
 * Resolves to start-recording.js, for concurrent calls in their order; rejects with a
 * `WasmLoadError`.
 */
export function loadRecorder() {
  loading ??= import("./start-recording.js")
    .then((module) => (loadedRecorder = module))
    .catch((cause) => {
      loading = undefined;
      throw wasmLoadError(`the recorder was not loaded: ${messageOf(cause)}`, cause);
    });
  return loading;
}
