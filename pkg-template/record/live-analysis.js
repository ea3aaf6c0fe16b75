// What the core decides during a recording: its level, and the end of speech.

/** @import { Core, LiveSamples, SampleBlocks } from "../internal.js" */

/** The duration of the samples that wait for the core. A network that is slower gets no more. */
const MAX_PENDING_SECONDS = 60;

/** Analyzes the samples of a recording from when the core has loaded, beginning with the first. */
export class LiveAnalysis {
  /** @type {Core | undefined} */
  #core;
  /** @type {InstanceType<Core["EndOfSpeechDetector"]> | undefined} */
  #detector;
  #stopOnSilenceSeconds;
  /** @type {SampleBlocks[]} */
  #pending = [];
  #pendingSamples = 0;
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
      this.#store(samples, sampleRate);
      return false;
    }
    const { EndOfSpeechDetector } = this.#core;
    this.#detector ??= new EndOfSpeechDetector(this.#stopOnSilenceSeconds, sampleRate);
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

  /**
   * @param {SampleBlocks} samples
   * @param {number} sampleRate
   */
  #store({ blocks, seconds }, sampleRate) {
    // The meter overwrites its samples.
    this.#pending.push({ blocks: blocks.map((block) => block.slice()), seconds });
    this.#pendingSamples += samplesIn(blocks);
    while (this.#pendingSamples > MAX_PENDING_SECONDS * sampleRate) {
      this.#pendingSamples -= samplesIn(this.#pending.shift()?.blocks ?? []);
    }
  }
}

/** @param {Float32Array[]} blocks */
const samplesIn = (blocks) => blocks.reduce((sum, { length }) => sum + length, 0);
