// Creates prepared audio, and takes of it. See `PreparedAudio` in internal.d.ts.

/** @import { StopReason, TakeWarning } from "../index.js" */
/** @import { AudioOptions, Mp3File, PreparedAudio } from "../internal.js" */
/** @import { TakeProperties, WavFile, WavLayout } from "../internal.js" */
/** @import { AudioAnalysis } from "../wasm/core.js" */

import { audioFailure } from "../result/failure.js";
import { estimateCredits, isEndMissing } from "../wasm/core.js";
import { newBlob } from "./blobs.js";
import { Take } from "./take.js";

/**
 * Returns a WAV that is sent unchanged.
 * @param {Blob} blob
 * @param {AudioAnalysis} analysis
 * @param {WavFile} wav
 * @param {AudioOptions} options
 */
export const passThroughWav = (blob, analysis, wav, options) =>
  preparedAudio(newBlob([blob], "audio/wav"), analysis, { channels: wav.channels }, wav, options);

/**
 * Returns the WAV of these 16-bit samples.
 * @param {AudioAnalysis} analysis
 * @param {number} channels
 * @param {Blob} samples
 * @param {AudioOptions} options
 */
export function preparedWav(analysis, channels, samples, options) {
  const header = analysis.wavHeader(channels);
  const layout = {
    sampleRate: analysis.sampleRate,
    channels,
    dataStart: header.length,
    dataBytes: samples.size,
  };
  const blob = newBlob([header, samples], "audio/wav");
  return preparedAudio(blob, analysis, { channels }, layout, options);
}

/**
 * Returns a mono MP3 that was encoded here.
 * @param {Blob} blob
 * @param {AudioAnalysis} analysis
 * @param {AudioOptions} options
 */
export const preparedMp3 = (blob, analysis, options) =>
  preparedAudio(blob, analysis, { channels: 1 }, undefined, options);

/**
 * Returns an MP3 that is sent unchanged.
 * @param {AudioAnalysis | undefined} analysis `undefined` if the MP3 was not decoded
 * @param {Mp3File} mp3
 * @param {AudioOptions} options
 */
export function passThroughMp3(analysis, { blob, problems, mayBeDecoded, ...info }, options) {
  const known = { ...info, offsetSeconds: 0 };
  const prepared = preparedAudio(blob, analysis, known, undefined, options);
  addWarnings(prepared.properties, problems);
  return prepared;
}

/**
 * Adds a warning to `prepared` if the file has lost its end; returns `prepared`.
 * @param {PreparedAudio} prepared
 * @param {boolean} isTruncated
 */
export function addTruncationWarning(prepared, isTruncated) {
  if (isTruncated) addWarnings(prepared.properties, ["truncated"]);
  return prepared;
}

/**
 * Returns prepared audio. Properties read from the file, which are `known`, override measured ones.
 * @param {Blob} blob
 * @param {AudioAnalysis | undefined} analysis
 * @param {Partial<TakeProperties>} known
 * @param {WavLayout | undefined} layout
 * @param {AudioOptions} options
 */
function preparedAudio(blob, analysis, known, layout, { keepAnalysis }) {
  /** @type {TakeProperties} */
  const properties = { ...analysis?.properties(), ...known };
  const { durationSeconds } = properties;
  properties.estimatedCredits = estimateCredits(durationSeconds);
  /** @type {PreparedAudio} */
  const prepared = { blob, durationSeconds, properties, layout };
  if (analysis) {
    const { sourceDurationSeconds } = analysis;
    prepared.isEndMissing = (elapsedSeconds) => isEndMissing(sourceDurationSeconds, elapsedSeconds);
    if (keepAnalysis) prepared.analysis = analysis.retain();
  }
  return prepared;
}

/**
 * Returns the take of prepared audio.
 * @param {PreparedAudio} prepared
 * @param {{ stopReason: StopReason, elapsedSeconds: number }} [recorded] set if the audio was
 *   recorded
 */
export function createTake({ blob, properties, isEndMissing }, recorded) {
  if (!recorded) return new Take(blob, properties);
  const { stopReason, elapsedSeconds } = recorded;
  const all = { ...properties, stopReason };
  if (isEndMissing?.(elapsedSeconds)) addWarnings(all, ["truncated"]);
  return new Take(blob, all);
}

/**
 * Returns the take that was prepared from another take, with the other's properties of the
 * recording.
 * @param {Take} take
 * @param {PreparedAudio} prepared
 */
export function deriveTake({ offsetSeconds, stopReason }, { blob, properties }) {
  const before = typeof offsetSeconds === "number" ? offsetSeconds : 0;
  const all = { ...properties, offsetSeconds: before + properties.offsetSeconds };
  if (stopReason !== undefined) all.stopReason = stopReason;
  return new Take(blob, all);
}

/**
 * @param {TakeProperties} properties
 * @param {readonly TakeWarning[]} more
 */
function addWarnings(properties, more) {
  if (more.length === 0) return;
  properties.warnings = [...new Set([...(properties.warnings ?? []), ...more])];
}

/** Returns the failure for audio without speech. */
export const silenceFailure = () => audioFailure("silent", "no speech was found in the audio");
