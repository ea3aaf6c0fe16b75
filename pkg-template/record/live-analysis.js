// The decisions of the core during a recording: its level, and the end of speech.

/** @import { Core, LiveSamples, SampleBlocks } from "../internal.js" */

/** The number of ticks whose samples wait for the core: 40 s. A slower network gets no more. */
const MAX_PENDING_TICKS = 1_000;

/** Analyzes the samples of a recording from when the core has loaded, beginning with the first. */
export class LiveAnalysis {
  /** @type {Core | undefined} */
  #core;
  /** @type {ReturnType<Core["createEndOfSpeechDetector"]> | undefined} */
  #detector;
  #stopOnSilenceSeconds;
  /** @type {SampleBlocks[]} */
  #pending = [];
  #isClosed = false;

  /** @param {number | null | undefined} stopOnSilenceSeconds */
  constructor(stopOnSilenceSeconds) {
    this.#stopOnSilenceSeconds = stopOnSilenceSeconds;
  }

  /** @param {Core} core */
  attach(core) {
    if (!this.#isClosed) this.#core = core;
  }

  /**
   * Returns the level of the latest samples in dBFS; `undefined` until the core has loaded.
   * @param {LiveSamples} samples
   */
  measure({ latest }) {
    if (!this.#core) return undefined;
    const [rmsDbfs, peakDbfs] = this.#core.measureLevel(latest);
    return { rmsDbfs, peakDbfs };
  }

  /**
   * Takes the next samples. Returns true if the speaker has finished.
   * @param {LiveSamples} samples
   * @param {number | undefined} sampleRate in Hz, if it is known
   */
  detectEnd(samples, sampleRate) {
    if (this.#stopOnSilenceSeconds == null || !sampleRate || this.#isClosed) return false;
    if (!this.#core) {
      this.#store(samples);
      return false;
    }
    this.#detector ??= this.#core.createEndOfSpeechDetector(this.#stopOnSilenceSeconds, sampleRate);
    return [...this.#pending.splice(0), samples].some((next) => this.#push(next));
  }

  /** Ends the analysis. */
  close() {
    this.#isClosed = true;
    this.#pending = [];
    this.#detector?.free();
    this.#detector = undefined;
  }

  /** @param {SampleBlocks} samples */
  #push({ blocks, seconds }) {
    return blocks.some((block) => this.#detector?.push(block, seconds ?? NaN));
  }

  /** @param {SampleBlocks} samples */
  #store({ blocks, seconds }) {
    // The meter overwrites its samples.
    this.#pending.push({ blocks: blocks.map((block) => block.slice()), seconds });
    if (this.#pending.length > MAX_PENDING_TICKS) this.#pending.shift();
  }
}
