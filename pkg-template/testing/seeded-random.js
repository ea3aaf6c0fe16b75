// Random numbers that are the same in every run, above all for the jitter of retries.

import { GlobalStubs } from "./global-stubs.js";

class SeededRandom {
  #state;
  #stubs = new GlobalStubs("seeded random");

  /** @param {number} seed */
  constructor(seed) {
    this.#state = seed;
  }

  /** Returns the next number. The algorithm is mulberry32: short, and uniform enough for jitter. */
  next() {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  install() {
    this.#stubs.install();
    this.#stubs.stub(Math, "random", () => this.next());
    return this;
  }

  uninstall() {
    this.#stubs.restore();
  }
}

/** @type {typeof import("../testing.js").seededRandom} */
export function seededRandom(seed) {
  if (!Number.isSafeInteger(seed)) throw new TypeError("seededRandom: the seed must be an integer");
  return new SeededRandom(seed);
}
