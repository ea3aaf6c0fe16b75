// MP3 files, whose frames are sent unchanged.

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
 * Scans an MP3; resolves to its `durationSeconds` and more. `blob` holds the frames alone, because
 * some decoders stop at junk and tags between frames. Rejects if the API could not play the file.
 */
export async function scanMp3(blob, options = {}) {
  const parser = new Mp3Parser();
  try {
    await readBlocks(blob, (bytes) => parser.push(bytes), options.signal);
    const info = parser.finish();
    const ranges = parser.frameRanges();
    const slices = [];
    for (let index = 0; index < ranges.length; index += 2)
      slices.push(blob.slice(ranges[index], ranges[index + 1]));
    return { ...info, blob: newBlob(slices, "audio/mpeg") };
  } finally {
    parser.free();
  }
}

/**
 * Resolves to prepared audio of an MP3 that was scanned. It is analyzed if the browser can decode
 * it, unless it is of a take, which was analyzed when it was created. If its channels cancel each
 * other out, it is converted: whoever downmixed it would hear nothing.
 */
export async function prepareMp3(audio, mp3, format, options = {}) {
  const analyzer = blobOf(audio) === undefined ? await analyzeMp3(mp3, options) : undefined;
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
 */
async function analyzeMp3({ blob, mayBeDecoded, sampleRate }, { signal }) {
  if (!mayBeDecoded || !canDecodeWholeFile()) return undefined;
  const yielder = new TaskYielder(signal);
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
