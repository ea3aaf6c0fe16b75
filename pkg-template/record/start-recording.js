// Recording: the microphone, until there is a take.

import { Failure } from "../result/failure.js";
import { Recording } from "./recording.js";

/**
 * Opens the microphone and starts to record; rejects with a `Failure` where that cannot be, or where `scope` ends
 * first. `wishes` are the options of `record()`, which were checked, and `wanted`, which they ask for.
 *
 * `core.recording` is what the client records, or is about to: the claim on the microphone, by which `dispose()` finds
 * it.
 */
export async function start(core, wishes, scope) {
  if (core.recording) {
    throw new Failure(
      "MicrophoneError",
      "busy",
      "this ThetaOne is recording already; stop or cancel that recording first",
    );
  }
  core.recording = new Recording(core, wishes);
  const { recording } = core;
  try {
    await recording.start(scope);
  } catch (thrown) {
    recording.cancel();
    throw thrown;
  }
  return recording;
}
