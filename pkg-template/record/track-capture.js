// Recording the samples of a track directly, which only Chromium can. It needs no audio context:
// that of Chromium outputs silence at first, and then samples that are 20 to 60 ms old. What is in
// between would be missing at the end.

import { PcmSamples } from "./pcm-samples.js";

/** @import { Capture, CaptureHandlers, Core, OutputFormat } from "../internal.js" */

/** The number of blocks of 10 ms that the browser keeps while the page is busy. */
const MAX_BLOCKS = 1_000;
/** The longest time for which `stop()` waits for the next block, in milliseconds. */
const NEXT_BLOCK_MS = 70;

/** @implements {Capture} */
export class TrackCapture {
  /** The sample rate, in Hz, once there are samples. */
  sampleRate = 0;
  #reader;
  #samples = new PcmSamples();
  #isPaused = false;
  /** When `stop()` was called, in milliseconds. */
  #stoppedMs = Infinity;
  /** The shortest time between the timestamp of a block and its arrival, in milliseconds. */
  #delayMs = Infinity;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #tailTimer;

  /**
   * Opens a capture. Throws if the browser has none.
   * @param {MediaStream} stream
   */
  constructor(stream) {
    const [track] = stream.getAudioTracks();
    const processor = new MediaStreamTrackProcessor({ track, maxBufferSize: MAX_BLOCKS });
    this.#reader = processor.readable.getReader();
  }

  /** @param {CaptureHandlers} handlers */
  start({ onStarted, onInput, onStopped, onBroken }) {
    const read = async () => {
      for (;;) {
        const { done, value } = await this.#reader.read();
        clearTimeout(this.#tailTimer);
        if (done) return;
        const isLast = this.#take(value);
        onStarted();
        onInput();
        if (isLast) return;
        if (this.#isStopping) this.#limitWait();
      }
    };
    void read().then(onStopped, onBroken);
  }

  /** True if nothing was recorded. */
  get isEmpty() {
    return this.#samples.isEmpty;
  }

  pause() {
    const succeeds = !this.#isPaused;
    this.#isPaused = true;
    return succeeds;
  }

  resume() {
    const succeeds = this.#isPaused;
    this.#isPaused = false;
    return succeeds;
  }

  /**
   * With `tail`, takes the blocks that began before now, which the page may not have read yet.
   * @param {boolean} [tail]
   */
  stop(tail) {
    if (!tail || this.#isPaused) return false;
    this.#stoppedMs = performance.now();
    this.#limitWait();
    return true;
  }

  /**
   * Prepares the samples so far, and the next ones while they arrive.
   * @param {Core} core
   */
  attach(core) {
    this.#samples.attach(core, this.sampleRate);
  }

  /** Returns the samples since the last call; the latest are silent in a pause. */
  takeSamples() {
    return this.#samples.take(this.#isPaused);
  }

  /** Returns true if no block has arrived since the last call. */
  hasNoInput() {
    return this.#samples.hasNoInput();
  }

  close() {
    clearTimeout(this.#tailTimer);
    this.#reader.cancel().catch(() => {});
  }

  discard() {
    this.#samples.discard();
  }

  /**
   * Resolves to the recording, which was prepared while it arrived.
   * @param {Core} core
   * @param {OutputFormat} format
   */
  async finish(core, format) {
    this.attach(core);
    return this.#samples.finish(format);
  }

  get #isStopping() {
    return this.#stoppedMs < Infinity;
  }

  /** Ends the recording if no block arrives for long: a muted track has none. */
  #limitWait() {
    this.#tailTimer = setTimeout(() => this.close(), NEXT_BLOCK_MS);
  }

  /**
   * Takes a block of samples. Returns true if it is the last one: if it has arrived, or should
   * have, after `stop()` was called.
   * @param {AudioData} data
   */
  #take(data) {
    try {
      this.sampleRate ||= data.sampleRate;
      // The pipeline has one rate.
      if (data.sampleRate !== this.sampleRate) throw new Error("the sample rate changes");
      if (!this.#isPaused) this.#samples.push(downmix(data));
      const atMs = data.timestamp / 1000;
      // A page that was busy reads old blocks late, so their arrival says nothing.
      this.#delayMs = Math.min(this.#delayMs, performance.now() - atMs);
      return atMs + this.#delayMs >= this.#stoppedMs;
    } finally {
      // The data holds memory of the browser, which is not garbage-collected.
      data.close();
    }
  }
}

/**
 * Returns the mean of the channels.
 * @param {AudioData} data
 */
function downmix(data) {
  const { numberOfFrames, numberOfChannels } = data;
  const samples = new Float32Array(numberOfFrames);
  data.copyTo(samples, { planeIndex: 0, format: "f32-planar" });
  if (numberOfChannels === 1) return samples;
  const plane = new Float32Array(numberOfFrames);
  for (let planeIndex = 1; planeIndex < numberOfChannels; planeIndex++) {
    data.copyTo(plane, { planeIndex, format: "f32-planar" });
    for (let n = 0; n < numberOfFrames; n++)
      samples[n] = /** @type {number} */ (samples[n]) + /** @type {number} */ (plane[n]);
  }
  return samples.map((sum) => sum / numberOfChannels);
}
