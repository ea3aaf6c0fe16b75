// The sound of a recording while it is made.

import { createElement } from "./dom.js";
import { drawShape, shapeOf } from "./wave-shape.js";

/** Levels that the drawing holds: 24 seconds at 25 a second. Then it moves on. */
const LEVELS = 600;
/** The shortest time between two drawings for users who want little motion. */
const CALM_MS = 500;

/** Draws what `readLevel()` returns, as long as `isWanted()`; then calls `onEnd()`. */
export class LiveWave {
  /** @type {() => boolean} */
  #isWanted;
  /** @type {() => Partial<import("../index.js").Level> | undefined} */
  #readLevel;
  /** @type {() => void} */
  #onEnd;
  /** @type {number[]} */
  #peaks = [];
  #heardSeconds = -1;
  #drawnAtMs = 0;
  /** @type {Element | null} */
  #path;

  /**
   * @param {string} label
   * @param {() => boolean} isWanted
   * @param {() => Partial<import("../index.js").Level> | undefined} readLevel
   * @param {() => void} onEnd
   */
  constructor(label, isWanted, readLevel, onEnd) {
    this.#isWanted = isWanted;
    this.#readLevel = readLevel;
    this.#onEnd = onEnd;
    const shape = drawShape([], LEVELS);
    this.#path = shape.querySelector("path");
    this.node = createElement("div", "wave live", { role: "img", "aria-label": label }, shape);
    requestAnimationFrame(this.#follow);
  }

  /** @param {number} nowMs */
  #follow = (nowMs) => {
    if (!this.#isWanted()) {
      this.#onEnd();
      return;
    }
    const { peakDbfs = NaN, elapsedSeconds = 0 } = this.#readLevel() ?? {};
    if (Number.isFinite(peakDbfs) && elapsedSeconds > this.#heardSeconds) {
      this.#heardSeconds = elapsedSeconds;
      const peak = Math.min(1, 10 ** (peakDbfs / 20));
      this.#peaks.push(-peak, peak);
      this.#peaks.splice(0, this.#peaks.length - 2 * LEVELS);
      this.#draw(nowMs);
    }
    requestAnimationFrame(this.#follow);
  };

  /** @param {number} nowMs */
  #draw(nowMs) {
    const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (isCalm && nowMs - this.#drawnAtMs < CALM_MS) return;
    this.#drawnAtMs = nowMs;
    this.#path?.setAttribute("d", shapeOf(this.#peaks));
  }
}
