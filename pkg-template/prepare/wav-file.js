// WAV files, whose samples are sent unchanged or converted.

/** @import { AudioOptions, OutputFormat, PreparedAudio } from "../internal.js" */
/** @import { WavFile, WavLayout } from "../internal.js" */
/** @import { AudioAnalysis, AudioInspection } from "../wasm/core.js" */

import { SpeechAnalyzer, wavHeader } from "../wasm/core.js";
import { newBlob, readBlocks } from "./blobs.js";
import { PcmPipeline } from "./pcm-pipeline.js";
import { addTruncationWarning, passThroughWav, preparedWav } from "./prepared-audio.js";

/**
 * Returns a 16-bit WAV that is sent unchanged: the file, or a correct header and the samples.
 * @param {Blob} blob
 * @param {AudioInspection} inspection
 */
export function unchangedWav(blob, inspection) {
  /** @type {{ wav: WavFile }} */
  const { wav } = inspection;
  const { sampleRate, channels, dataBytes, durationSeconds } = wav;
  const parts = wav.isPlain
    ? [blob]
    : [wavHeader(sampleRate, channels, dataBytes), samplesOf(blob, wav)];
  return { blob: newBlob(parts, "audio/wav"), durationSeconds };
}

/**
 * Analyzes a WAV that is sent unchanged. Silence is cut off without changing the other samples.
 * @param {Blob} blob
 * @param {AudioInspection} inspection
 * @param {boolean} trim
 * @param {AudioOptions} options
 * @returns {Promise<PreparedAudio>}
 */
export async function analyzeWav(blob, inspection, trim, options) {
  /** @type {{ wav: WavFile }} */
  const { wav } = inspection;
  const analyzer = new SpeechAnalyzer(wav.sampleRate);
  /** @type {AudioAnalysis | undefined} */
  let analysis;
  try {
    /** @param {Uint8Array} bytes */
    const take = (bytes) => analyzer.pushWav(inspection, bytes);
    await readBlocks(samplesOf(blob, wav), take, options.signal);
    if (inspection.chooseChannel()) return await convertWav(blob, inspection, { trim }, options);
    analysis = analyzer.finish(trim);
    if (wav.isPlain && !analysis.isTrimmed) return passThroughWav(blob, analysis, wav, options);
    /** @param {number} sample */
    const offset = (sample) => wav.dataStart + sample * wav.channels * 2;
    const samples = blob.slice(offset(analysis.start), offset(analysis.end));
    const prepared = preparedWav(analysis, wav.channels, samples, options);
    return addTruncationWarning(prepared, wav.isTruncated);
  } finally {
    analysis?.free();
    analyzer.free();
  }
}

/**
 * Reads a WAV and converts it.
 * @param {Blob} blob
 * @param {AudioInspection} inspection
 * @param {OutputFormat} format
 * @param {AudioOptions} options
 * @returns {Promise<PreparedAudio>}
 */
export async function convertWav(blob, inspection, format, options) {
  /** @type {{ wav: WavFile }} */
  const { wav } = inspection;
  const pipeline = new PcmPipeline(wav.sampleRate, wav.is16Bit);
  try {
    /** @param {Uint8Array} bytes */
    const take = (bytes) => pipeline.pushWav(inspection, bytes);
    await readBlocks(samplesOf(blob, wav), take, options.signal);
    if (inspection.chooseChannel()) return await convertWav(blob, inspection, format, options);
    return addTruncationWarning(await pipeline.finish(format, options), wav.isTruncated);
  } finally {
    pipeline.free();
  }
}

/**
 * @param {Blob} blob
 * @param {WavLayout} layout
 */
const samplesOf = (blob, { dataStart, dataBytes }) => blob.slice(dataStart, dataStart + dataBytes);

/**
 * Resolves to true if there is speech in a WAV that is sent unchanged. Often its start is enough.
 * @param {AudioInspection} inspection
 * @param {Blob} blob
 * @param {AudioOptions} options
 */
export async function containsSpeech(inspection, blob, options) {
  const search = inspection.search();
  try {
    /** @param {Uint8Array} bytes */
    const take = (bytes) => search.push(inspection, bytes);
    await readBlocks(samplesOf(blob, inspection.wav), take, options.signal);
    return search.finish();
  } finally {
    search.free();
  }
}
