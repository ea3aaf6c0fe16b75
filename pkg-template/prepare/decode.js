// Decoding by the browser, of files that only the browser can decode. In windows, an OfflineAudioContext decodes what
// was just recorded, at once. webcodecs-decoder.js decodes files, long recordings, and everything in workers, in parts. At once, an
// hour would take 1.5 GB and more, other rates would be resampled, and nobody would learn what is missing.

import { audioFailure, isFailure, notLoaded } from "../result/failure.js";
import { withTimeout } from "../client/timeout.js";
import { loadWebCodecsDecoder } from "../loading/lazy-features.js";
import { bufferOf, bytesOf } from "./blobs.js";

/** How long a browser may take until something comes, in milliseconds. WebKit never settles on some broken files. */
const DECODING_MS = 120_000;
/** How long it may take for bytes of which nothing is known, in milliseconds. Hardly any are audio. */
const TRYING_MS = 10_000;
/**
 * The rate in which recordings are decoded at once whose own is not known, in Hz: the rate of nearly every microphone and of
 * Opus, so that the browser does not resample. Its own resampling folds sibilants into the speech band.
 */
const DECODED_RATE = 48_000;
/** How many samples are handed on at a time. */
const BLOCK_SAMPLES = 16_384;
/**
 * The largest recording just made that is decoded at once, in bytes: with 24 kbit/s and more, less than three minutes,
 * which are 33 MB of mono samples. For these, no page needs to load the demuxer.
 */
const WHOLE_BYTES = 512 * 1024;

/** Whether whole files can be decoded at once, and at any rate: only windows can. */
export const canDecodeWholeFile = () => typeof OfflineAudioContext === "function";

/**
 * Decodes a recording in a `container`, and yields blocks of samples:
 * `{ samples, sampleRate, channels }`, in frames of so many channels. The next block may overwrite
 * the samples. `isRecorded` says that this page has just recorded it. After the last block,
 * `onMissingSeconds` is called with the seconds that the container promises and does not hold.
 */
export async function* decode(blob, container, { isRecorded }, onMissingSeconds) {
  const isUnknown = container === "unknown";
  const mostMs = isUnknown ? TRYING_MS : DECODING_MS;
  const isWhole = canDecodeWholeFile();
  const whole = async (rate = DECODED_RATE) =>
    decodeWholeFile(rate, await bufferOf(blob), container, mostMs);
  let decoder;
  if (!isWhole || !(isUnknown || (isRecorded && blob.size <= WHOLE_BYTES))) {
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
    yield* blocksOf(await whole());
    return;
  }
  yield* decoder.decodeWithWebCodecs(container, blob.size, onMissingSeconds, {
    read: (from, to) => bytesOf(blob.slice(from, to)),
    withTimeLimit: (work) => withTimeout(mostMs, work),
    failed: audioFailure,
    isFailure,
    whole: isWhole && whole,
    blocksOf,
  });
}

/** The AudioBuffer of a whole file, at `rate` Hz. */
export async function decodeWholeFile(rate, bytes, container, mostMs) {
  let buffer;
  try {
    buffer = await withTimeout(mostMs, new OfflineAudioContext(1, 1, rate).decodeAudioData(bytes));
  } catch (cause) {
    throw undecodable(`this browser could not decode the ${container} file`, cause);
  }
  return buffer ?? Promise.reject(unfinished(container));
}

/** The samples of an AudioBuffer, in frames of its channels. */
export function* blocksOf(buffer) {
  const { length, numberOfChannels: channels, sampleRate } = buffer;
  const most = Math.min(length, BLOCK_SAMPLES);
  const plane = new Float32Array(most);
  const frames = channels > 1 ? new Float32Array(most * channels) : plane;
  for (let start = 0; start < length; start += BLOCK_SAMPLES) {
    const count = Math.min(most, length - start);
    for (let channel = 0; channel < channels; channel++) {
      buffer.copyFromChannel(plane, channel, start);
      if (channels > 1) for (let n = 0; n < count; n++) frames[n * channels + channel] = plane[n];
    }
    yield { samples: frames.subarray(0, count * channels), sampleRate, channels };
  }
}

/** Service workers, for one, have no decoder, and import nothing on demand. */
const noDecoder = (container, cause) =>
  audioFailure(
    "unsupported_codec",
    `what the ${container} file holds cannot be decoded here; pass WAV or MP3`,
    cause,
  );

const undecodable = (message, cause) => audioFailure("undecodable", message, cause);

const unfinished = (container) =>
  undecodable(`this browser did not finish decoding the ${container} file`);
