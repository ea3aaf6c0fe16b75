// Long work that does not hold the page up.

/** How long the work may hold the thread, in milliseconds: half of a frame at 60 Hz, so that the page stays smooth. */
const SLICE_MS = 8;

/** Lets the page draw and react between blocks; ends the work with `signal`. */
export class Breath {
  #signal;
  #since = performance.now();

  constructor(signal) {
    this.#signal = signal;
  }

  /** Gives the page its turn, if it is time. */
  async take() {
    if (performance.now() - this.#since >= SLICE_MS) {
      await turn();
      this.#since = performance.now();
    }
    if (this.#signal?.aborted) throw this.#signal.reason;
  }
}

/** Comes back when the page had its turn. A timer would do as well, but browsers let it wait for 4 ms each time. */
async function turn() {
  // jsdom, in which pages are tested, has none.
  if (typeof MessageChannel !== "function") return;
  const { port1, port2 } = new MessageChannel();
  await new Promise((resolve) => {
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
