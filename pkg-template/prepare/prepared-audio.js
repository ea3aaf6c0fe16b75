// Audio that can be sent, and its properties. Prepared audio has
//
// - `blob`, whose type is the content type, and `durationSeconds`;
// - `properties`: the properties of a `Take` of it;
// - `layout`: the place of the samples in a 16-bit WAV,
//   `{ sampleRate, channels, dataStart, dataBytes }`;
// - if it was analyzed, `isEndMissing(elapsedSeconds)`: whether a recording that ran for so long has
//   lost its end;
// - with `options.keepAnalysis`, `analysis`: an `AudioAnalysis`, which the caller must `free()`.

import { audioFailure } from "../result/failure.js";
import { estimateCredits, isEndMissing } from "../wasm/core.js";
import { newBlob } from "./blobs.js";
import { Take } from "./take.js";

/** Returns a WAV that is sent unchanged. */
export const passThroughWav = (blob, analysis, wav, options) =>
  preparedAudio(newBlob([blob], "audio/wav"), analysis, { channels: wav.channels }, wav, options);

/** Returns the WAV of these 16-bit samples. */
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

/** Returns a mono MP3 that was encoded here. */
export const preparedMp3 = (blob, analysis, options) =>
  preparedAudio(blob, analysis, { channels: 1 }, undefined, options);

/** Returns an MP3 that is sent unchanged; `analysis` is `undefined` if it could not be decoded. */
export function passThroughMp3(analysis, { blob, problems, mayBeDecoded, ...info }, options) {
  const known = { ...info, offsetSeconds: 0 };
  const prepared = preparedAudio(blob, analysis, known, undefined, options);
  addWarnings(prepared.properties, problems);
  return prepared;
}

/** Adds a warning to `prepared` if the file has lost its end; returns `prepared`. */
export function addTruncationWarning(prepared, isTruncated) {
  if (isTruncated) addWarnings(prepared.properties, ["truncated"]);
  return prepared;
}

/** Properties read from the file, which are `known`, override measured ones. */
function preparedAudio(blob, analysis, known, layout, { keepAnalysis }) {
  const properties = { ...analysis?.properties(), ...known };
  const { durationSeconds } = properties;
  properties.estimatedCredits = estimateCredits(durationSeconds);
  const prepared = { blob, durationSeconds, properties, layout };
  if (analysis) {
    const { sourceDurationSeconds } = analysis;
    prepared.isEndMissing = (elapsedSeconds) => isEndMissing(sourceDurationSeconds, elapsedSeconds);
    if (keepAnalysis) prepared.analysis = analysis.retain();
  }
  return prepared;
}

/** Returns the take of prepared audio. `recorded` is `{ stopReason, elapsedSeconds }`, if it was recorded. */
export function createTake({ blob, properties, isEndMissing }, recorded) {
  if (!recorded) return new Take(blob, properties);
  const { stopReason, elapsedSeconds } = recorded;
  const all = { ...properties, stopReason };
  if (isEndMissing?.(elapsedSeconds)) addWarnings(all, ["truncated"]);
  return new Take(blob, all);
}

/** Returns the take that was prepared from another take, with what that one says of its recording. */
export function deriveTake({ offsetSeconds, stopReason }, { blob, properties }) {
  const before = typeof offsetSeconds === "number" ? offsetSeconds : 0;
  const all = { ...properties, offsetSeconds: before + properties.offsetSeconds };
  if (stopReason !== undefined) all.stopReason = stopReason;
  return new Take(blob, all);
}

function addWarnings(properties, more) {
  if (more.length === 0) return;
  properties.warnings = [...new Set([...(properties.warnings ?? []), ...more])];
}

/** Returns the failure for audio without speech. */
export const silenceFailure = () => audioFailure("silent", "no speech was found in the audio");
