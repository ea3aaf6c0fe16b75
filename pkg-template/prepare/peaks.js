// The peaks of a take, for drawing it. Loaded on first use. Takes the functions of the runtime: of
// modules that several chunks import, bundlers make further chunks.

/** @import { shared } from "../loading/runtime.js" */
/** @import { WavFile } from "../internal.js" */
/** @import { Take } from "./take.js" */

/** The largest number of buckets. No canvas is wider. */
const MAX_BUCKETS = 65_536;
/** The number of bytes of samples that are read at a time. */
const BLOCK_BYTES = 1 << 20;
/** The number of 16-bit steps from zero to full scale. */
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
  let block = new Uint8Array();
  let [blockStart, blockEnd] = [0, 0];
  const peaks = new Float32Array(2 * buckets);
  for (let bucket = 0; bucket < buckets && frames > 0; bucket++) {
    const startFrame = Math.floor((bucket * frames) / buckets);
    // With more buckets than frames, neighboring buckets share a frame.
    const endFrame = Math.max(startFrame + 1, Math.floor(((bucket + 1) * frames) / buckets));
    const end = endFrame * frameBytes;
    let [smallest, largest] = [FULL_SCALE, -FULL_SCALE];
    for (let at = startFrame * frameBytes; at < end; at = Math.min(end, blockEnd)) {
      if (at >= blockEnd) {
        [blockStart, blockEnd] = [at, Math.min(dataBytes, at + BLOCK_BYTES)];
        const bytes = blob.slice(dataStart + blockStart, dataStart + blockEnd);
        block = new Uint8Array(await runtime.bufferOf(bytes));
      }
      const range = runtime.pcmRange(block.subarray(at - blockStart, end - blockStart));
      smallest = Math.min(smallest, range >> 16);
      largest = Math.max(largest, (range << 16) >> 16);
    }
    peaks.set([smallest / FULL_SCALE, largest / FULL_SCALE], 2 * bucket);
  }
  return peaks;
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
