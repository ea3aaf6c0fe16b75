// One call for all who ask for the same at the same time, in this page and, by way of a lock, in other tabs.

import { notify } from "../client/untrusted-values.js";
import { lock } from "../storage/web-locks.js";
import * as shelf from "./reference-store.js";

/** The longest delay that browser timers count, in milliseconds. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export class Flight {
  #core;
  #key;
  #contents;
  #controller = new AbortController();
  #seats = new Set();
  /** For those who come late. */
  #latest;

  /** What comes of the call is `landing`. */
  constructor(core, key, contents, { retry, attemptTimeoutMs, uploadStallMs }) {
    this.#core = core;
    this.#key = key;
    this.#contents = contents;
    // The first caller's options, but for the deadline: everybody keeps to their own.
    const { signal } = this.#controller;
    const request = {
      retry,
      attemptTimeoutMs,
      uploadStallMs,
      signal,
      deadlineMs: LONGEST_TIMER_MS,
    };
    // Not before the first caller is on it, with what is to be told of the progress.
    this.landing = Promise.resolve().then(() => this.#fly(request));
  }

  /** Takes a seat; `listener`, if there is one, hears how far it is. */
  board(listener) {
    const seat = { listener };
    this.#seats.add(seat);
    if (this.#latest) notify(listener, this.#latest);
    return seat;
  }

  /** Whether that was the last one to leave, which aborts the call where it is not over. */
  leave(seat) {
    this.#seats.delete(seat);
    const isEmpty = this.#seats.size === 0;
    if (isEmpty) this.#controller.abort();
    return isEmpty;
  }

  async #fly(request) {
    const core = this.#core;
    // Counting the bytes of an upload makes a preflight of it on other origins: only where somebody listens.
    const isHeard = [...this.#seats].some(({ listener }) => listener);
    if (isHeard) request.onProgress = (progress) => this.#tell(progress);
    const { known, release } = core.persists ? await this.#known() : {};
    try {
      const analysis =
        known ?? (await core.send("analyzeNative", async () => this.#contents, request));
      core.learn(this.#key, analysis);
      if (core.persists && !known) await shelf.put(core, this.#key, analysis);
      return analysis;
    } finally {
      release?.();
    }
  }

  /** What is stored; if nothing is, the right to call: one tab calls, and the others find what it has stored. */
  async #known() {
    const known = await shelf.get(this.#core, this.#key);
    if (known) return { known };
    const release = await lock(`thetaone-web reference ${this.#key}`, true);
    return { known: await shelf.get(this.#core, this.#key), release };
  }

  #tell(progress) {
    this.#latest = progress;
    for (const { listener } of [...this.#seats]) notify(listener, progress);
  }
}
