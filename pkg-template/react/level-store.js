// The level of a recording, apart from its state, because it changes 25 times a second.

import { Store } from "./external-store.js";

/** The key of a recorder's `LevelStore`; a symbol, which `{ ...recorder }` copies. */
export const LEVEL = Symbol("level");

/** After this time without a level, only the elapsed time is shown: the browser gives no AudioContext to hear by. */
const DEAF_MS = 200;

const silence = (elapsedSeconds) => ({ rmsDbfs: -100, peakDbfs: -100, elapsedSeconds });
const NOTHING = silence(0);

/** Shows levels, at most one in a frame, while there is a recording and a component to see them. */
export class LevelStore extends Store {
  #recorder;
  #heard;
  #shownAtMs = 0;
  #isAwaited = false;

  constructor() {
    super();
    this.begin(NOTHING);
  }

  /** Takes a level, to be shown in the next frame. */
  hear(level) {
    this.#heard = level;
  }

  /** Shows the levels of `recorder` from now on. */
  follow(recorder) {
    this.#recorder = recorder;
    this.open();
  }

  /** Shows silence, at the end of a recording of `elapsedSeconds`. */
  end(elapsedSeconds = 0) {
    this.#recorder = undefined;
    this.#heard = undefined;
    this.#display(silence(elapsedSeconds));
  }

  /** Asks for the next frame, unless that is done, or nobody would see it. */
  open() {
    if (!this.#recorder || !this.isObserved || this.#isAwaited) return;
    this.#isAwaited = true;
    requestAnimationFrame(() => {
      this.#isAwaited = false;
      if (this.#recorder) this.#look(performance.now());
      this.open();
    });
  }

  #look(nowMs) {
    const { state, elapsedSeconds } = this.#recorder;
    if (!this.#heard && nowMs - this.#shownAtMs < DEAF_MS) return;
    // While it is paused, the microphone is still on and levels come.
    const level = (state === "recording" && this.#heard) || silence(elapsedSeconds);
    this.#heard = undefined;
    this.#shownAtMs = nowMs;
    this.#display(level);
  }

  #display(level) {
    const shown = this.read();
    if (Object.keys(level).some((name) => level[name] !== shown[name])) this.show(level);
  }
}
