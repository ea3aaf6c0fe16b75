// Waits for modules to load, no longer than the call that needs them may last.

import { callAbortedError, deadlineError } from "./local-errors.js";
import { withTimeout } from "./timeout.js";
import { isSignal, whenAborted } from "./untrusted-values.js";

/**
 * Resolves to the outcome of `loading`. Rejects before if `signal` is aborted, `deadlineMs`
 * milliseconds pass, or one of `rejectors` is called; its own function is one of them meanwhile.
 * @template Loaded
 * @param {Promise<Loaded>} loading
 * @param {unknown} signal
 * @param {number | false | undefined} deadlineMs
 * @param {Set<(error: unknown) => void>} rejectors
 * @returns {Promise<Loaded>}
 */
export async function raceWithAbort(loading, signal, deadlineMs, rejectors) {
  /** @type {(error: unknown) => void} */
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
