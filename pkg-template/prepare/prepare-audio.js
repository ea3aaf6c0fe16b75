// From whatever the caller has to what the API takes. What is decided of it stands in
// the core; here it is read, decoded and written, block by block, so that neither the
// page is held up nor a long recording in memory.
//
// `core` is the Core of the client. `how` may hold a `signal`, which ends the work when
// nobody waits for it any more, and `keepQuality`: then what comes of it has `quality`,
// the core's handle of what was heard, which whoever asked for it has to free.

import { blobFrom, bufferOf, bytesOf, newBlob, read } from "./blobs.js";
import { convert } from "./decode-and-convert.js";
import { decodesWhole } from "./decode.js";
import { madeAnew, madeAsItIs, silent, takeAgain, takeFrom, warned } from "./prepared-audio.js";
import { mp3Made, walked } from "./mp3-file.js";
import { Work } from "./pcm-pipeline.js";
import { Failure, isFailure } from "../result/failure.js";
import { isBlob } from "../client/untrusted-values.js";
import { blobOf } from "./take.js";

export { loadEncoder } from "./encode-mp3.js";
export { blobFrom, bufferOf, convert, mp3Made, takeFrom, Work };

/** How many bytes from the start of a recording the core wants to see first. */
const INSPECTED_BYTES = 256 * 1024;
/** How many it gets to see at most: what comes before the samples of a WAV has to lie in memory. */
const MOST_INSPECTED_BYTES = 16 * 1024 * 1024;
/** Of how many the browser is asked, although nothing about them is known. */
const MOST_UNKNOWN_BYTES = 64 * 1024 * 1024;
const AS_IT_IS = { trim: false };

/** What can be sent, from a take, blob, file or bytes: `{ blob, durationSeconds }`. */
export async function forUpload(core, audio, how = {}) {
  const blob = await blobFrom(audio);
  const inspection = await inspected(core, blob);
  try {
    const upload = await uploadOf(core, audio, blob, inspection, how);
    refuseSilence(audio, upload);
    return upload;
  } finally {
    inspection.free();
  }
}

async function uploadOf(core, audio, blob, inspection, how) {
  switch (inspection.way()) {
    case "send": {
      const isSpoken = blobOf(audio) !== undefined || (await speaks(inspection, blob, how));
      if (inspection.chooseChannel()) return rewritten(core, blob, inspection, AS_IT_IS, how);
      if (!isSpoken) throw silent();
      const { wav } = inspection;
      return {
        blob: newBlob(partsOf(core, blob, wav), "audio/wav"),
        durationSeconds: wav.durationSeconds,
      };
    }
    case "walk":
      return mp3Of(core, audio, blob, inspection, AS_IT_IS, how);
    default:
      return madeFrom(core, blob, inspection, AS_IT_IS, how);
  }
}

/** Returns the parts that are sent of a 16-bit WAV: the file as it is, or a correct header and the samples. */
const partsOf = (core, blob, wav) =>
  wav.isPlain
    ? [blob]
    : [core.wavHeader(wav.sampleRate, wav.channels, wav.dataBytes), samplesOf(blob, wav)];

/** Silence is refused: it would be billed, and judged as nothing. */
export function refuseSilence(audio, { facts }) {
  if (facts?.speechSeconds === 0 || audio.speechSeconds === 0) throw silent();
}

/** A `Take` of a take, blob, file or bytes. */
export async function takeOf(core, audio, wanted, how = {}) {
  const own = blobOf(audio);
  if (isBlob(own) && core.isMetBy(wanted.trim, wanted.kbps, own.type)) return audio;
  const made = await madeOf(core, await blobFrom(audio), wanted, how);
  return own === undefined ? takeFrom(made) : takeAgain(audio, made);
}

/** What can be sent of a recording, and what is known of it; see prepared-audio.js. */
export async function madeOf(core, blob, wanted, how = {}) {
  const inspection = await inspected(core, blob);
  try {
    return await madeFrom(core, blob, inspection, wanted, how);
  } finally {
    inspection.free();
  }
}

/** What is to be done with a recording: a handle of the core's, to be freed. */
export async function inspected(core, blob, headBytes = INSPECTED_BYTES) {
  const head = await bytesOf(blob.slice(0, headBytes));
  const inspection = core.inspect(head, blob.size);
  // A WAV may begin with pictures and notes: its samples are further behind.
  if (!inspection.file?.isUnseen || headBytes >= Math.min(blob.size, MOST_INSPECTED_BYTES))
    return inspection;
  inspection.free();
  return inspected(core, blob, headBytes * 8);
}

