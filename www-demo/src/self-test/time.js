// Waiting, with time limits.

/**
 * Resolves after a time.
 * @param {number} ms
 */
export const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Resolves like `work`.
 * @template Value
 * @param {Promise<Value>} work
 * @param {number} limitMs
 * @throws {Error} if `work` has not settled after `limitMs`
 */
export function withLimit(work, limitMs) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const limit = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no result within ${limitMs / 1000} s`)), limitMs);
  });
  return Promise.race([work, limit]).finally(() => clearTimeout(timer));
}

/**
 * Calls `work`, and returns its value and the milliseconds that it took.
 * @template Value
 * @param {() => Promise<Value>} work
 */
export async function timed(work) {
  const startMs = performance.now();
  const value = await work();
  return { value, ms: performance.now() - startMs };
}

/**
 * Rounds a number for the report.
 * @param {number} number
 * @param {number} [digits] after the decimal point
 */
export const round = (number, digits = 0) => Number(number.toFixed(digits));
