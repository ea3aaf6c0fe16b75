// MP3 files, whose frames are sent unchanged.

/** @import { AudioOptions, Mp3File, OutputFormat, PreparedAudio } from "../internal.js" */
/** @import { AudioAnalysis } from "../wasm/core.js" */

import { Mp3Parser, SpeechAnalyzer } from "../wasm/core.js";
import { blobOf } from "./take.js";
import { bufferOf, newBlob, readBlocks } from "./blobs.js";
import { convert } from "./decode-and-convert.js";
import { blocksOf, canDecodeWholeFile, decodeWholeFile } from "./decode.js";
import { passThroughMp3 } from "./prepared-audio.js";
import { TaskYielder } from "./yield-to-main.js";

/**
 * The time limit for decoding a file that could be sent without being decoded. On a busy machine,
 * decoding took two seconds.
 */
const DECODING_MS = 10_000;

/**
 * Scans an MP3; resolves to its frames and properties. Rejects if the API could not play the file.
 * @param {Blob} blob
 * @param {AudioOptions} [options]
 * @returns {Promise<Mp3File>}
 */
export async function scanMp3(blob, options = {}) {
  const parser = new Mp3Parser();
  try {
    await readBlocks(blob, (bytes) => parser.push(bytes), options.signal);
    const info = parser.finish();
    const ranges = parser.frameRanges();
    /** @type {Blob[]} */
    const slices = [];
    for (let index = 0; index < ranges.length; index += 2)
      slices.push(blob.slice(ranges[index], ranges[index + 1]));
    return { ...info, blob: newBlob(slices, "audio/mpeg") };
  } finally {
    parser.free();
  }
}

/**
 * Resolves to prepared audio of an MP3 that was scanned. The MP3 is analyzed if the browser can
 * decode it, unless `audio` is a take, which was analyzed when it was created. The MP3 is converted
 * if its channels cancel each other out, because a downmix of it would be silent.
 * @param {unknown} audio
 * @param {Mp3File} mp3
 * @param {OutputFormat} format
 * @param {AudioOptions} [options]
 * @returns {Promise<PreparedAudio>}
 */
export async function prepareMp3(audio, mp3, format, options = {}) {
  const analyzer = blobOf(audio) === undefined ? await analyzeMp3(mp3, options) : undefined;
  /** @type {AudioAnalysis | undefined} */
  let analysis;
  try {
    if (analyzer?.betterChannel() !== undefined)
      return await convert(mp3.blob, "mp3", format, options);
    analysis = analyzer?.finish(false);
    return passThroughMp3(analysis, mp3, options);
  } finally {
    analysis?.free();
    analyzer?.free();
  }
}

/**
 * Resolves to an analyzer that has taken all samples; `undefined` if the file is too long to be
 * decoded, or if this browser cannot decode it: the server may, because its frames are whole.
 * @param {Mp3File} mp3
 * @param {AudioOptions} options
 * @returns {Promise<SpeechAnalyzer | undefined>}
 */
async function analyzeMp3({ blob, mayBeDecoded, sampleRate }, { signal }) {
  if (!mayBeDecoded || !canDecodeWholeFile()) return undefined;
  const yielder = new TaskYielder(signal);
  /** @type {SpeechAnalyzer | undefined} */
  let analyzer;
  try {
    // At its own rate, so that nothing is resampled.
    const buffer = await decodeWholeFile(sampleRate, await bufferOf(blob), "mp3", DECODING_MS);
    for (const block of blocksOf(buffer)) {
      analyzer ??= new SpeechAnalyzer(block.sampleRate);
      analyzer.push(block.samples, block.channels);
      await yielder.yield();
    }
    return analyzer;
  } catch {
    analyzer?.free();
    return undefined;
  }
}
