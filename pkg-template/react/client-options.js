// Adds a hook's own signal and callback to the options of a call.

import { copyOptions } from "../client/arguments.js";
import { isRecord, isSignal, whenAborted } from "../client/untrusted-values.js";

/**
 * Returns a copy of the caller's options with the members that `addMembers(copy)` returns, and with
 * a signal that both `controller` and the caller's own signal abort. `release()` stops listening to
 * the caller's signal. Invalid values are passed on, for the client to reject.
 * @param {unknown} given
 * @param {AbortController} controller
 * @param {(copy: any) => object} addMembers
 * @returns {{ options: any, release(): void }}
 */
export function withHookOptions(given, controller, addMembers) {
  const copy = copyOptions("options", given);
  if (copy != null && !isRecord(copy)) return { options: copy, release() {} };
  const callerSignal = copy?.signal;
  const hasSignal = isSignal(callerSignal);
  // Not `AbortSignal.any`: Safari has it only since 17.4, and it takes no signal of another realm.
  const release = hasSignal
    ? whenAborted(callerSignal, (/** @type {unknown} */ reason) => controller.abort(reason))
    : () => {};
  const signal = hasSignal || callerSignal == null ? controller.signal : callerSignal;
  return { options: { ...copy, ...addMembers(copy), signal }, release };
}

/**
 * Returns a callback that calls `first`, then the caller's callback, which `readLatest()` returns.
 * Returns an invalid `given` as it is, for the client to reject.
 * @template Value
 * @param {(value: Value) => void} first
 * @param {unknown} given the caller's callback
 * @param {() => unknown} readLatest
 */
export function chainCallbacks(first, given, readLatest = () => given) {
  if (given != null && typeof given !== "function") return given;
  return (/** @type {Value} */ value) => {
    first(value);
    /** @type {((value: Value) => void) | undefined} */ (readLatest())?.(value);
  };
}
