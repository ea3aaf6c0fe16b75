// Waits for a condition.

const LIMIT_MS = 20_000;

/** Resolves when `condition()` is true, which is asked in every frame, or task in hidden pages. */
export async function shown(condition, what = String(condition)) {
  const end = performance.now() + LIMIT_MS;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`not within ${LIMIT_MS} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
