// `ThetaOne.record()`: the microphone, until there is a take.

import { recordingFailure } from "../result/failure.js";
import { recordOutputFormat } from "../wasm/core.js";
import { Recording } from "./recording.js";

/**
 * Opens the microphone and starts to record; resolves to a `Recording`. Rejects with one of the
 * package's errors. `options` may be anything.
 */
export async function record(runtime, options) {
  const { handle } = runtime;
  let scope;
  try {
    const format = recordOutputFormat(options);
    const ownOptions = Object.assign(Object.create(null), options, { format });
    scope = handle.scope(ownOptions.signal);
    return await start(runtime, ownOptions, scope);
  } catch (thrown) {
    throw handle.toError(thrown);
  } finally {
    scope?.free();
  }
}

/** `runtime.recording` is the client's claim on the microphone, by which `dispose()` finds it. */
async function start(runtime, options, scope) {
  if (runtime.recording) {
    throw recordingFailure(
      "busy",
      "this ThetaOne is recording already; stop or cancel that recording first",
    );
  }
  const recording = new Recording(runtime, options);
  runtime.recording = recording;
  try {
    await recording.start(scope);
  } catch (thrown) {
    recording.cancel();
    throw thrown;
  }
  return recording;
}