/** Does it. */
export async function madeFrom(core, blob, inspection, wanted, how = {}) {
  switch (inspection.way(wanted.kbps)) {
    case "send":
      return heard(core, blob, inspection, wanted.trim, how);
    case "walk":
      return mp3Of(core, undefined, blob, inspection, wanted, how);
    case "rewrite":
      return rewritten(core, blob, inspection, wanted, how);
    default:
      return decodedFrom(core, blob, inspection, wanted, how);
  }
}

async function mp3Of(core, audio, blob, inspection, wanted, how) {
  const { upload, refusal } = await mp3In(core, blob, inspection, how);
  if (upload) return mp3Made(core, audio, upload, wanted, how);
  return decodedFrom(core, blob, inspection, wanted, how, refusal);
}

/**
 * Resolves to the contents of an MP3 as `upload`: `{ blob, durationSeconds, … }`. If they cannot be read, resolves to
 * the `refusal`; before that is thrown, the browser is asked.
 */
export async function mp3In(core, blob, inspection, how) {
  const { start, end } = inspection.file;
  try {
    return { upload: await walked(core, blob.slice(start, end), how) };
  } catch (refusal) {
    if (!isForeign(refusal)) throw refusal;
    return { refusal };
  }
}

/**
 * Resolves to what the browser decodes. A file that the browser cannot decode is refused for the reason that the core
 * knows, if there is one.
 */
export async function decodedFrom(core, blob, inspection, wanted, how, refusal) {
  const { container, reason } = inspection.file;
  const isUnknown = container === "unknown";
  const message = isUnknown
    ? "the bytes are no audio file"
    : `what the ${container} file holds cannot be decoded here`;
  const due = reason ? new Failure("InvalidAudioError", reason, message) : refusal;
  // Only windows find out by themselves what bytes are.
  if (isUnknown && (!decodesWhole() || blob.size > MOST_UNKNOWN_BYTES)) throw due;
  try {
    return await convert(core, blob, container, wanted, how);
  } catch (thrown) {
    // WebKit decodes MIDI, for one, to nothing.
    const isNothing = isForeign(thrown) || thrown?.reason === "empty";
    throw due && isNothing ? Object.assign(due, { cause: thrown.cause }) : thrown;
  }
}

/** Whether the browser may know how to read what was refused here. */
const isForeign = (thrown) => isFailure(thrown) && /^un/.test(thrown.reason);

/** A WAV that goes up as it is, listened to; what is cut off it is cut without touching the rest. */
async function heard(core, blob, inspection, trim, how) {
  const { wav } = inspection;
  const ear = core.listener(wav.sampleRate);
  try {
    await read(samplesOf(blob, wav), (bytes) => ear.read(inspection, bytes), how.signal);
    if (inspection.chooseChannel()) return await rewritten(core, blob, inspection, { trim }, how);
    ear.finish(trim);
    if (wav.isPlain && !ear.isTrimmed) return madeAsItIs(core, blob, ear, wav, how);
    const place = (sample) => wav.dataStart + sample * wav.channels * 2;
    const made = madeAnew(
      core,
      ear,
      wav.channels,
      blob.slice(place(ear.start), place(ear.end)),
      how,
    );
    return warned(made, wav.isTruncated);
  } finally {
    ear.free();
  }
}

/** A WAV that is read here and written anew. */
async function rewritten(core, blob, inspection, wanted, how) {
  const { wav } = inspection;
  const work = new Work(core, wav.sampleRate, wav.is16Bit);
  try {
    await read(samplesOf(blob, wav), (bytes) => work.read(inspection, bytes), how.signal);
    if (inspection.chooseChannel()) return await rewritten(core, blob, inspection, wanted, how);
    return warned(await work.finish(wanted.trim, how).file(wanted), wav.isTruncated);
  } finally {
    work.free();
  }
}

const samplesOf = (blob, { dataStart, dataBytes }) => blob.slice(dataStart, dataStart + dataBytes);

/** Whether there is speech in a WAV that goes up as it is. Most of it need not be read to know. */
async function speaks(inspection, blob, how) {
  const { dataStart, dataBytes } = inspection.wav;
  const search = inspection.search();
  try {
    const rest = blob.slice(Math.max(INSPECTED_BYTES, dataStart), dataStart + dataBytes);
    if (!search.isOver) await read(rest, (bytes) => search.read(inspection, bytes), how.signal);
    return search.finish();
  } finally {
    search.free();
  }
}
