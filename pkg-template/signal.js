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
  let isOver = false;
  const tell = () => {
    if (!isOver) abort(memberOf(signal, "reason"));
    isOver = true;
  };
  const attempt = (method) => {
    try {
      signal[method]("abort", tell);
    } catch {
      // It cannot abort, then.
    }
  };
  if (memberOf(signal, "aborted") === true) tell();
  else attempt("addEventListener");
  return () => {
    isOver = true;
    attempt("removeEventListener");
  };
}
