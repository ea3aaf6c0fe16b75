// `ThetaOne.record()`. This module and its imports are one chunk. It takes functions of the first
// chunk from its host: of modules that several chunks import, bundlers make further chunks. The
// core, which is larger, loads when the microphone is open.

import { attempt } from "./attempt.js";
import { loadPcmCapture } from "./capture.js";
import { recorderTraits } from "./media-recorder-capture.js";
import { openMicrophone, switchOff } from "./microphone.js";
import { loadErrors, MicrophoneProblem, toMicrophoneError } from "./microphone-problem.js";
import { RECORD } from "./options.js";
import { Recorder } from "./recorder.js";
import { Recording } from "./recording.js";

export { MicrophoneProblem, toMicrophoneError };

/** @import { RecordOptions } from "../index.js" */
/** @import { RecordingHost } from "../internal.js" */

// The page may have no network when an error occurs. What reads samples is loaded last: 2 kB, for
// which the first click would otherwise wait, or for the recorder's first chunk. The first choice of
// a type takes 3 to 10 ms on a slow phone.
loadErrors()
  .then(loadPcmCapture)
  .then(recorderTraits)
  .catch(() => {});

/**
 * Returns the options, if they are valid.
 * @param {RecordingHost} host
 * @param {unknown} given the options, copied; see arguments.js
 */
function checkedOptions({ configurationError, localize, findProblem }, given) {
  const options = /** @type {RecordOptions} */ (given ?? {});
  const { stream, deviceId, constraints } = options;
  let problem = findProblem("options", given, RECORD);
  if (!problem && stream != null) {
    if (!attempt(() => stream.getAudioTracks().length))
      problem = "options.stream must be a MediaStream with an audio track";
    else if (deviceId ?? constraints) problem = "options.stream excludes deviceId and constraints";
  }
  if (problem) throw localize(configurationError(problem));
  return options;
}

/**
 * Opens the microphone and records. Resolves when sound arrives. After a rejection, the microphone
 * is off, or is switched off as soon as the browser opens it.
 * @param {RecordingHost} host
 * @param {unknown} given the options, copied; see arguments.js
 */
export async function record(host, given) {
  const options = checkedOptions(host, given);
  const { signal, stream } = options;
  const isAborted = attempt(() => signal?.aborted) === true;
  // Claimed before anything is awaited: two calls in one tick are two recordings, too.
  const claim = {};
  host.claim ??= claim;
  const isBusy = host.claim !== claim;
  const opening = isBusy || isAborted || stream ? undefined : openMicrophone(options);
  // Created while the browser opens the microphone: later, sound would wait for it.
  const recording = new Recording(host, options);
  const start = async () => {
    if (isAborted) await new Promise(() => {});
    const source = stream ? audioOf(stream) : await opening;
    await recording.start(/** @type {MediaStream} */ (source));
  };
  try {
    if (isBusy && !isAborted) {
      const message = "this ThetaOne is recording already; stop or cancel that recording first";
      throw new MicrophoneProblem({ reason: "busy", message });
    }
    await host.within(start(), isAborted ? AbortSignal.abort(signal?.reason) : signal);
    recording.run();
    return new Recorder(recording);
  } catch (thrown) {
    // A stream of the caller, or a simulated recorder, may throw.
    try {
      recording.cancel();
    } catch {
      opening?.then(switchOff, () => {});
    }
    if (host.claim === claim) host.claim = undefined;
    throw host.localize(await toMicrophoneError(thrown, host));
  }
}

/**
 * Opens the microphone and switches it off again, so that the user is asked for permission. Rejects
 * with a `MicrophoneProblem`.
 */
export const requestMicrophone = async () => switchOff(await openMicrophone());

/**
 * Returns a stream of the first live audio track: recorders stop when other tracks of their stream
 * change, and would record video.
 * @param {MediaStream} stream
 */
function audioOf(stream) {
  const track = stream.getAudioTracks().find(({ readyState }) => readyState === "live");
  if (!track) {
    const message = "options.stream has ended";
    throw new MicrophoneProblem({ reason: "interrupted", message });
  }
  // Environments that simulate recording may not have the class.
  return typeof globalThis.MediaStream === "function" ? new MediaStream([track]) : stream;
}
