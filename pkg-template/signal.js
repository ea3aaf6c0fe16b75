// A caller's AbortSignal, which may come from another realm or library.

import { isA, memberOf } from "./foreign.js";

/** Whether `value` works as an AbortSignal. Its getters throw on whatever only looks like one. */
export const isSignal = (value) =>
  isA(value, "AbortSignal") &&
  typeof memberOf(value, "aborted") === "boolean" &&
  typeof memberOf(value, "addEventListener") === "function";

/**
 * Calls `abort` with the signal's reason, once, when the signal is aborted; at once if it is. Returns a function that
 * stops listening.
 */
export function whenAborted(signal, abort) {
  let isOver = memberOf(signal, "aborted") === true;
  const tell = () => abort(memberOf(signal, "reason"));
  const listener = () => {
    if (isOver) return;
    isOver = true;
    tell();
  };
  if (isOver) {
    tell();
    return () => {};
  }
  attempted(signal, "addEventListener", listener);
  return () => {
    isOver = true;
    attempted(signal, "removeEventListener", listener);
  };
}

function attempted(signal, method, listener) {
  try {
    signal[method]("abort", listener);
  } catch {
    // It cannot abort, then.
  }
}
