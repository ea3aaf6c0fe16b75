// The hooks' additions to the options of a call.

import { copied, isRecord } from "../guard.js";

/**
 * Returns a copy of `given`, with what `added(copy)` returns and a signal that `controller` and the caller's own signal abort, and
 * `release()`, which removes the listener from the caller's. Invalid values are passed on, for the client to refuse.
 */
export function joined(given, controller, added) {
  const copy = copied("options", given);
  if (copy != null && !isRecord(copy)) return { options: copy, release() {} };
  const own = copy?.signal;
  const abort = () => controller.abort(own.reason);
  let { signal } = controller;
  // Not AbortSignal.any, which Safari has only since 17.4.
  if (own instanceof AbortSignal) {
    if (own.aborted) abort();
    else own.addEventListener("abort", abort);
  } else if (own != null) {
    signal = own;
  }
  return {
    options: { ...copy, ...added(copy), signal },
    release: () => own?.removeEventListener?.("abort", abort),
  };
}

/** Returns a callback that calls `first`, then `own()`, the caller's callback by then. What is no function, is passed on. */
export function both(first, given, own = () => given) {
  if (given != null && typeof given !== "function") return given;
  return (value) => {
    first(value);
    own()?.(value);
  };
}
