// Stored before a virtual clock or the test framework replaces them. Not every environment has all.
const { MessageChannel, setTimeout } = globalThis;
/** @type {((callback: () => void) => void) | undefined} */
const setImmediate = /** @type {any} */ (globalThis).setImmediate;

/**
 * Waits for the next task of the real event loop. In Node, unlike `nextTask` of
 * prepare/yield-to-main.js, for a turn with its I/O: a clock waits for what is under way.
 * @returns {Promise<void>}
 */
export function nextTask() {
  return new Promise((resolve) => {
    if (setImmediate) return void setImmediate(resolve);
    // jsdom has neither.
    if (!MessageChannel) return void setTimeout(resolve);
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
