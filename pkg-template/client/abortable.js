// Waiting for what loads, for as long as the call that needs it may last.

import { abortedError, deadlineError } from "./local-errors.js";
import { within } from "./timeout.js";
import { isSignal, whenAborted } from "./untrusted-values.js";

/**
 * Returns what `loading` resolves to, unless `signal` is aborted, `deadlineMs` milliseconds pass or one of `ends` is called
 * before. Adds its own function to `ends` for that time.
 */
export async function waitingFor(loading, signal, deadlineMs, ends) {
  let end;
  const ended = new Promise((_, reject) => {
    end = reject;
  });
  ends.add(end);
  const forget =
    isSignal(signal) &&
    whenAborted(signal, (reason) => end(abortedError("the call was aborted", reason)));
  try {
    const wanted = Promise.race([loading, ended]);
    if (!deadlineMs) return await wanted;
    const loaded = await within(deadlineMs, wanted);
    if (loaded === undefined) throw deadlineError(deadlineMs);
    return loaded;
  } finally {
    ends.delete(end);
    if (forget) forget();
  }
}
