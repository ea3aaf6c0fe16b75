// The samples of a recording without a codec, which are prepared while they arrive.

/** @import { Core, OutputFormat } from "../internal.js" */

const NO_SAMPLES = new Float32Array();

export class PcmSamples {
  /** True if nothing was recorded. */
  isEmpty = true;
  /** @type {InstanceType<Core["PcmPipeline"]> | undefined} */
  #pipeline;
  /**
   * The samples that wait for the core.
   * @type {Float32Array[]}
   */
  #pending = [];
  /** @type {Float32Array} */
  #latest = NO_SAMPLES;
  /**
   * All samples since the last look: a page that was busy gets many blocks at once, and the last
   * one alone may be a pause.
   * @type {Float32Array[]}
   */
  #untaken = [];
  #newBlocks = 0;

  /** @param {Float32Array} samples */
  push(samples) {
    this.#latest = samples;
    this.isEmpty = false;
    this.#untaken.push(samples);
    this.#newBlocks += 1;
    if (this.#pipeline) this.#pipeline.push(samples);
    else this.#pending.push(samples);
  }

  /**
   * Prepares the samples so far, and the next ones while they arrive.
   * @param {Core} core
   * @param {number} sampleRate in Hz
   */
  attach(core, sampleRate) {
    if (this.#pipeline || this.isEmpty) return;
    this.#pipeline = new core.PcmPipeline(sampleRate, false);
    for (const samples of this.#pending.splice(0)) this.#pipeline.push(samples);
  }

  /**
   * Returns the samples since the last call; the latest are silent in a pause.
   * @param {boolean} isPaused
   */
  take(isPaused) {
    return { latest: isPaused ? NO_SAMPLES : this.#latest, blocks: this.#untaken.splice(0) };
  }

  /** Returns true if no block has arrived since the last call. */
  hasNoInput() {
    const hasInput = this.#newBlocks > 0;
    this.#newBlocks = 0;
    return !hasInput;
  }

  /**
   * Resolves to the recording, which was prepared while it arrived.
   * @param {OutputFormat} format
   */
  async finish(format) {
    return this.#pipeline?.finish(format);
  }

  discard() {
    this.#pipeline?.free();
    this.#pipeline = undefined;
    this.#pending = [];
    this.isEmpty = true;
  }
}
