// How long something may take.

/** How late a timer is that was not just busy, in milliseconds. */
const LATE_MS = 1_000;
/** What is given then, in milliseconds. */
const GRACE_MS = 2_000;

/**
 * What `work` resolves to, or `undefined` after `ms` milliseconds of a page that runs. Where the timer finds itself late,
 * the page was asleep or held up, and what it waited for may lie there unread: that gets its chance first.
 */
export function within(ms, work) {
  const due = performance.now() + ms;
  return new Promise((resolve, reject) => {
    const giveUp = () => resolve(undefined);
    let timer = setTimeout(() => {
      if (performance.now() - due <= LATE_MS) giveUp();
      else timer = setTimeout(giveUp, GRACE_MS);
    }, ms);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
