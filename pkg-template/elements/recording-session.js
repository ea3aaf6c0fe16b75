// One recording of `<theta-recorder>`, from the click to its take.

import { memberOf, notify } from "../client/untrusted-values.js";

/** @typedef {import("../index.js").Level} Level */
/** @typedef {import("../elements.js").RecorderElementState} State */
/** @typedef {(state: State, outcome?: unknown) => void} OnChange */

/** @type {Level} */
const SILENCE = { rmsDbfs: -100, peakDbfs: -100, elapsedSeconds: 0 };

/**
 * `onChange(state, outcome)` is called with `opening`, `recording`, `preparing`, `done` and the
 * take, `failed` and the error, or `idle`. After `cancel()` it is not called, and the microphone
 * is off, also where the browser opens it later.
 */
export class RecordingSession {
  #opening = new AbortController();
  /** @type {import("../index.js").Recorder | undefined} */
  #recorder;
  #isTaking = false;
  #isCancelled = false;
  /** @type {OnChange} */
  #onChange;
  level = SILENCE;

  /** @param {OnChange} onChange */
  constructor(onChange) {
    this.#onChange = onChange;
  }

  /** Whether the sound is still there for another `stop()`. */
  get canRetry() {
    return this.#recorder !== undefined;
  }

  get elapsedSeconds() {
    return /** @type {number} */ (memberOf(this.#recorder, "elapsedSeconds") ?? 0);
  }

  /**
   * @param {import("../index.js").ThetaOne} client
   * @param {import("../index.js").RecordOptions} options
   */
  async start(client, options) {
    this.#change("opening");
    /** @param {Level} level */
    const onLevel = (level) => {
      this.level = level;
      void notify(/** @type {typeof options.onLevel} */ (memberOf(options, "onLevel")), level);
    };
    try {
      const recorder = await client.record({ ...options, onLevel, signal: this.#opening.signal });
      // A page that was hidden while the browser asked must not record unseen.
      if (document.hidden) this.#change("idle");
      if (this.#isCancelled || document.hidden) {
        this.#isCancelled = true;
        recorder.cancel();
        return;
      }
      this.#recorder = recorder;
      this.#change("recording");
      recorder.ended.then(({ reason }) =>
        reason === "cancel" ? this.#change("idle") : this.stop(),
      );
    } catch (error) {
      this.#change(this.#opening.signal.aborted ? "idle" : "failed", error);
    }
  }

  /** Ends the recording and prepares the take. After a take that failed, tries once more. */
  async stop() {
    if (!this.#recorder) {
      this.#change("idle");
      this.cancel();
      return;
    }
    if (this.#isTaking) return;
    this.#isTaking = true;
    this.#change("preparing");
    try {
      this.#change("done", await this.#recorder.stop());
    } catch (error) {
      this.#isTaking = false;
      this.#change("failed", error);
    }
  }

  /** Switches the microphone off and forgets what was recorded. */
  cancel() {
    this.#isCancelled = true;
    this.#opening.abort();
    this.#recorder?.cancel();
  }

  /**
   * @param {State} state
   * @param {unknown} [outcome]
   */
  #change(state, outcome) {
    if (!this.#isCancelled) this.#onChange(state, outcome);
  }
}
