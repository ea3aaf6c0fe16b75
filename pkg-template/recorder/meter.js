// Listens to a live stream.

/** How many samples one reading covers: 43 ms at 48 kHz. */
const WINDOW_SAMPLES = 2048;

export class Meter {
  #context = new AudioContext();
  #analyser;
  #samples = new Float32Array(WINDOW_SAMPLES);

  /** A meter on `stream`; `undefined` where the browser grants no more contexts. */
  static on(stream) {
    let meter;
    try {
      meter = new Meter();
      meter.#connect(stream);
      return meter;
    } catch {
      meter?.close();
      return undefined;
    }
  }

  #connect(stream) {
    this.#analyser = this.#context.createAnalyser();
    this.#analyser.fftSize = WINDOW_SAMPLES;
    this.#context.createMediaStreamSource(stream).connect(this.#analyser);
    // Started by a click it runs already; elsewhere it may not, and the meter then stays at the bottom without harm to
    // the recording.
    this.#context.resume().catch(() => {});
  }

  /** The samples of the last moment. */
  get samples() {
    this.#analyser.getFloatTimeDomainData(this.#samples);
    return this.#samples;
  }

  /** Gives the audio context back, of which browsers grant only a few. */
  close() {
    this.#context.close().catch(() => {});
  }
}
