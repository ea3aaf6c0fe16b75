// Limits the time of a piece of work.

import { GRACE_MS, LATE_AFTER_MS } from "./constants.js";

/**
 * Resolves to the outcome of `work`, or to `undefined` after `ms` milliseconds.
 *
 * If the timer fires more than `LATE_AFTER_MS` late, the page was asleep or busy, and the outcome
 * may have arrived meanwhile. The timeout is then `GRACE_MS` later, so that it is read first.
 * @template Result
 * @param {number} ms
 * @param {Promise<Result>} work
 * @returns {Promise<Result | undefined>}
 */
export function withTimeout(ms, work) {
  const dueMs = performance.now() + ms;
  return new Promise((resolve, reject) => {
    const onTimeout = () => resolve(undefined);
    let timer = setTimeout(() => {
      if (performance.now() - dueMs <= LATE_AFTER_MS) onTimeout();
      else timer = setTimeout(onTimeout, GRACE_MS);
    }, ms);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
