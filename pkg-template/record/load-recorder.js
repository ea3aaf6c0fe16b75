// Loads the recorder, which is a chunk of its own: not every page records.

import { wasmLoadError } from "../client/local-errors.js";
import { messageOf } from "../client/untrusted-values.js";

/** Resolves to start-recording.js; rejects with a `WasmLoadError`. */
export const loadRecorder = () =>
  import("./start-recording.js").catch((cause) => {
    throw wasmLoadError(`record/start-recording.js was not loaded: ${messageOf(cause)}`, cause);
  });
