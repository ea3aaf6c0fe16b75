// Decodes files in containers, block by block, with WebCodecs; at once where that is better. This
// module and those that only it imports are loaded on demand.

/** @import { SampleBlock } from "../internal.js" */
/** @import { Failure, audioFailure, isFailure } from "../result/failure.js" */
/** @import { ReadBytes } from "./demuxed-file.js" */

import { ContainerDecoder } from "./container-decoder.js";
import { MAX_DELAY_SECONDS, NO_DECODER } from "./packet-decoder.js";
import { isAudioDecoderAvoided, isAudioDecoderBroken } from "./webkit.js";

export { loadDemuxer } from "./demuxed-file.js";

/** The containers that the demuxer can read. */
const DEMUXED_CONTAINERS = ["webm", "ogg", "mp4", "flac", "aac", "mp3", "wav"];

/**
 * The functions that the decoder takes from the core's modules. If this module imported them, they
 * would become chunks of their own.
 * @typedef {object} DecoderContext
 * @property {ReadBytes} read
 * @property {<Result>(work: Promise<Result>) => Promise<Result | undefined>} withTimeLimit resolves
 *   to the result of `work`; to `undefined` if it takes too long
 * @property {typeof audioFailure} audioFailure
 * @property {typeof isFailure} isFailure
 * @property {false | ((sampleRate?: number) => Promise<AudioBuffer>)} decodeWhole decodes the whole
 *   file at once; `false` where the browser cannot
 * @property {(buffer: AudioBuffer) => Iterable<SampleBlock>} blocksOf
 */

/** @typedef {(seconds: number) => void} OnMissingSeconds */

/**
 * @typedef {object} Survey
 * @property {number | undefined} sampleRate in Hz
 * @property {number} [seconds]
 * @property {number} [missingSeconds]
 */

/**
 * Decodes a recording of `totalBytes`, and yields its samples. Decodes it in parts, or at once
 * where that is impossible and the browser can. After the last block, calls `onMissingSeconds` with
 * the seconds that the container promises and does not hold.
 * @param {string} container
 * @param {number} totalBytes
 * @param {OnMissingSeconds} onMissingSeconds
 * @param {DecoderContext} context
 * @returns {AsyncGenerator<SampleBlock, void>}
 */
export async function* decodeWithWebCodecs(container, totalBytes, onMissingSeconds, context) {
  const { decodeWhole, isFailure } = context;
  /** @param {boolean} mayUseDecoder */
  const inParts = (mayUseDecoder) =>
    decodeInParts(container, totalBytes, onMissingSeconds, context, mayUseDecoder);
  const isBroken = isAudioDecoderBroken();
  const isAvoided = !isBroken && decodeWhole && isAudioDecoderAvoided(totalBytes);
  let hasBegun = false;
  try {
    for await (const block of inParts(!isBroken && !isAvoided)) {
      hasBegun = true;
      yield block;
    }
  } catch (thrown) {
    if (hasBegun || !decodeWhole || !isFailure(thrown)) throw thrown;
    try {
      const blocks = decodeAtOnce(container, totalBytes, onMissingSeconds, context, thrown);
      for await (const block of blocks) {
        hasBegun = true;
        yield block;
      }
    } catch (failure) {
      if (hasBegun || !isAvoided) throw failure;
      yield* inParts(true);
    }
  }
}

/**
 * Decodes a recording while it is read.
 * @param {string} container
 * @param {number} totalBytes
 * @param {OnMissingSeconds} onMissingSeconds
 * @param {DecoderContext} context
 * @param {boolean} mayUseDecoder
 * @returns {AsyncGenerator<SampleBlock, void>}
 */
async function* decodeInParts(container, totalBytes, onMissingSeconds, context, mayUseDecoder) {
  const { audioFailure, read } = context;
  if (!DEMUXED_CONTAINERS.includes(container))
    throw audioFailure("unsupported_codec", `this browser cannot decode ${container} files`);
  const decoder = await ContainerDecoder.open(container, totalBytes, read, mayUseDecoder);
  const blocks = decoder.blocks();
  try {
    for (;;) {
      const step = await nextStep(blocks, decoder, container, context);
      if (step.done) break;
      yield step.value;
    }
    onMissingSeconds(decoder.missingSeconds);
  } finally {
    decoder.close();
  }
}

