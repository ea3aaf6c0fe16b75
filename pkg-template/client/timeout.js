// How long something may take.

import { GRACE_MS, LATE_AFTER_MS } from "./constants.js";

/**
 * What `work` resolves to, or `undefined` after `ms` milliseconds of a page that runs. Where the timer finds itself late,
 * the page was asleep or held up, and what it waited for may lie there unread: that gets its chance first.
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
