// What only the browser can decode, by the browser: in windows by an OfflineAudioContext,
// at once; in workers, which have none, by an AudioDecoder, as it is read.

import { Failure, notLoaded } from "../failure.js";
import { within } from "../patience.js";
import { decoding } from "../pieces.js";

/** How long a browser may take until something comes, in milliseconds. WebKit never settles on some broken files. */
const DECODING_MS = 120_000;
/** How long it may take for bytes of which nothing is known, in milliseconds. Hardly any are audio. */
const TRYING_MS = 10_000;
/**
 * The rate in which recordings are decoded, in Hz: the rate of nearly every microphone and of Opus, so that the browser
 * does not resample. Its own resampling folds sibilants into the speech band.
 */
const DECODED_RATE = 48_000;
/** How many samples are handed on at a time. */
const BLOCK_SAMPLES = 16_384;

/** Whether whole files can be decoded at once, and at any rate: only windows can. */
export const decodesWhole = () => typeof OfflineAudioContext === "function";

/**
 * The bytes of a whole file, which `container` names, as blocks of samples: `{ samples, sampleRate, channels }`, in frames of
 * so many channels. The next block may overwrite the samples.
 */
export async function* decoded(bytes, container) {
  if (decodesWhole()) {
    const mostMs = container === "unknown" ? TRYING_MS : DECODING_MS;
    yield* blocksOf(await decodedAt(DECODED_RATE, bytes, container, mostMs));
  } else if (typeof AudioDecoder === "function") {
    yield* streamed(bytes, container);
  } else {
    throw new Failure(
      "InvalidAudioError",
      "unsupported_codec",
      `the audio is ${container}, and only a browser can decode that, in a window or (by https) in a worker; pass WAV or MP3 here`,
    );
  }
}

/** The AudioBuffer of a whole file, at `rate` Hz. */
export async function decodedAt(rate, bytes, container, mostMs) {
  let buffer;
  try {
    buffer = await within(mostMs, new OfflineAudioContext(1, 1, rate).decodeAudioData(bytes));
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

async function* streamed(bytes, container) {
  const decoder = await decoding().catch((cause) => Promise.reject(notLoaded("demux.js", cause)));
  const patiently = async (work) => {
    let done;
    try {
      done = await within(DECODING_MS, work.then((value) => ({ value })));
    } catch (cause) {
      throw refused(decoder.codec, container, cause);
    }
    if (!done) throw unfinished(container);
    return done.value;
  };
  try {
    await patiently(decoder.open(new Uint8Array(bytes), container));
    for (let samples; (samples = await patiently(decoder.next())); ) {
      yield { samples, sampleRate: decoder.sampleRate, channels: decoder.channels };
    }
  } finally {
    // Gives the decoder back, whichever way the work ends.
    decoder.close();
  }
}

function refused(codec, container, cause) {
  const what = codec ? `the ${container} file, coded in ${codec},` : `the ${container} file`;
  const said = cause?.message ?? "";
  // What both the demuxer and the browser call a kind that they do not know.
  if (cause?.name !== "NotSupportedError") return undecodable(`${what} could not be decoded: ${said}`, cause);
  const message = `${what} cannot be decoded in a worker of this browser: ${said}`;
  return new Failure("InvalidAudioError", "unsupported_codec", message, cause);
}

const undecodable = (message, cause) => new Failure("InvalidAudioError", "undecodable", message, cause);

const unfinished = (container) => undecodable(`this browser did not finish decoding the ${container} file`);
