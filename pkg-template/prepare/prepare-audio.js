// From the caller's audio to audio that the API takes. The core decides what has to be done; here
// it is read, decoded and written, block by block, so that neither the page is held up nor a long
// recording in memory.
//
// `options` may hold a `signal`, which ends work that nobody waits for any more, and
// `keepAnalysis`; see prepared-audio.js. A `format` is `{ trim, kbps }`.

import { isBlob } from "../client/untrusted-values.js";
import { audioFailure, isFailure } from "../result/failure.js";
import { AudioInspection, SpeechAnalyzer, matchesOutputFormat, wavHeader } from "../wasm/core.js";
import { blobFrom, bytesOf, newBlob, readBlocks } from "./blobs.js";
import { INSPECTED_BYTES } from "./constants.js";
import { canDecodeWholeFile } from "./decode.js";
import { convert } from "./decode-and-convert.js";
import { prepareMp3, scanMp3 } from "./mp3-file.js";
import { PcmPipeline } from "./pcm-pipeline.js";
import {
  addTruncationWarning,
  createTake,
  deriveTake,
  passThroughWav,
  preparedWav,
  silenceFailure,
} from "./prepared-audio.js";
import { blobOf } from "./take.js";

/** The highest number of bytes that it inspects: all before the samples of a WAV is in memory. */
const MAX_INSPECTED_BYTES = 16 * 1024 * 1024;
/** The largest file of an unknown type that the browser is asked to decode. */
const MAX_UNKNOWN_BYTES = 64 * 1024 * 1024;
const UNCHANGED = { trim: false };

/** Resolves to the content of a request, from a take, blob, file or bytes: `{ blob, durationSeconds }`. */
export async function prepareForUpload(audio, options = {}) {
  const blob = await blobFrom(audio);
  const inspection = await inspectHead(blob);
  try {
    const upload = await prepareUpload(audio, blob, inspection, options);
    rejectSilence(audio, upload);
    return upload;
  } finally {
    inspection.free();
  }
}

async function prepareUpload(audio, blob, inspection, options) {
  switch (inspection.plan()) {
    case "pass-through": {
      const isSpoken =
        blobOf(audio) !== undefined || (await containsSpeech(inspection, blob, options));
      if (inspection.chooseChannel()) return convertWav(blob, inspection, UNCHANGED, options);
      if (!isSpoken) throw silenceFailure();
      const { wav } = inspection;
      return {
        blob: newBlob(fileParts(blob, wav), "audio/wav"),
        durationSeconds: wav.durationSeconds,
      };
    }
    case "scan-mp3":
      return scanAndPrepareMp3(audio, blob, inspection, UNCHANGED, options);
    default:
      return executePlan(blob, inspection, UNCHANGED, options);
  }
}

/** Returns the parts of a 16-bit WAV that are sent: the file, or a correct header and the samples. */
const fileParts = (blob, wav) =>
  wav.isPlain
    ? [blob]
    : [wavHeader(wav.sampleRate, wav.channels, wav.dataBytes), samplesOf(blob, wav)];

/** Throws if there is no speech: silence would be billed, and get a score. */
export function rejectSilence(audio, { properties }) {
  if (properties?.speechSeconds === 0 || audio.speechSeconds === 0) throw silenceFailure();
}

/** Resolves to a `Take` in this format, from a take, blob, file or bytes. */
export async function prepareTake(audio, format, options = {}) {
  const own = blobOf(audio);
  if (isBlob(own) && matchesOutputFormat(format.trim, format.kbps, own.type)) return audio;
  const prepared = await prepareAudio(await blobFrom(audio), format, options);
  return own === undefined ? createTake(prepared) : deriveTake(audio, prepared);
}

/** Resolves to prepared audio of a recording; see prepared-audio.js. */
export async function prepareAudio(blob, format, options = {}) {
  const inspection = await inspectHead(blob);
  try {
    return await executePlan(blob, inspection, format, options);
  } finally {
    inspection.free();
  }
}

/** Inspects the start of a file. Resolves to an `AudioInspection`, which the caller must `free()`. */
export async function inspectHead(blob, headBytes = INSPECTED_BYTES) {
  const head = await bytesOf(blob.slice(0, headBytes));
  const inspection = new AudioInspection(head, blob.size);
  // A WAV may begin with pictures and notes, and have its samples after them.
  if (!inspection.file?.isUnseen || headBytes >= Math.min(blob.size, MAX_INSPECTED_BYTES))
    return inspection;
  inspection.free();
  return inspectHead(blob, headBytes * 8);
}

