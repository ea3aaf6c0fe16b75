// Waits for a condition, in a page or in Node.

// Stored before a test replaces them.
const { setTimeout } = globalThis;
const now = performance.now.bind(performance);

/** The limit of a wait. Only a test that fails takes so long, also on a busy machine. */
const LIMIT_MS = 60_000;

/**
 * Waits until `condition()`, which may be asynchronous, returns a truthy value. Returns that value.
 * Rejects after a minute.
 */
export async function waitFor(condition, description = String(condition)) {
  const endMs = now() + LIMIT_MS;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (now() > endMs) throw new Error(`not within ${LIMIT_MS} ms: ${description}`);
    await new Promise((resolve) => setTimeout(resolve));
  }
}
