// Splits a recording into files that can be sent. A part is a header and a slice of the recording's
// blob, so that the browser stores the samples.

/** @import { AudioOptions, PreparedAudio, Runtime, WavLayout } from "../internal.js" */
/** @import { LongPart, LongProgress, Transcript } from "../index.js" */
/** @import { AudioAnalysis } from "../wasm/core.js" */
/** @import { LongCallLimits } from "./index.js" */
/** @import { EarlierRecording } from "./resume.js" */

/**
 * A part during a call. `phase` and `attempt` are set while it is sent.
 * @typedef {LongPart & {
 *   phase?: LongProgress["phase"] | undefined,
 *   attempt?: number,
 *   result?: Transcript,
 *   error?: unknown,
 * }} Part
 */

/**
 * A recording and its parts.
 * @typedef {object} SplitRecording
 * @property {Blob} blob
 * @property {number} durationSeconds
 * @property {WavLayout | undefined} layout `undefined` if the recording is sent whole
 * @property {Part[]} parts
 */

/** @typedef {[Part, ...Part[]]} Parts at least one */
/** @typedef {[startSeconds: number, endSeconds: number, isCutMidSpeech: number]} Span */
/** @typedef {(blob: Blob, seconds: number) => boolean} IsWhole */

import { audioFailure } from "../result/failure.js";

const UNCHANGED = { trim: false };

/**
 * Splits a recording into parts within limits. If an `earlier` call is resumed, returns its parts
 * again, with their results.
 * @param {Runtime} runtime
 * @param {unknown} audio
 * @param {LongCallLimits} limits
 * @param {EarlierRecording | undefined} earlier
 * @param {AbortSignal} signal aborted when the parts are no longer needed
 * @returns {Promise<SplitRecording>}
 */
export async function splitRecording(
  runtime,
  audio,
  { maxPartSeconds, maxPartBytes },
  earlier,
  signal,
) {
  const { shared } = runtime;
  /** @type {IsWhole} */
  const isWhole = ({ size }, seconds) =>
    earlier
      ? coversWhole(/** @type {Parts} */ (earlier.parts), earlier.durationSeconds)
      : seconds <= maxPartSeconds && size <= maxPartBytes;
  const prepared = await prepare(shared, audio, isWhole, { keepAnalysis: true, signal });
  try {
    shared.rejectSilence(audio, prepared);
    const { blob, durationSeconds } = prepared;
    if (earlier) shared.assertResumable(earlier.bounds, earlier.durationSeconds, durationSeconds);
    // Without a layout, the file is sent whole.
    const layout = isWhole(blob, durationSeconds) ? undefined : prepared.layout;
    return {
      blob,
      durationSeconds,
      layout,
      parts: earlier?.parts ?? partsOf(prepared, layout, maxPartSeconds),
    };
  } finally {
    prepared.analysis?.free();
  }
}

/**
 * Resolves to prepared audio that can be split, or that `isWhole`.
 * @param {Runtime["shared"]} shared
 * @param {unknown} audio
 * @param {IsWhole} isWhole
 * @param {AudioOptions} options
 * @returns {Promise<PreparedAudio>}
 */
async function prepare(shared, audio, isWhole, options) {
  const blob = await shared.blobFrom(audio);
  const inspection = await shared.inspectHead(blob);
  let frames;
  try {
    if (inspection.plan() !== "scan-mp3")
      return await shared.executePlan(blob, inspection, UNCHANGED, options);
    const { mp3, failure } = await shared.parseMp3(blob, inspection, options);
    if (!mp3) return await shared.decodeFile(blob, inspection, UNCHANGED, options, failure);
    if (isWhole(mp3.blob, mp3.durationSeconds))
      return await shared.prepareMp3(audio, mp3, UNCHANGED, options);
    frames = mp3.blob;
  } finally {
    inspection.free();
  }
  // Converted to WAV, because an MP3 that is cut anywhere begins with frames that depend on the
  // part before.
  if (typeof OfflineAudioContext === "function")
    return shared.convert(frames, "mp3", UNCHANGED, options);
  throw audioFailure(
    "undecodable",
    "the MP3 is too long for one request, and only a window can decode it to cut it; pass WAV here",
  );
}

/**
 * Returns true if the only part is the whole recording.
 * @param {Parts} parts
 * @param {number} durationSeconds
 */
const coversWhole = ([first, ...others], durationSeconds) =>
  others.length === 0 && first.startSeconds === 0 && first.endSeconds === durationSeconds;

/**
 * Returns the parts of a recording. Without a layout, the recording is the only part.
 * @param {PreparedAudio} prepared
 * @param {WavLayout | undefined} layout
 * @param {number} maxSeconds
 * @returns {Part[]}
 */
function partsOf({ durationSeconds, analysis }, layout, maxSeconds) {
  if (!layout)
    return [{ index: 0, startSeconds: 0, endSeconds: durationSeconds, cutMidSpeech: false }];
  const spans = /** @type {AudioAnalysis} */ (analysis).split(frameBytes(layout), maxSeconds);
  return Array.from({ length: spans.length / 3 }, (_, index) => {
    const [startSeconds, endSeconds, cutMidSpeech] = /** @type {Span} */ (
      /** @type {unknown} */ (spans.subarray(index * 3))
    );
    return { index, startSeconds, endSeconds, cutMidSpeech: cutMidSpeech === 1 };
  });
}

/**
 * Returns the file of one part.
 * @param {Runtime} runtime
 * @param {SplitRecording} recording
 * @param {Part} part
 */
export function partFile(
  { shared },
  { blob, durationSeconds, layout },
  { startSeconds, endSeconds },
) {
  if (!layout) return { blob, durationSeconds };
  const { sampleRate, channels, dataStart, dataBytes } = layout;
  /** @param {number} seconds */
  const at = (seconds) =>
    Math.min(Math.round(seconds * sampleRate) * frameBytes(layout), dataBytes);
  const [start, end] = [at(startSeconds), at(endSeconds)];
  const header = shared.wavHeader(sampleRate, channels, end - start);
  const samples = blob.slice(dataStart + start, dataStart + end);
  return {
    blob: new Blob([/** @type {BlobPart} */ (header), samples], { type: "audio/wav" }),
    durationSeconds: endSeconds - startSeconds,
  };
}

/** @param {WavLayout} layout */
const frameBytes = ({ channels }) => channels * 2;
