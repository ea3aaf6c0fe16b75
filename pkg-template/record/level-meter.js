// Listens to a live stream.

/** How many samples a level is measured of: 43 ms at 48 kHz. */
const LEVEL_SAMPLES = 2_048;
/** How many samples the browser keeps at most: 0.7 s at 48 kHz. */
const KEPT_SAMPLES = 32_768;

export class LevelMeter {
  #context = new AudioContext();
  #analyser;
  #samples = new Float32Array(KEPT_SAMPLES);
  /** Up to when it has listened, by the context's clock. */
  #heardSeconds = 0;

  /** A meter on `stream`; `undefined` where the browser grants no more contexts. */
  static on(stream) {
    let meter;
    try {
      meter = new LevelMeter();
      meter.#connect(stream);
      return meter;
    } catch {
      meter?.close();
      return undefined;
    }
  }

  #connect(stream) {
    this.#analyser = this.#context.createAnalyser();
    this.#analyser.fftSize = KEPT_SAMPLES;
    this.#context.createMediaStreamSource(stream).connect(this.#analyser);
    // Started by a click it runs already; elsewhere it may not, and the meter then stays at the bottom without harm to
    // the recording.
    this.#context.resume().catch(() => {});
  }

  get sampleRate() {
    return this.#context.sampleRate;
  }

  /** Listens: `latest`, of which a level is measured, and `unheard`, all since it listened last that the browser kept. */
  listen() {
    // Those that play a context in tests may have no clock.
    const { currentTime = performance.now() / 1000, sampleRate } = this.#context;
    this.#analyser.getFloatTimeDomainData(this.#samples);
    const count = Math.round((currentTime - this.#heardSeconds) * sampleRate);
    this.#heardSeconds = currentTime;
    return {
      latest: this.#samples.subarray(KEPT_SAMPLES - LEVEL_SAMPLES),
      unheard: this.#samples.subarray(Math.max(0, KEPT_SAMPLES - count)),
    };
  }

  /** Gives the audio context back, of which browsers grant only a few. */
  close() {
    this.#context.close().catch(() => {});
  }
}
