// The progress of all parts together.

/** @import { LongProgress, Progress } from "../index.js" */
/** @import { Part } from "./split.js" */

import { notify } from "../client/untrusted-values.js";

/**
 * The phases of a part, the furthest first. Parts are prepared together, so that phase is left out.
 * @type {LongProgress["phase"][]}
 */
const PHASES = ["uploading", "waiting", "queued"];

/** Sets the `phase` and `attempt` of each part in progress, and reports on all of them. */
export class ProgressAggregator {
  #onProgress;
  #maxAttempts;
  /** @type {Part[]} */
  #parts = [];

  /**
   * @param {((progress: LongProgress) => void) | undefined} onProgress
   * @param {number} maxAttempts
   */
  constructor(onProgress, maxAttempts) {
    this.#onProgress = onProgress;
    this.#maxAttempts = maxAttempts;
  }

  /**
   * Sets the parts, once they are known.
   * @param {Part[]} parts
   */
  setParts(parts) {
    this.#parts = parts;
  }

  /**
   * Takes the progress of a part's own call.
   * @param {Part} part
   * @param {Progress} progress
   */
  update(part, { phase, attempt }) {
    if (!PHASES.includes(/** @type {LongProgress["phase"]} */ (phase))) return;
    part.phase = /** @type {LongProgress["phase"]} */ (phase);
    part.attempt = attempt;
    this.emit();
  }

  /**
   * Ends a part.
   * @param {Part} part
   */
  finish(part) {
    part.phase = undefined;
    this.emit();
  }

  /** Calls `onProgress`. */
  emit() {
    if (!this.#onProgress) return;
    const parts = this.#parts;
    const active = parts.filter(({ phase }) => phase);
    const done = parts.filter(({ result }) => result !== undefined);
    const furthest = PHASES.find((name) => active.some(({ phase }) => phase === name));
    void notify(this.#onProgress, {
      phase: parts.length === 0 ? "preparing" : (furthest ?? "uploading"),
      attempt: Math.max(1, ...active.map(({ attempt }) => /** @type {number} */ (attempt))),
      maxAttempts: this.#maxAttempts,
      partsDone: done.length,
      partsTotal: parts.length,
      doneSeconds: totalSeconds(done),
      totalSeconds: totalSeconds(parts),
    });
  }
}

/**
 * Returns the duration of these parts together.
 * @param {readonly Part[]} parts
 */
export const totalSeconds = (parts) =>
  parts.reduce((sum, { startSeconds, endSeconds }) => sum + (endSeconds - startSeconds), 0);
