// Converts samples to a file, while they arrive.

/** @import { AudioOptions, OutputFormat, PreparedAudio } from "../internal.js" */
/** @import { AudioInspection } from "../wasm/core.js" */

import { PcmPreparer, mp3KbpsFor } from "../wasm/core.js";
import { newBlob } from "./blobs.js";
import { encodeMp3 } from "./encode-mp3.js";
import { preparedMp3, preparedWav } from "./prepared-audio.js";

/** The amount of PCM that is gathered before it leaves wasm memory. */
const FULL_BYTES = 256 * 1024;

/**
 * A recording that is converted while it arrives. Its samples are stored in blobs and not in wasm
 * memory, which never shrinks: an hour of them has 115 MB.
 */
export class PcmPipeline {
  #preparer;
  /** @type {Blob[]} */
  #blobs = [];

  /**
   * Throws if the rate cannot be used.
   * @param {number} sampleRate
   * @param {boolean} is16Bit whether the samples have 16 bits or fewer
   * @param {number} [channel] selects a channel; otherwise, several channels are downmixed
   */
  constructor(sampleRate, is16Bit, channel) {
    this.#preparer = new PcmPreparer(sampleRate, is16Bit, channel);
  }

  /**
   * Takes the next samples, in frames of `channels`.
   * @param {Float32Array} samples
   */
  push(samples, channels = 1) {
    this.#preparer.push(samples, channels);
    this.#flush();
  }

  /**
   * Returns the channel that is better than the mean of all, once all samples were taken;
   * `undefined` if there is none.
   */
  get betterChannel() {
    return this.#preparer.betterChannel();
  }

  /**
   * Takes the next bytes of the WAV that was inspected.
   * @param {AudioInspection} inspection
   * @param {Uint8Array} bytes
   */
  pushWav(inspection, bytes) {
    this.#preparer.pushWav(inspection, bytes);
    this.#flush();
  }

  /** True if there are no samples so far. */
  get isEmpty() {
    return this.#blobs.length === 0 && this.#preparer.pcmBytes === 0;
  }

  /**
   * Resolves to prepared audio in this format. Can be called again after an error, because a
   * browser that had no space for the audio may have some later.
   * @param {OutputFormat} format
   * @param {AudioOptions} [options]
   * @returns {Promise<PreparedAudio>}
   */
  async finish({ trim, kbps }, options = {}) {
    const analysis = this.#preparer.finish(trim);
    try {
      const pcm = newBlob([...this.#blobs, this.#copyPcm()], "");
      const samples = pcm.slice(analysis.start * 2, analysis.end * 2);
      const { sampleRate } = analysis;
      const mp3Kbps = kbps && mp3KbpsFor(kbps, sampleRate);
      if (!mp3Kbps) return preparedWav(analysis, 1, samples, options);
      const blob = await encodeMp3(samples, sampleRate, mp3Kbps, options);
      return preparedMp3(blob, analysis, options);
    } finally {
      analysis.free();
    }
  }

  free() {
    this.#preparer.free();
  }

  /**
   * Moves the gathered samples out of wasm memory, if they are enough. If the browser has no space
   * for a blob, the samples stay.
   */
  #flush() {
    if (this.#preparer.pcmBytes < FULL_BYTES) return;
    try {
      this.#blobs.push(this.#copyPcm());
    } catch {
      return;
    }
    this.#preparer.clear();
  }

  /** Copies the gathered samples into a blob. A copy in an array would wait for the collector. */
  #copyPcm() {
    // Wasm memory that grows under a view empties it. Even creating a view can grow it, because the
    // view needs a slot in a table.
    const view = this.#preparer.pcm();
    const isWhole = view.length === this.#preparer.pcmBytes;
    return newBlob([isWhole ? view : this.#preparer.pcm()], "");
  }
}
