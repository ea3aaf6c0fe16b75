// Waiting for what loads, for as long as the call that needs it may last.

import { abortedError, deadlineError } from "./early-errors.js";
import { within } from "./patience.js";

/** What `loading` resolves to, unless `signal` is aborted or `deadlineMs` milliseconds pass before. */
export async function waitingFor(loading, signal, deadlineMs) {
  const aborted = abortOf(signal);
  try {
    const wanted = Promise.race([loading, aborted.promise]);
    if (deadlineMs === undefined) return await wanted;
    const loaded = await within(deadlineMs, wanted);
    if (loaded === undefined) throw deadlineError(deadlineMs);
    return loaded;
  } finally {
    aborted.forget();
  }
}

/** A promise that rejects when the signal is aborted. What only looks like a signal, the core refuses. */
function abortOf(signal) {
  if (!isSignal(signal)) return { promise: new Promise(() => {}), forget() {} };
  let abort;
  const promise = new Promise((_, reject) => {
    abort = () => reject(abortedError("the call was aborted", signal.reason));
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort);
  });
  return { promise, forget: () => signal.removeEventListener("abort", abort) };
}

/** Made by the browser: its getters throw on anything else. */
function isSignal(value) {
  try {
    return value instanceof AbortSignal && typeof value.aborted === "boolean";
  } catch {
    return false;
  }
}
