// Measures how long a recording ran, without its pauses.

/** A stopwatch, which is at zero and paused when it is created. */
export class Stopwatch {
  #countedMs = 0;
  /** @type {number | undefined} */
  #runningSinceMs;

  run() {
    this.#runningSinceMs ??= performance.now();
  }

  pause() {
    this.#countedMs = this.seconds * 1000;
    this.#runningSinceMs = undefined;
  }

  get isRunning() {
    return this.#runningSinceMs !== undefined;
  }

  get seconds() {
    const sinceMs = this.#runningSinceMs;
    const runningMs = sinceMs === undefined ? 0 : performance.now() - sinceMs;
    return (this.#countedMs + runningMs) / 1000;
  }
}
