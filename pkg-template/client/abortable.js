// Waiting for what loads, for as long as the call that needs it may last.

import { callAbortedError, deadlineError } from "./local-errors.js";
import { withTimeout } from "./timeout.js";
import { isSignal, whenAborted } from "./untrusted-values.js";

/**
 * Returns what `loading` resolves to, unless `signal` is aborted, `deadlineMs` milliseconds pass or one of `ends` is called
 * before. Adds its own function to `ends` for that time.
 */
export async function raceWithAbort(loading, signal, deadlineMs, ends) {
  let end;
  const ended = new Promise((_, reject) => {
    end = reject;
  });
  ends.add(end);
  const forget = isSignal(signal) && whenAborted(signal, (reason) => end(callAbortedError(reason)));
  try {
    const wanted = Promise.race([loading, ended]);
    if (!deadlineMs) return await wanted;
    const loaded = await withTimeout(deadlineMs, wanted);
    if (loaded === undefined) throw deadlineError(deadlineMs);
    return loaded;
  } finally {
    ends.delete(end);
    if (forget) forget();
  }
}
