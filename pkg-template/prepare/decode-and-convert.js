// Recordings in a container, decoded by the browser.

/** @import { AudioOptions, OutputFormat, PreparedAudio } from "../internal.js" */

import { audioFailure } from "../result/failure.js";
import { isTruncated } from "../wasm/core.js";
import { TaskYielder } from "./yield-to-main.js";
import { decode } from "./decode.js";
import { addTruncationWarning } from "./prepared-audio.js";
import { PcmPipeline } from "./pcm-pipeline.js";

/**
 * Decodes a recording in a `container`; resolves to prepared audio in a `format`. Decodes once more
 * if one channel turns out to be better than the mean of all, and takes only that `channel`.
 * @param {Blob} blob
 * @param {string} container
 * @param {OutputFormat} format
 * @param {AudioOptions} [options]
 * @param {number} [channel]
 * @returns {Promise<PreparedAudio>}
 */
export async function convert(blob, container, format, options = {}, channel = undefined) {
  const yielder = new TaskYielder(options.signal);
  let missingSeconds = 0;
  /** @param {number} seconds */
  const onMissingSeconds = (seconds) => {
    missingSeconds = seconds;
  };
  /** @type {PcmPipeline | undefined} */
  let pipeline;
  try {
    const blocks = decode(blob, container, options, onMissingSeconds);
    for await (const { samples, sampleRate, channels } of blocks) {
      pipeline ??= new PcmPipeline(sampleRate, false, channel);
      pipeline.push(samples, channels);
      await yielder.yield();
    }
    const isCut = isTruncated(missingSeconds);
    if (!pipeline) {
      const message = `the ${container} file holds no samples`;
      throw audioFailure(isCut ? "truncated" : "empty", message);
    }
    const better = pipeline.betterChannel;
    if (better !== undefined) return await convert(blob, container, format, options, better);
    return addTruncationWarning(await pipeline.finish(format, options), isCut);
  } finally {
    pipeline?.free();
  }
}
