// Reads the samples of a live stream.

/** The number of samples of which a level is measured: 43 ms at 48 kHz. */
const LEVEL_SAMPLES = 2_048;
/** The number of samples that the browser keeps: 0.7 s at 48 kHz. */
const HISTORY_SAMPLES = 32_768;

export class LevelMeter {
  #context;
  #analyser;
  #samples = new Float32Array(HISTORY_SAMPLES);
  /** The time of the last reading, by the clock of the context. */
  #readSeconds = 0;

  /**
   * Returns a meter of `stream`; `undefined` if the browser grants no more contexts.
   * @param {MediaStream} stream
   */
  static open(stream) {
    /** @type {AudioContext | undefined} */
    let context;
    try {
      context = new AudioContext();
      return new LevelMeter(context, stream);
    } catch {
      context?.close().catch(() => {});
      return undefined;
    }
  }

  /**
   * @param {AudioContext} context
   * @param {MediaStream} stream
   */
  constructor(context, stream) {
    this.#context = context;
    this.#analyser = context.createAnalyser();
    this.#analyser.fftSize = HISTORY_SAMPLES;
    context.createMediaStreamSource(stream).connect(this.#analyser);
    // After a click, the context runs already. Elsewhere it may not run; then the meter shows
    // silence, and the recording is not affected.
    context.resume().catch(() => {});
  }

  /** The sample rate, in Hz. */
  get sampleRate() {
    return this.#context.sampleRate;
  }

  /**
   * Returns `latest`, of which a level is measured, and `unread`: the samples since the last call,
   * as far as the browser keeps them. The next call overwrites both.
   */
  read() {
    // Simulated contexts may have no clock.
    const { currentTime = performance.now() / 1000, sampleRate } = this.#context;
    this.#analyser.getFloatTimeDomainData(this.#samples);
    const count = Math.round((currentTime - this.#readSeconds) * sampleRate);
    this.#readSeconds = currentTime;
    return {
      latest: this.#samples.subarray(HISTORY_SAMPLES - LEVEL_SAMPLES),
      unread: this.#samples.subarray(Math.max(0, HISTORY_SAMPLES - count)),
    };
  }

  /** Closes the audio context, of which browsers grant only a few. */
  close() {
    this.#context.close().catch(() => {});
  }
}