/** Prepares a recording as its inspection plans; resolves to prepared audio. */
export async function executePlan(blob, inspection, format, options = {}) {
  switch (inspection.plan(format.kbps)) {
    case "pass-through":
      return analyzeWav(blob, inspection, format.trim, options);
    case "scan-mp3":
      return scanAndPrepareMp3(undefined, blob, inspection, format, options);
    case "convert-wav":
      return convertWav(blob, inspection, format, options);
    default:
      return decodeFile(blob, inspection, format, options);
  }
}

async function scanAndPrepareMp3(audio, blob, inspection, format, options) {
  const { mp3, failure } = await parseMp3(blob, inspection, options);
  if (mp3) return prepareMp3(audio, mp3, format, options);
  return decodeFile(blob, inspection, format, options, failure);
}

/**
 * Resolves to `{ mp3 }`, the frames of an MP3 and its properties. If they cannot be read, resolves
 * to `{ failure }`; before that is thrown, the browser is asked to decode the file.
 */
export async function parseMp3(blob, inspection, options) {
  const { start, end } = inspection.file;
  try {
    return { mp3: await scanMp3(blob.slice(start, end), options) };
  } catch (failure) {
    if (!isForBrowser(failure)) throw failure;
    return { failure };
  }
}

/**
 * Resolves to prepared audio that the browser decodes. If the browser cannot decode the file,
 * rejects for the reason that the core knows, or with the `failure` so far, if there is one.
 */
export async function decodeFile(blob, inspection, format, options, failure) {
  const { container, reason } = inspection.file;
  const isUnknown = container === "unknown";
  const message = isUnknown
    ? "the bytes are no audio file"
    : `what the ${container} file holds cannot be decoded here`;
  const known = reason ? audioFailure(reason, message) : failure;
  // Only windows detect the type of a file by themselves.
  if (isUnknown && (!canDecodeWholeFile() || blob.size > MAX_UNKNOWN_BYTES)) throw known;
  try {
    return await convert(blob, container, format, options);
  } catch (thrown) {
    // WebKit decodes MIDI, for example, to nothing.
    const isNothing = isForBrowser(thrown) || thrown?.reason === "empty";
    throw known && isNothing ? Object.assign(known, { cause: thrown.cause }) : thrown;
  }
}

/** True if the browser may be able to decode a file that failed here. */
const isForBrowser = (thrown) => isFailure(thrown) && /^un/.test(thrown.reason);

/** Analyzes a WAV that is sent unchanged. Silence is cut off without touching the rest. */
async function analyzeWav(blob, inspection, trim, options) {
  const { wav } = inspection;
  const analyzer = new SpeechAnalyzer(wav.sampleRate);
  let analysis;
  try {
    const take = (bytes) => analyzer.pushWav(inspection, bytes);
    await readBlocks(samplesOf(blob, wav), take, options.signal);
    if (inspection.chooseChannel()) return await convertWav(blob, inspection, { trim }, options);
    analysis = analyzer.finish(trim);
    if (wav.isPlain && !analysis.isTrimmed) return passThroughWav(blob, analysis, wav, options);
    const offset = (sample) => wav.dataStart + sample * wav.channels * 2;
    const samples = blob.slice(offset(analysis.start), offset(analysis.end));
    const prepared = preparedWav(analysis, wav.channels, samples, options);
    return addTruncationWarning(prepared, wav.isTruncated);
  } finally {
    analysis?.free();
    analyzer.free();
  }
}

/** Reads a WAV and converts it. */
async function convertWav(blob, inspection, format, options) {
  const { wav } = inspection;
  const pipeline = new PcmPipeline(wav.sampleRate, wav.is16Bit);
  try {
    const take = (bytes) => pipeline.pushWav(inspection, bytes);
    await readBlocks(samplesOf(blob, wav), take, options.signal);
    if (inspection.chooseChannel()) return await convertWav(blob, inspection, format, options);
    return addTruncationWarning(await pipeline.finish(format, options), wav.isTruncated);
  } finally {
    pipeline.free();
  }
}

const samplesOf = (blob, { dataStart, dataBytes }) => blob.slice(dataStart, dataStart + dataBytes);

/** Resolves to true if there is speech in a WAV that is sent unchanged. Often its start is enough. */
async function containsSpeech(inspection, blob, options) {
  const search = inspection.search();
  try {
    const take = (bytes) => search.push(inspection, bytes);
    await readBlocks(samplesOf(blob, inspection.wav), take, options.signal);
    return search.finish();
  } finally {
    search.free();
  }
}
