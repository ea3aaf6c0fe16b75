// The peaks of a take, for drawing it. Loaded on first use. Takes the functions of the runtime: of
// modules that several chunks import, bundlers make further chunks.

/** @import { shared } from "../loading/runtime.js" */
/** @import { WavFile } from "../internal.js" */
/** @import { Take } from "./take.js" */

/** The largest number of buckets. No canvas is wider. */
const MAX_BUCKETS = 65_536;
/** The number of bytes of samples that are read at a time. */
const BLOCK_BYTES = 1 << 20;
const FULL_SCALE = 32_768;

/**
 * Resolves to the smallest and the largest sample of each of `buckets` equal parts of a take. They
 * are computed from its audio: a take has nothing else, wherever it was stored.
 * @param {typeof shared} runtime
 * @param {Take} take
 * @param {number} buckets
 */
export async function peaksOf(runtime, take, buckets) {
  if (!(Number.isInteger(buckets) && buckets > 0 && buckets <= MAX_BUCKETS)) {
    const message = `peaks() takes a whole number of buckets from 1 to ${MAX_BUCKETS}`;
    throw runtime.configurationFailure(message);
  }
  const blob = await wavOf(runtime, await runtime.blobFrom(take));
  const { dataStart, dataBytes, channels } = await inspectWav(runtime, blob);
  const frameBytes = 2 * channels;
  const frames = Math.floor(dataBytes / frameBytes);
  const blockFrames = Math.ceil(BLOCK_BYTES / frameBytes);
  let block = new Float32Array();
  let [blockStart, blockEnd] = [0, 0];
  const peaks = new Float32Array(2 * buckets);
  for (let bucket = 0; bucket < buckets && frames > 0; bucket++) {
    const start = Math.floor((bucket * frames) / buckets);
    // With more buckets than samples, neighboring buckets share a sample.
    const end = Math.max(start + 1, Math.floor(((bucket + 1) * frames) / buckets));
    let [smallest, largest] = [Infinity, -Infinity];
    for (let at = start; at < end; at = Math.min(end, blockEnd)) {
      if (at >= blockEnd) {
        [blockStart, blockEnd] = [at, Math.min(frames, at + blockFrames)];
        const [from, to] = [blockStart, blockEnd].map((frame) => dataStart + frame * frameBytes);
        const bytes = await runtime.bufferOf(blob.slice(from, to));
        // All browsers run on little-endian machines, as WAV is.
        block = new Float32Array(new Int16Array(bytes));
      }
      const [from, to] = [at, Math.min(end, blockEnd)].map((frame) => frame - blockStart);
      const samples = block.subarray(Number(from) * channels, Number(to) * channels);
      smallest = Math.min(smallest, 0 - largestOf(runtime, samples, -1));
      largest = Math.max(largest, largestOf(runtime, samples, 1));
    }
    peaks.set([smallest / FULL_SCALE, largest / FULL_SCALE], 2 * bucket);
  }
  return peaks;
}

/**
 * Returns the largest of `samples` times `sign`, which is 1 or -1. The core measures the level of the
 * sample that is farthest from zero; above full scale, that is the largest one. A function of its
 * own in the core would take 130 bytes of every page, compressed.
 * @param {typeof shared} runtime
 * @param {Float32Array} samples of 16 bits
 * @param {number} sign
 */
function largestOf({ measureLevel }, samples, sign) {
  const raised = samples.map((sample) => (sample * sign + FULL_SCALE) / FULL_SCALE);
  const [, peakDbfs] = measureLevel(raised);
  return Math.round(FULL_SCALE * 10 ** (peakDbfs / 20)) - FULL_SCALE;
}

/**
 * Resolves to the audio of a take as WAV. An MP3 is decoded by the browser.
 * @param {typeof shared} runtime
 * @param {Blob} blob
 */
async function wavOf({ convert }, blob) {
  if (blob.type !== "audio/mpeg") return blob;
  // Short files are decoded without the demuxer.
  const prepared = await convert(blob, "mp3", { trim: false }, { isRecorded: true });
  return prepared.blob;
}

/**
 * @param {typeof shared} runtime
 * @param {Blob} blob
 * @returns {Promise<WavFile>}
 */
async function inspectWav({ inspectHead }, blob) {
  const inspection = await inspectHead(blob);
  try {
    return inspection.wav;
  } finally {
    inspection.free();
  }
}
