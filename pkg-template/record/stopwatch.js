// How long a recording ran, pauses left out.

/** Counts while it runs; it starts at zero, held. */
export class Stopwatch {
  #countedMs = 0;
  #runningSinceMs;

  run() {
    this.#runningSinceMs ??= performance.now();
  }

  hold() {
    this.#countedMs = this.seconds * 1000;
    this.#runningSinceMs = undefined;
  }

  get isRunning() {
    return this.#runningSinceMs !== undefined;
  }

  get seconds() {
    const runningMs = this.isRunning ? performance.now() - this.#runningSinceMs : 0;
    return (this.#countedMs + runningMs) / 1000;
  }
}
