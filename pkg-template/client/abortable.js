// Waiting for what loads, for as long as the call that needs it may last.

import { callAbortedError, deadlineError } from "./local-errors.js";
import { withTimeout } from "./timeout.js";
import { isSignal, whenAborted } from "./untrusted-values.js";

/**
 * Returns what `loading` resolves to, unless `signal` is aborted, `deadlineMs` milliseconds pass or one of `rejectors` is called
 * before. Adds its own function to `rejectors` for that time.
 */
export async function raceWithAbort(loading, signal, deadlineMs, rejectors) {
  let rejectWait = () => {};
  const rejected = new Promise((_, reject) => {
    rejectWait = reject;
  });
  rejectors.add(rejectWait);
  const stopListening =
    isSignal(signal) && whenAborted(signal, (reason) => rejectWait(callAbortedError(reason)));
  try {
    const loadedOrRejected = Promise.race([loading, rejected]);
    if (!deadlineMs) return await loadedOrRejected;
    const loaded = await withTimeout(deadlineMs, loadedOrRejected);
    if (loaded === undefined) throw deadlineError(deadlineMs);
    return loaded;
  } finally {
    rejectors.delete(rejectWait);
    if (stopListening) stopListening();
  }
}
