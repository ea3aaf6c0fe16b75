// Converts the caller's audio to audio that the API accepts. The core decides what has to be done.
// These functions read, decode and write it block by block, so that the page stays responsive and
// a long recording is never in memory.

/** @import { AudioOptions, EncodedFile, Mp3File, OutputFormat } from "../internal.js" */
/** @import { PreparedAudio } from "../internal.js" */
/** @import { Failure } from "../result/failure.js" */
/** @import { Take } from "./take.js" */

import { isBlob } from "../client/untrusted-values.js";
import { audioFailure, isFailure } from "../result/failure.js";
import { AudioInspection, matchesOutputFormat } from "../wasm/core.js";
import { blobFrom, bytesOf } from "./blobs.js";
import { INSPECTED_BYTES } from "./constants.js";
import { canDecodeWholeFile } from "./decode.js";
import { convert } from "./decode-and-convert.js";
import { prepareMp3, scanMp3 } from "./mp3-file.js";
import { createTake, deriveTake, silenceFailure } from "./prepared-audio.js";
import { blobOf } from "./take.js";
import { analyzeWav, containsSpeech, convertWav, unchangedWav } from "./wav-file.js";

/** The largest start of a file that is inspected, in bytes. All of it is in memory. */
const MAX_INSPECTED_BYTES = 16 * 1024 * 1024;
/** The largest file of an unknown type that the browser is asked to decode. */
const MAX_UNKNOWN_BYTES = 64 * 1024 * 1024;
const UNCHANGED = { trim: false };

/**
 * The audio of a request. Audio that was analyzed has `properties`.
 * @typedef {Pick<PreparedAudio, "blob" | "durationSeconds"> & Partial<PreparedAudio>} UploadAudio
 */

/**
 * Resolves to the audio of a request, from a take, blob, file or bytes.
 * @param {unknown} audio
 * @param {AudioOptions} [options]
 * @returns {Promise<UploadAudio>}
 */
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

/**
 * @param {unknown} audio
 * @param {Blob} blob
 * @param {AudioInspection} inspection
 * @param {AudioOptions} options
 * @returns {Promise<UploadAudio>}
 */
async function prepareUpload(audio, blob, inspection, options) {
  switch (inspection.plan()) {
    case "pass-through": {
      const isSpoken =
        blobOf(audio) !== undefined || (await containsSpeech(inspection, blob, options));
      if (inspection.chooseChannel()) return convertWav(blob, inspection, UNCHANGED, options);
      if (!isSpoken) throw silenceFailure();
      return unchangedWav(blob, inspection);
    }
    case "scan-mp3":
      return scanAndPrepareMp3(audio, blob, inspection, UNCHANGED, options);
    default:
      return executePlan(blob, inspection, UNCHANGED, options);
  }
}

/**
 * Throws if there is no speech: silence would be billed, and get a score.
 * @param {unknown} audio
 * @param {Partial<PreparedAudio>} prepared
 */
export function rejectSilence(audio, { properties }) {
  if (properties?.speechSeconds === 0 || /** @type {Take} */ (audio).speechSeconds === 0)
    throw silenceFailure();
}

/**
 * Resolves to a `Take` in this format, from a take, blob, file or bytes.
 * @param {unknown} audio
 * @param {OutputFormat} format
 * @param {AudioOptions} [options]
 * @returns {Promise<Take>}
 */
export async function prepareTake(audio, format, options = {}) {
  const own = /** @type {Blob} */ (blobOf(audio));
  if (isBlob(own) && matchesOutputFormat(format.trim, format.kbps, own.type))
    return /** @type {Take} */ (audio);
  const prepared = await prepareAudio(await blobFrom(audio), format, options);
  return own === undefined
    ? createTake(prepared)
    : deriveTake(/** @type {Take} */ (audio), prepared);
}

/**
 * Resolves to prepared audio of a recording.
 * @param {Blob} blob
 * @param {OutputFormat} format
 * @param {AudioOptions} [options]
 * @returns {Promise<PreparedAudio>}
 */
export async function prepareAudio(blob, format, options = {}) {
  const inspection = await inspectHead(blob);
  try {
    return await executePlan(blob, inspection, format, options);
  } finally {
    inspection.free();
  }
}

/**
 * Inspects the start of a file. Resolves to an `AudioInspection`, which the caller must `free()`.
 * @param {Blob} blob
 * @param {number} [headBytes]
 * @returns {Promise<AudioInspection>}
 */
export async function inspectHead(blob, headBytes = INSPECTED_BYTES) {
  const head = await bytesOf(blob.slice(0, headBytes));
  const inspection = new AudioInspection(head, blob.size);
  // A WAV may begin with pictures and notes, and have its samples after them.
  if (!inspection.file?.isUnseen || headBytes >= Math.min(blob.size, MAX_INSPECTED_BYTES))
    return inspection;
  inspection.free();
  return inspectHead(blob, headBytes * 8);
}

/**
 * Prepares a recording as its inspection plans; resolves to prepared audio.
 * @param {Blob} blob
 * @param {AudioInspection} inspection
 * @param {OutputFormat} format
 * @param {AudioOptions} [options]
 * @returns {Promise<PreparedAudio>}
 */
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

/**
 * @param {unknown} audio
 * @param {Blob} blob
 * @param {AudioInspection} inspection
 * @param {OutputFormat} format
 * @param {AudioOptions} options
 * @returns {Promise<PreparedAudio>}
 */
async function scanAndPrepareMp3(audio, blob, inspection, format, options) {
  const { mp3, failure } = await parseMp3(blob, inspection, options);
  if (mp3) return prepareMp3(audio, mp3, format, options);
  return decodeFile(blob, inspection, format, options, failure);
}

/**
 * Resolves to `{ mp3 }`, the frames of an MP3 and its properties. If they cannot be read, resolves
 * to `{ failure }`; the caller then lets the browser decode the file before it throws the failure.
 * @param {Blob} blob
 * @param {AudioInspection} inspection
 * @param {AudioOptions} options
 * @returns {Promise<{ mp3: Mp3File, failure?: undefined } | { mp3?: undefined, failure: Failure }>}
 */
export async function parseMp3(blob, inspection, options) {
  /** @type {EncodedFile} */
  const { start, end } = inspection.file;
  try {
    return { mp3: await scanMp3(blob.slice(start, end), options) };
  } catch (failure) {
    if (!isForBrowser(failure)) throw failure;
    return { failure: /** @type {Failure} */ (failure) };
  }
}

/**
 * Resolves to prepared audio that the browser decodes. If the browser cannot decode the file,
 * rejects for the reason that the core knows, or with the `failure` so far, if there is one.
 * @param {Blob} blob
 * @param {AudioInspection} inspection
 * @param {OutputFormat} format
 * @param {AudioOptions} options
 * @param {Failure} [failure]
 * @returns {Promise<PreparedAudio>}
 */
export async function decodeFile(blob, inspection, format, options, failure) {
  /** @type {EncodedFile} */
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
    const isNothing = isForBrowser(thrown) || /** @type {Failure} */ (thrown)?.reason === "empty";
    throw known && isNothing
      ? Object.assign(known, { cause: /** @type {Failure} */ (thrown).cause })
      : thrown;
  }
}

/**
 * Returns true if the browser may be able to decode a file that failed here.
 * @param {unknown} thrown
 */
const isForBrowser = (thrown) =>
  isFailure(thrown) && /^un/.test(/** @type {string} */ (thrown.reason));
