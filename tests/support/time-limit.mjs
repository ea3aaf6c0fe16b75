// Limits the time of work in a browser, which may hang.

import { setTimeout as timer } from "node:timers/promises";

/** Resolves as `work` does. Rejects after `limitMs`, although the work may still go on. */
export async function withTimeLimit(work, limitMs) {
  const ended = new AbortController();
  const tooLong = timer(limitMs, undefined, { signal: ended.signal }).then(() => {
    throw new TimeLimitError(`not done within ${limitMs} ms`);
  });
  try {
    return await Promise.race([work, tooLong]);
  } finally {
    ended.abort();
  }
}

export class TimeLimitError extends Error {}
