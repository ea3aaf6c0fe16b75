// The hooks' additions to the options of a call.

import { isRecord, isSignal, whenAborted } from "../client/untrusted-values.js";
import { copied } from "../client/arguments.js";

/**
 * Returns a copy of `given`, with what `added(copy)` returns and a signal that `controller` and the caller's own signal
 * abort, and `release()`, which stops listening to the caller's. Invalid values are passed on, for the client to refuse.
 */
export function joined(given, controller, added) {
  const copy = copied("options", given);
  if (copy != null && !isRecord(copy)) return { options: copy, release() {} };
  const own = copy?.signal;
  const isOwn = isSignal(own);
  // Not AbortSignal.any, which Safari has only since 17.4 and which takes no signal of another realm.
  const release = isOwn ? whenAborted(own, (reason) => controller.abort(reason)) : () => {};
  const signal = isOwn || own == null ? controller.signal : own;
  return { options: { ...copy, ...added(copy), signal }, release };
}

/** Returns a callback that calls `first`, then `own()`, the caller's callback by then. Passes on what is no function. */
export function both(first, given, own = () => given) {
  if (given != null && typeof given !== "function") return given;
  return (value) => {
    first(value);
    own()?.(value);
  };
}
