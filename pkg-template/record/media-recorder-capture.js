// Recording by the browser's own recorder.

import { RECORDER_BITS_PER_SECOND, RECORDER_TYPES } from "./constants.js";
import { LevelMeter } from "./level-meter.js";
import { MicrophoneProblem } from "./microphone-problem.js";
import { isRecorderLossy } from "./webkit-gtk.js";

/** @import { Capture, CaptureHandlers, Core, OutputFormat } from "../internal.js" */

/** The interval in which the recorder delivers chunks. An interruption costs no more than this. */
const CHUNK_MS = 250;
/** The interval in which the first chunk is requested. */
const FIRST_CHUNK_MS = 20;
/** The time that a chunk may be late: a headset that is plugged in takes a while to deliver sound. */
const LATE_CHUNK_MS = 3_000;
/**
 * The time for which `stop()` goes on recording: Chromium's recorder encodes 60 ms at a time, and
 * drops what does not fill that.
 */
const TAIL_MS = 70;

/** @implements {Capture} */
export class MediaRecorderCapture {
  #stream;
  #wantsLevels;
  #recorder;
  /** @type {LevelMeter | undefined} */
  #meter;
  /** @type {Blob[]} */
  #chunks = [];
  /** The time of the last chunk, empty or not. */
  #lastChunkMs = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #firstChunkTimer;
  /** True from when a lossy recorder was asked for the chunks before the last fragment. */
  #isStopping = false;
  /** True if the next chunk with data is a fragment that ends after `stop()`. */
  #isLastFragmentAwaited = false;

  /**
   * @param {MediaStream} stream
   * @param {boolean} wantsLevels
   */
  constructor(stream, wantsLevels) {
    this.#stream = stream;
    this.#wantsLevels = wantsLevels;
    const options = { audioBitsPerSecond: RECORDER_BITS_PER_SECOND, mimeType: negotiateType() };
    this.#recorder = orMicrophoneProblem(
      () => new MediaRecorder(stream, /** @type {MediaRecorderOptions} */ (options)),
    );
  }

  /** @param {CaptureHandlers} handlers */
  start({ onStarted, onInput, onStopped, onBroken }) {
    const recorder = this.#recorder;
    recorder.ondataavailable = ({ data }) => {
      this.#lastChunkMs = performance.now();
      if (data?.size > 0) {
        this.#chunks.push(data);
        onStarted();
        if (this.#isLastFragmentAwaited) this.stop();
      }
      this.#isLastFragmentAwaited = this.#isStopping;
      onInput();
    };
    recorder.onstop = onStopped;
    recorder.onerror = onBroken;
    // Simulated recorders may deliver nothing before the end.
    if (typeof recorder.requestData !== "function") recorder.onstart = onStarted;
    // Before the start: Firefox loses sound while it opens an audio context.
    if (this.#wantsLevels) this.#meter = LevelMeter.open(this.#stream);
    orMicrophoneProblem(() => recorder.start(CHUNK_MS));
    this.#requestFirstChunk();
  }

  /** True if nothing was recorded. */
  get isEmpty() {
    return this.#chunks.length === 0;
  }

  pause() {
    return this.#recorder.state === "recording" && succeeds(() => this.#recorder.pause());
  }

  resume() {
    return this.#recorder.state === "paused" && succeeds(() => this.#recorder.resume());
  }

  /**
   * Requests the last chunk. Returns true if it will arrive: a recorder whose tracks have all ended
   * has stopped by itself, and has delivered it. With `tail`, records the end of what is being
   * spoken: for `TAIL_MS`, or until the next fragment if the recorder would lose that.
   * @param {boolean} [tail]
   */
  stop(tail) {
    const { state, mimeType } = this.#recorder;
    if (!tail || state !== "recording" || !/opus|mp4/.test(mimeType)) {
      return state !== "inactive" && succeeds(() => this.#recorder.stop());
    }
    this.#isStopping = isRecorderLossy() && succeeds(() => this.#recorder.requestData());
    if (!this.#isStopping) setTimeout(() => this.stop(), TAIL_MS);
    return true;
  }

  /**
   * Returns the samples since the last call, which was `seconds` ago; `undefined` if no levels are
   * wanted. The browser does not keep all samples of a longer time.
   * @param {number} seconds
   */
  takeSamples(seconds) {
    if (!this.#meter) return undefined;
    const { latest, unread } = this.#meter.read();
    return { latest, blocks: [unread], seconds };
  }

  /** The sample rate of the meter, in Hz. */
  get sampleRate() {
    return this.#meter?.sampleRate;
  }

  /**
   * Returns true if the recorder has delivered no chunk for long, not even an empty one. Chromium's
   * delivers none while the device is silent. Simulated recorders may deliver none before the end.
   */
  hasNoInput() {
    return !this.isEmpty && performance.now() - this.#lastChunkMs > LATE_CHUNK_MS;
  }

  close() {
    clearTimeout(this.#firstChunkTimer);
    this.#meter?.close();
    this.#meter = undefined;
    this.#recorder.ondataavailable = null;
    this.#recorder.onstop = null;
    this.#recorder.onerror = null;
  }

  discard() {
    this.#chunks = [];
  }

  /**
   * Resolves to the prepared recording. The chunks stay, for another call.
   * @param {Core} core
   * @param {OutputFormat} format
   */
  async finish(core, format) {
    const blob = new Blob(this.#chunks, { type: this.#recorder.mimeType });
    return core.prepareAudio(blob, format, { isRecorded: true });
  }

  /** Requests chunks until one has data: it shows that sound arrives. */
  #requestFirstChunk() {
    if (!this.isEmpty || typeof this.#recorder.requestData !== "function") return;
    this.#firstChunkTimer = setTimeout(() => {
      succeeds(() => this.#recorder.requestData());
      this.#requestFirstChunk();
    }, FIRST_CHUNK_MS);
  }
}

/**
 * @template Result
 * @param {() => Result} action
 */
function orMicrophoneProblem(action) {
  try {
    return action();
  } catch (cause) {
    throw new MicrophoneProblem({ cause });
  }
}

/** @param {() => void} action */
function succeeds(action) {
  try {
    action();
    return true;
  } catch {
    return false;
  }
}

/**
 * Returns the first type that this browser records and can also play: what it cannot play it cannot
 * decode either. `undefined` leaves the choice to the browser.
 */
function negotiateType() {
  if (typeof globalThis.Audio !== "function") return undefined;
  const audio = new Audio();
  return RECORDER_TYPES.find(
    (type) => MediaRecorder.isTypeSupported(type) && audio.canPlayType(type) !== "",
  );
}