/**
 * Resolves to the next step of `blocks`; rejects with a `Failure`.
 * @param {AsyncGenerator<SampleBlock, void>} blocks
 * @param {ContainerDecoder} decoder
 * @param {string} container
 * @param {DecoderContext} context
 */
async function nextStep(blocks, decoder, container, { withTimeLimit, audioFailure, isFailure }) {
  let step;
  try {
    step = await withTimeLimit(blocks.next());
  } catch (cause) {
    throw isFailure(cause) ? cause : toFailure(decoder.codec, container, cause, audioFailure);
  }
  const message = `this browser did not finish decoding the ${container} file`;
  return step ?? Promise.reject(audioFailure("undecodable", message));
}

/**
 * Decodes a recording at once, because it could not be decoded in parts. The seconds that the
 * container promises are counted as well.
 * @param {string} container
 * @param {number} totalBytes
 * @param {OnMissingSeconds} onMissingSeconds
 * @param {DecoderContext} context
 * @param {Failure} partsFailure the reason why it could not be decoded in parts
 * @returns {AsyncGenerator<SampleBlock, void>}
 */
async function* decodeAtOnce(container, totalBytes, onMissingSeconds, context, partsFailure) {
  const { read, decodeWhole, blocksOf, audioFailure } = context;
  // A file without an index, or one that ends before its audio, cannot be decoded. WebKit never
  // settles on some of these.
  if (!decodeWhole || partsFailure.reason === "truncated") throw partsFailure;
  const { sampleRate, seconds = 0, missingSeconds = 0 } = await survey(container, totalBytes, read);
  let buffer;
  try {
    buffer = await decodeWhole(sampleRate);
  } catch (failure) {
    // Chooses the reason that says most. Firefox decodes no FLAC that is cut off.
    if (missingSeconds > MAX_DELAY_SECONDS)
      throw audioFailure("truncated", `the ${container} file is cut off or damaged`, failure);
    const cause = /** @type {Error | undefined} */ (partsFailure.cause);
    throw partsFailure.reason === "undecodable" || cause?.message.includes(NO_DECODER)
      ? failure
      : partsFailure;
  }
  yield* blocksOf(buffer);
  const lostSeconds = seconds - buffer.duration;
  onMissingSeconds(missingSeconds + (lostSeconds > MAX_DELAY_SECONDS ? lostSeconds : 0));
}

/**
 * Resolves to the properties that the container declares, as far as it can be read.
 * @param {string} container
 * @param {number} totalBytes
 * @param {ReadBytes} read
 * @returns {Promise<Survey>}
 */
async function survey(container, totalBytes, read) {
  /** @type {ContainerDecoder | undefined} */
  let decoder;
  try {
    decoder = await ContainerDecoder.open(container, totalBytes, read, false);
    const seconds = await decoder.survey();
    return { sampleRate: decoder.sampleRate, seconds, missingSeconds: decoder.missingSeconds };
  } catch {
    return { sampleRate: decoder?.sampleRate || undefined };
  } finally {
    decoder?.close();
  }
}

/**
 * Returns the failure for an error of the demuxer or of the decoder.
 * @param {string | undefined} codec
 * @param {string} container
 * @param {unknown} cause
 * @param {typeof audioFailure} audioFailure
 */
function toFailure(codec, container, cause, audioFailure) {
  const file = codec ? `the ${container} file, coded in ${codec},` : `the ${container} file`;
  const error = /** @type {Error | undefined} */ (cause);
  const details = error?.message ?? "";
  switch (error?.name) {
    // Both the demuxer and the browser use this name for the error of an unknown format.
    case "NotSupportedError":
      return audioFailure("unsupported_codec", `${file} cannot be decoded here: ${details}`, cause);
    case "TruncatedError":
      return audioFailure("truncated", `${file} is cut off: ${details}`, cause);
    default:
      return audioFailure("undecodable", `${file} could not be decoded: ${details}`, cause);
  }
}
