// What only the browser can decode, by the browser: what was just recorded, in windows, by an OfflineAudioContext, at once;
// files, long recordings, and everything in workers, by an AudioDecoder, as they are read. At once, an hour would take
// 1.5 GB and more, other rates would be resampled, and nobody would learn what is missing.

import { Failure, isFailure, notLoaded } from "../failure.js";
import { within } from "../patience.js";
import { decoding } from "../pieces.js";
import { bufferOf, bytesOf } from "./blob.js";

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
/** The containers that demux.js takes apart. */
const TAKEN_APART = ["webm", "ogg", "mp4", "flac", "aac", "mp3", "wav"];
/** How much shorter than its packets all that was decoded may be, in seconds: decoders keep their first frames. */
const DELAY_SECONDS = 0.25;

/** Whether whole files can be decoded at once, and at any rate: only windows can. */
export const decodesWhole = () => typeof OfflineAudioContext === "function";

/**
 * A recording, which `container` names, as blocks of samples: `{ samples, sampleRate, channels }`, in frames of so many
 * channels. The next block may overwrite the samples. `how.isRecorded` says that this page has just recorded it. `tell` is
 * called behind the last block with how much is missing of what the container promises, in seconds.
 */
export async function* decoded(blob, container, how, tell) {
  const isWhole = decodesWhole();
  if (isWhole && how.isRecorded && blob.size <= WHOLE_BYTES) {
    yield* blocksOf(await decodedAt(DECODED_RATE, await bufferOf(blob), container, DECODING_MS));
    return;
  }
  let hasBegun = false;
  try {
    for await (const block of streamed(blob, container, tell)) {
      hasBegun = true;
      yield block;
    }
  } catch (thrown) {
    if (hasBegun || !isWhole || !isFailure(thrown)) throw thrown;
    yield* atOnce(blob, container, thrown, tell);
  }
}

/** Decodes as it reads. */
async function* streamed(blob, container, tell) {
  const decoding = await opened(blob, container);
  const blocks = decoding.blocks();
  try {
    for (let step; !(step = await patiently(blocks.next(), decoding, container)).done; ) yield step.value;
    tell(decoding.missingSeconds);
  } finally {
    // Gives the decoder back, whichever way the work ends.
    decoding.close();
  }
}

/** Decodes all of it where `refusal` says why that could not be done in parts; what the container promises counts as well. */
async function* atOnce(blob, container, refusal, tell) {
  const { sampleRate, seconds = 0, missingSeconds = 0 } = await surveyed(blob, container);
  const mostMs = container === "unknown" ? TRYING_MS : DECODING_MS;
  const bytes = await bufferOf(blob);
  let buffer;
  try {
    buffer = await decodedAt(sampleRate ?? DECODED_RATE, bytes, container, mostMs);
  } catch (failure) {
    // Of two reasons, the one that says more.
    throw refusal.reason === "undecodable" ? failure : refusal;
  }
  yield* blocksOf(buffer);
  const unheard = seconds - buffer.duration;
  tell(missingSeconds + (unheard > DELAY_SECONDS ? unheard : 0));
}

/** What the container says, if it is understood: `{ sampleRate, seconds, missingSeconds }`. */
async function surveyed(blob, container) {
  let decoding;
  try {
    decoding = await opened(blob, container);
    const seconds = await decoding.survey();
    return { sampleRate: decoding.sampleRate, seconds, missingSeconds: decoding.missingSeconds };
  } catch {
    return { sampleRate: decoding?.sampleRate };
  } finally {
    decoding?.close();
  }
}

async function opened(blob, container) {
  if (container === "unknown") throw undecodable("the bytes are no audio file that is known here");
  if (!TAKEN_APART.includes(container)) throw unsupported(`this browser cannot decode ${container} files`);
  const read = (from, to) => bytesOf(blob.slice(from, to));
  try {
    return await decoding(container, blob.size, read);
  } catch (cause) {
    throw notLoaded("demux.js", cause);
  }
}

async function patiently(work, { codec }, container) {
  let done;
  try {
    done = await within(DECODING_MS, work);
  } catch (cause) {
    throw isFailure(cause) ? cause : refused(codec, container, cause);
  }
  if (!done) throw unfinished(container);
  return done;
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

function refused(codec, container, cause) {
  const what = codec ? `the ${container} file, coded in ${codec},` : `the ${container} file`;
  const said = cause?.message ?? "";
  switch (cause?.name) {
    // What both the demuxer and the browser call a kind that they do not know.
    case "NotSupportedError":
      return unsupported(`${what} cannot be decoded here: ${said}`, cause);
    case "TruncatedError":
      return new Failure("InvalidAudioError", "truncated", `${what} is cut off: ${said}`, cause);
    default:
      return undecodable(`${what} could not be decoded: ${said}`, cause);
  }
}

const unsupported = (message, cause) => new Failure("InvalidAudioError", "unsupported_codec", message, cause);

const undecodable = (message, cause) => new Failure("InvalidAudioError", "undecodable", message, cause);

const unfinished = (container) => undecodable(`this browser did not finish decoding the ${container} file`);
