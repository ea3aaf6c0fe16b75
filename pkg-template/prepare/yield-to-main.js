// Yields to the page during long work.

/** The longest time that work may hold the thread: half a frame at 60 Hz keeps the page smooth. */
const SLICE_MS = 8;

/** Lets the page draw and react between blocks of work; ends the work when `signal` is aborted. */
export class TaskYielder {
  #signal;
  #startedMs = performance.now();

  /** @param {AbortSignal} [signal] */
  constructor(signal) {
    this.#signal = signal;
  }

  /** Yields if the work has held the thread for long enough. */
  async yield() {
    if (performance.now() - this.#startedMs >= SLICE_MS) {
      await nextTask();
      this.#startedMs = performance.now();
    }
    if (this.#signal?.aborted) throw this.#signal.reason;
  }
}

/** Resolves in the next task. Not a timer, which browsers delay by 4 ms each time. */
async function nextTask() {
  // jsdom, in which pages are tested, has no MessageChannel.
  if (typeof MessageChannel !== "function") return;
  const { port1, port2 } = new MessageChannel();
  await /** @type {Promise<void>} */ (
    new Promise((resolve) => {
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(null);
    })
  );
}
