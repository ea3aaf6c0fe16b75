// `ThetaOne.record()`. This module and its imports are one chunk. It takes functions of the first
// chunk from its host: of modules that several chunks import, bundlers make further chunks. The
// core, which is larger, loads when the microphone is open.

import { loadPcmCapture } from "./capture.js";
import { negotiateType } from "./media-recorder-capture.js";
import { openMicrophone, switchOff } from "./microphone.js";
import { loadErrors, MicrophoneProblem, toMicrophoneError } from "./microphone-problem.js";
import { RECORD } from "./options.js";
import { Recorder } from "./recorder.js";
import { Recording } from "./recording.js";

/** @import { RecordOptions } from "../index.js" */
/** @import { RecordingHost, Within } from "../internal.js" */

// The page may have no network when an error occurs. What reads samples is loaded last: 2 kB, for
// which the first click would otherwise wait, or for the recorder's first chunk. The first choice of
// a type takes 3 to 10 ms on a slow phone.
loadErrors()
  .then(loadPcmCapture)
  .then(negotiateType)
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
    if (!hasAudioTracks(stream))
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
  const { stream } = options;
  // Claimed before anything is awaited: two calls in one tick are two recordings, too.
  const claim = {};
  host.claim ??= claim;
  const isBusy = host.claim !== claim;
  const opening = isBusy || stream ? undefined : openMicrophone(options);
  // A page that comes back from the browser's cache must not find its microphone on, although it was
  // left during the permission prompt. A recording does not start with an ended track.
  const leave = () => void opening?.then(switchOff, () => {});
  globalThis.addEventListener?.("pagehide", leave);
  try {
    if (isBusy) {
      const message = "this ThetaOne is recording already; stop or cancel that recording first";
      throw new MicrophoneProblem({ reason: "busy", message });
    }
    /** @type {Within} */
    const within = (work) => host.within(work, options.signal);
    const source = stream ? audioOf(stream) : await within(/** @type {any} */ (opening));
    // The client may have been disposed of between the arrival of the stream and this line.
    if (host.disposal) throw host.disposal;
    return await startRecording(host, options, source, within);
  } catch (thrown) {
    // The browser cannot be told to stop asking.
    leave();
    if (host.claim === claim) host.claim = undefined;
    throw host.localize(await toMicrophoneError(thrown, host));
  } finally {
    globalThis.removeEventListener?.("pagehide", leave);
  }
}

/**
 * Opens the microphone and switches it off again, so that the user is asked for permission.
 * @param {Pick<RecordingHost, "wasmLoadError">} host
 */
export async function requestMicrophone(host) {
  try {
    switchOff(await openMicrophone());
  } catch (thrown) {
    throw await toMicrophoneError(thrown, host);
  }
}

/**
 * Resolves to the error for an exception of the browser.
 * @param {unknown} cause
 * @param {Pick<RecordingHost, "wasmLoadError">} host
 */
export const microphoneErrorOf = (cause, host) =>
  toMicrophoneError(new MicrophoneProblem({ cause }), host);

/**
 * @param {RecordingHost} host
 * @param {RecordOptions} options
 * @param {MediaStream} stream
 * @param {Within} within
 */
async function startRecording(host, options, stream, within) {
  const recording = new Recording(host, options, stream);
  host.recording = recording;
  try {
    await recording.start(within);
  } catch (thrown) {
    recording.cancel();
    throw thrown;
  }
  return new Recorder(recording);
}

/**
 * True if `stream` has audio tracks. It may be anything.
 * @param {MediaStream} stream
 */
function hasAudioTracks(stream) {
  try {
    return stream.getAudioTracks().length > 0;
  } catch {
    return false;
  }
}

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
