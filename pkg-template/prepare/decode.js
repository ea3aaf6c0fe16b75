// Decodes files that only the browser can decode. In windows, an OfflineAudioContext decodes short
// recordings of this page at once. webcodecs-decoder.js decodes files, long recordings, and
// everything in workers, in parts. Decoding an hour at once would take 1.5 GB and more. It would
// resample other rates, and would not show what is missing.

/** @import { AudioOptions, SampleBlock } from "../internal.js" */

import { audioFailure, isFailure, notLoaded } from "../result/failure.js";
import { withTimeout } from "../client/timeout.js";
import { loadWebCodecsDecoder } from "../loading/lazy-features.js";
import { bufferOf, bytesOf } from "./blobs.js";

/** The time limit for each step of decoding. WebKit never settles on some broken files. */
const DECODING_MS = 120_000;
/** The time limit for bytes of an unknown type. Hardly any are audio. */
const UNKNOWN_DECODING_MS = 10_000;
/**
 * The rate at which recordings of unknown rate are decoded at once, in Hz. Nearly every microphone
 * and Opus have this rate, so that the browser does not resample. Its own resampling folds
 * sibilants into the speech band.
 */
const DEFAULT_DECODED_RATE = 48_000;
/** The number of samples in a block. */
const BLOCK_SAMPLES = 16_384;
/**
 * The largest recording of this page that is decoded at once, in bytes. At 24 kbit/s and more, it
 * takes less than three minutes, which are 33 MB of mono samples. Pages with such recordings need
 * not load the demuxer.
 */
const MAX_WHOLE_BYTES = 512 * 1024;

/** Returns true if whole files can be decoded at once, and at any rate. Only windows can. */
export const canDecodeWholeFile = () => typeof OfflineAudioContext === "function";

/**
 * Decodes a recording in a `container`, and yields its samples. After the last block, calls
 * `onMissingSeconds` with the seconds that the container promises and does not hold.
 * @param {Blob} blob
 * @param {string} container
 * @param {AudioOptions} options
 * @param {(seconds: number) => void} onMissingSeconds
 * @returns {AsyncGenerator<SampleBlock, void>}
 */
export async function* decode(blob, container, { isRecorded }, onMissingSeconds) {
  const isUnknown = container === "unknown";
  const limitMs = isUnknown ? UNKNOWN_DECODING_MS : DECODING_MS;
  const isWhole = canDecodeWholeFile();
  const decodeWhole = async (rate = DEFAULT_DECODED_RATE) =>
    decodeWholeFile(rate, await bufferOf(blob), container, limitMs);
  let decoder;
  if (!isWhole || !(isUnknown || (isRecorded && blob.size <= MAX_WHOLE_BYTES))) {
    try {
      decoder = await loadWebCodecsDecoder();
    } catch (cause) {
      if (!isWhole)
        throw typeof AudioDecoder === "function"
          ? notLoaded("webcodecs-decoder.js", cause)
          : noDecoder(container, cause);
    }
  }
  if (!decoder) {
    yield* blocksOf(await decodeWhole());
    return;
  }
  yield* decoder.decodeWithWebCodecs(container, blob.size, onMissingSeconds, {
    read: (from, to) => bytesOf(blob.slice(from, to)),
    withTimeLimit: (work) => withTimeout(limitMs, work),
    audioFailure,
    isFailure,
    decodeWhole: isWhole && decodeWhole,
    blocksOf,
  });
}

/**
 * Resolves to the samples of a whole file, at `rate` Hz.
 * @param {number} rate
 * @param {ArrayBuffer} bytes
 * @param {string} container
 * @param {number} limitMs
 * @returns {Promise<AudioBuffer>}
 */
export async function decodeWholeFile(rate, bytes, container, limitMs) {
  let buffer;
  try {
    buffer = await withTimeout(limitMs, new OfflineAudioContext(1, 1, rate).decodeAudioData(bytes));
  } catch (cause) {
    throw undecodable(`this browser could not decode the ${container} file`, cause);
  }
  return buffer ?? Promise.reject(unfinished(container));
}

/**
 * Yields the samples of an AudioBuffer.
 * @param {AudioBuffer} buffer
 * @returns {Generator<SampleBlock, void>}
 */
export function* blocksOf(buffer) {
  const { length, numberOfChannels: channels, sampleRate } = buffer;
  const most = Math.min(length, BLOCK_SAMPLES);
  const plane = new Float32Array(most);
  const frames = channels > 1 ? new Float32Array(most * channels) : plane;
  for (let start = 0; start < length; start += BLOCK_SAMPLES) {
    const count = Math.min(most, length - start);
    for (let channel = 0; channel < channels; channel++) {
      buffer.copyFromChannel(plane, channel, start);
      if (channels > 1)
        for (let n = 0; n < count; n++)
          frames[n * channels + channel] = /** @type {number} */ (plane[n]);
    }
    yield { samples: frames.subarray(0, count * channels), sampleRate, channels };
  }
}

/**
 * Returns the failure for environments without a decoder. Service workers, for one, have none, and
 * import nothing on demand.
 * @param {string} container
 * @param {unknown} cause
 */
const noDecoder = (container, cause) =>
  audioFailure(
    "unsupported_codec",
    `what the ${container} file holds cannot be decoded here; pass WAV or MP3`,
    cause,
  );

/**
 * @param {string} message
 * @param {unknown} [cause]
 */
const undecodable = (message, cause) => audioFailure("undecodable", message, cause);

/** @param {string} container */
const unfinished = (container) =>
  undecodable(`this browser did not finish decoding the ${container} file`);
