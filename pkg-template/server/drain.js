// Reads the rest of a rejected upload. Loaded with the first of them.

/**
 * The part of a stream's reader that is needed.
 * @typedef {object} Reader
 * @property {() => Promise<{ done?: boolean, value?: Uint8Array | undefined }>} read
 * @property {() => Promise<unknown>} cancel
 */

/** The longest time for which the rest of an upload is read. */
const DRAIN_MS = 60_000;

/** The largest rest that is read: four times the default of `maxBytes`. */
const DRAIN_BYTES = 100_000_000;

/**
 * Reads and drops the rest of a body, and cancels it at a limit. Browsers read no response before
 * they have sent the whole body, and lose it if the connection is closed before.
 * @param {Reader} reader
 */
export async function drain(reader) {
  const cancel = () => reader.cancel().catch(() => {});
  const timer = setTimeout(cancel, DRAIN_MS);
  // Only the timers of Node have `unref`.
  /** @type {{ unref?(): void }} */ (/** @type {unknown} */ (timer)).unref?.();
  let bytes = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      bytes += value?.byteLength ?? 0;
      if (bytes > DRAIN_BYTES) void cancel();
    }
  } catch {
    // The caller went away.
  }
  clearTimeout(timer);
}
