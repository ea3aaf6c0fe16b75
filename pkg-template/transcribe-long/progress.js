// How far all parts together are.

import { notify } from "../client/untrusted-values.js";

/** What a part under way does, the furthest first. That one is being prepared says nothing: they were, together. */
const PHASES = ["uploading", "waiting", "queued"];

/** Where every part is: `phase` and `attempt` of those that are under way. */
export class Board {
  #onProgress;
  #maxAttempts;
  #parts = [];

  constructor(onProgress, maxAttempts) {
    this.#onProgress = onProgress;
    this.#maxAttempts = maxAttempts;
  }

  /** These are the parts; before, they are not known. */
  know(parts) {
    this.#parts = parts;
  }

  /** A part's own call told this. */
  hear(part, { phase, attempt }) {
    if (!PHASES.includes(phase)) return;
    part.phase = phase;
    part.attempt = attempt;
    this.tell();
  }

  /** A part is over. */
  close(part) {
    part.phase = undefined;
    this.tell();
  }

  /** Tells the page. */
  tell() {
    if (!this.#onProgress) return;
    const parts = this.#parts;
    const underWay = parts.filter(({ phase }) => phase);
    const done = parts.filter(({ result }) => result !== undefined);
    const furthest = PHASES.find((name) => underWay.some(({ phase }) => phase === name));
    notify(this.#onProgress, {
      phase: parts.length === 0 ? "preparing" : (furthest ?? "uploading"),
      attempt: Math.max(1, ...underWay.map(({ attempt }) => attempt)),
      maxAttempts: this.#maxAttempts,
      partsDone: done.length,
      partsTotal: parts.length,
      doneSeconds: secondsOf(done),
      totalSeconds: secondsOf(parts),
    });
  }
}

/** How long these parts are together. */
export const secondsOf = (parts) =>
  parts.reduce((sum, { startSeconds, endSeconds }) => sum + (endSeconds - startSeconds), 0);
