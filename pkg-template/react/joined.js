// The hooks' additions to the options of a call.

import { isRecord, isSignal, whenAborted } from "../foreign.js";
import { copied } from "../guard.js";

/**
 * Returns a copy of `given`, with `added` and a signal that `controller` and the caller's own signal abort, and
 * `release()`, which removes the listener from the caller's. Invalid values are passed on, for the client to refuse.
 */
export function joined(given, controller, added) {
  const copy = copied("options", given);
  if (copy != null && !isRecord(copy)) return { options: copy, release() {} };
  const own = copy?.signal;
  const isInvalid = own != null && !isSignal(own);
  // Not AbortSignal.any, which Safari has only since 17.4.
  const release = own == null || isInvalid ? () => {} : whenAborted(own, (reason) => controller.abort(reason));
  return { options: { ...copy, ...added, signal: isInvalid ? own : controller.signal }, release };
}

/** Returns a callback that calls `first`, then the current result of `own()`. Passes on what is no function, too. */
export function both(first, own) {
  const given = own();
  if (given != null && typeof given !== "function") return given;
  return (value) => {
    first(value);
    own()?.(value);
  };
}
