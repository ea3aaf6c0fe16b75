// Splits a recording into files that can be sent. The browser keeps the samples: a part is a slice
// after a header of its own.

import { audioFailure } from "../result/failure.js";

const UNCHANGED = { trim: false };

/**
 * Splits a recording into parts within limits. If an `earlier` call is resumed, returns its parts
 * again, with their results. `signal` is aborted when nobody waits for the parts any more.
 */
export async function splitRecording(
  runtime,
  audio,
  { maxPartSeconds, maxPartBytes },
  earlier,
  signal,
) {
  const { shared } = runtime;
  const isWhole = ({ size }, seconds) =>
    earlier
      ? coversWhole(earlier.parts, earlier.durationSeconds)
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
  // Converted to WAV: an MP3 that is cut anywhere begins with frames that depend on the part before.
  if (typeof OfflineAudioContext === "function")
    return shared.convert(frames, "mp3", UNCHANGED, options);
  throw audioFailure(
    "undecodable",
    "the MP3 is too long for one request, and only a window can decode it to cut it; pass WAV here",
  );
}

const coversWhole = ([first, ...others], durationSeconds) =>
  others.length === 0 && first.startSeconds === 0 && first.endSeconds === durationSeconds;

function partsOf({ durationSeconds, analysis }, layout, maxSeconds) {
  if (!layout)
    return [{ index: 0, startSeconds: 0, endSeconds: durationSeconds, cutMidSpeech: false }];
  const spans = analysis.split(frameBytes(layout), maxSeconds);
  return Array.from({ length: spans.length / 3 }, (_, index) => {
    const [startSeconds, endSeconds, cutMidSpeech] = spans.subarray(index * 3);
    return { index, startSeconds, endSeconds, cutMidSpeech: cutMidSpeech === 1 };
  });
}

/** Returns the file of one part. */
export function partFile(
  { shared },
  { blob, durationSeconds, layout },
  { startSeconds, endSeconds },
) {
  if (!layout) return { blob, durationSeconds };
  const { sampleRate, channels, dataStart, dataBytes } = layout;
  const at = (seconds) =>
    Math.min(Math.round(seconds * sampleRate) * frameBytes(layout), dataBytes);
  const [start, end] = [at(startSeconds), at(endSeconds)];
  const header = shared.wavHeader(sampleRate, channels, end - start);
  const samples = blob.slice(dataStart + start, dataStart + end);
  return {
    blob: new Blob([header, samples], { type: "audio/wav" }),
    durationSeconds: endSeconds - startSeconds,
  };
}

const frameBytes = ({ channels }) => channels * 2;
