// Randomness that is the same in every run: the retries' jitter, above all.

import { Replaced } from "./global-stubs.js";

class SeededRandom {
  #state;
  #replaced = new Replaced("seeded random");

  constructor(seed) {
    this.#state = seed;
  }

  // mulberry32: short, and even enough for jitter.
  next() {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  install() {
    this.#replaced.begin();
    this.#replaced.put(Math, "random", () => this.next());
    return this;
  }

  uninstall() {
    this.#replaced.end();
  }
}

/** Numbers in [0, 1), the same for the same seed; installed, they are what Math.random gives. */
export function seededRandom(seed) {
  if (!Number.isSafeInteger(seed)) throw new TypeError("seededRandom: the seed must be an integer");
  return new SeededRandom(seed);
}
