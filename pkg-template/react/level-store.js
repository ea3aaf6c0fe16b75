// The level of a recording. Separate from its state, because the level changes 25 times a second.

import { ExternalStore } from "./external-store.js";

/** @import { Level, Recorder } from "../index.js" */

/** The key of a recorder's `LevelStore`: a symbol, which `{ ...recorder }` copies. */
export const LEVEL = Symbol("level");

/**
 * The time without a level after which only the elapsed time is updated: the browser does not start
 * the AudioContext that measures levels.
 */
const NO_LEVEL_TIMEOUT_MS = 200;

/** @returns {Level} */
const silence = (elapsedSeconds = 0) => ({ rmsDbfs: -100, peakDbfs: -100, elapsedSeconds });

/**
 * A store of the level. Updates at most once in a frame, while there is a recording and a
 * subscriber.
 * @extends {ExternalStore<Level>}
 */
export class LevelStore extends ExternalStore {
  /** @type {Recorder | undefined} */
  #recorder;
  /**
   * The latest level that no frame has shown.
   * @type {Level | undefined}
   */
  #pendingLevel;
  #updatedAtMs = 0;
  #isFrameRequested = false;

  constructor() {
    super(silence());
  }

  /**
   * Takes a level, for the next frame.
   * @param {Level} level
   */
  push(level) {
    this.#pendingLevel = level;
  }

  /**
   * Shows the levels of `recorder` from now on.
   * @param {Recorder} recorder
   */
  attach(recorder) {
    this.#recorder = recorder;
    this.activate();
  }

  /**
   * Shows silence from now on.
   * @param {number} [elapsedSeconds] the duration of the recording
   */
  detach(elapsedSeconds) {
    this.#recorder = undefined;
    this.#pendingLevel = undefined;
    this.#update(silence(elapsedSeconds));
  }

  /** Requests the next frame, unless it is requested already or nothing would show the level. */
  activate() {
    if (!this.#recorder || !this.hasSubscribers || this.#isFrameRequested) return;
    this.#isFrameRequested = true;
    requestAnimationFrame(() => {
      this.#isFrameRequested = false;
      if (this.#recorder) this.#onFrame(this.#recorder, performance.now());
      this.activate();
    });
  }

  /**
   * @param {Recorder} recorder
   * @param {number} nowMs
   */
  #onFrame({ state, elapsedSeconds }, nowMs) {
    if (!this.#pendingLevel && nowMs - this.#updatedAtMs < NO_LEVEL_TIMEOUT_MS) return;
    // While the recorder is paused, the microphone is still on and sends levels.
    const level = (state === "recording" && this.#pendingLevel) || silence(elapsedSeconds);
    this.#pendingLevel = undefined;
    this.#updatedAtMs = nowMs;
    this.#update(level);
  }

  /** @param {Level} level */
  #update(level) {
    const shown = this.getSnapshot();
    const names = /** @type {(keyof Level)[]} */ (Object.keys(level));
    if (names.some((name) => level[name] !== shown[name])) this.setValue(level);
  }
}
