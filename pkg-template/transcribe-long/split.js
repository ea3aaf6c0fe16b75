// The parts of a recording, as files that can be sent. Samples stay where the browser
// keeps them: a part is a slice behind a header of its own.

import { Failure } from "../result/failure.js";

const AS_IT_IS = { trim: false };

/**
 * A recording and its parts, within limits; the same parts again, with the results that are there, where an `earlier`
 * call is resumed. `signal` is aborted when nobody waits for them any more.
 */
export async function cut(core, audio, { maxPartSeconds, maxPartBytes }, earlier, signal) {
  const isWhole = ({ size }, seconds) =>
    earlier
      ? isAll(earlier.parts, earlier.durationSeconds)
      : seconds <= maxPartSeconds && size <= maxPartBytes;
  const made = await madeOf(core, audio, isWhole, { keepQuality: true, signal });
  try {
    core.audio.refuseSilence(audio, made);
    const { blob, durationSeconds } = made;
    if (earlier) core.refuseResume(earlier.bounds, earlier.durationSeconds, durationSeconds);
    // Without a layout it is sent whole.
    const layout = isWhole(blob, durationSeconds) ? undefined : made.layout;
    return {
      blob,
      durationSeconds,
      layout,
      parts: earlier?.parts ?? partsOf(made, layout, maxPartSeconds),
    };
  } finally {
    made.quality?.free();
  }
}

async function madeOf(core, audio, isWhole, how) {
  const { blobFrom, decodedFrom, inspected, madeFrom, mp3In, mp3Made } = core.audio;
  const blob = await blobFrom(audio);
  const inspection = await inspected(core, blob);
  let mp3;
  try {
    if (inspection.way() !== "walk") return await madeFrom(core, blob, inspection, AS_IT_IS, how);
    const { upload, refusal } = await mp3In(core, blob, inspection, how);
    if (!upload) return await decodedFrom(core, blob, inspection, AS_IT_IS, how, refusal);
    if (isWhole(upload.blob, upload.durationSeconds))
      return await mp3Made(core, audio, upload, AS_IT_IS, how);
    mp3 = upload.blob;
  } finally {
    inspection.free();
  }
  // As WAV: cut anywhere, an MP3 would begin with frames that lean on what was cut off.
  if (typeof OfflineAudioContext === "function")
    return core.audio.convert(core, mp3, "mp3", AS_IT_IS, how);
  throw new Failure(
    "InvalidAudioError",
    "undecodable",
    "the MP3 is too long for one request, and only a window can decode it to cut it; pass WAV here",
  );
}

const isAll = ([first, ...others], durationSeconds) =>
  others.length === 0 && first.startSeconds === 0 && first.endSeconds === durationSeconds;

function partsOf({ durationSeconds, quality }, layout, mostSeconds) {
  if (!layout)
    return [{ index: 0, startSeconds: 0, endSeconds: durationSeconds, cutMidSpeech: false }];
  const spans = quality.spans(frameBytes(layout), mostSeconds);
  return Array.from({ length: spans.length / 3 }, (_, index) => {
    const [startSeconds, endSeconds, cutMidSpeech] = spans.subarray(index * 3);
    return { index, startSeconds, endSeconds, cutMidSpeech: cutMidSpeech === 1 };
  });
}

/** The file of one part. */
export function fileOf(core, { blob, durationSeconds, layout }, { startSeconds, endSeconds }) {
  if (!layout) return { blob, durationSeconds };
  const { sampleRate, channels, dataStart, dataBytes } = layout;
  const at = (seconds) =>
    Math.min(Math.round(seconds * sampleRate) * frameBytes(layout), dataBytes);
  const [start, end] = [at(startSeconds), at(endSeconds)];
  const header = core.wavHeader(sampleRate, channels, end - start);
  const samples = blob.slice(dataStart + start, dataStart + end);
  return {
    blob: new Blob([header, samples], { type: "audio/wav" }),
    durationSeconds: endSeconds - startSeconds,
  };
}

const frameBytes = ({ channels }) => channels * 2;
