// Sends parts, each with a call of its own, some at a time.

/** @import { Progress, RequestOptions, ThetaOneError, Transcript } from "../index.js" */
/** @import { Runtime } from "../internal.js" */
/** @import { ProgressAggregator } from "./progress.js" */
/** @import { Part } from "./split.js" */

import { memberOf, whenAborted } from "../client/untrusted-values.js";

/**
 * Sends one part.
 * @typedef {(part: Part, request: RequestOptions) => Promise<Transcript>} SendPart
 */

/** The reason of the abort of a part that is not sent any more, unless the caller aborts. */
const ABANDONED = Symbol("abandoned");

/**
 * Sends those of `parts` that have no result, at most `maxConcurrent` at a time. Resolves to the
 * error that ended all parts, if there is one.
 *
 * The calls of the parts watch the deadline and the end of the client themselves, so that each call
 * emits its own events.
 * @param {Runtime} runtime
 * @param {Part[]} parts
 * @param {ProgressAggregator} progress
 * @param {number} maxConcurrent
 * @param {AbortSignal | undefined} signal
 * @param {SendPart} call
 * @returns {Promise<unknown>}
 */
export async function uploadParts({ shared }, parts, progress, maxConcurrent, signal, call) {
  const missing = parts.filter(({ result }) => result === undefined);
  /** @type {Map<Part, AbortController>} */
  const live = new Map();
  /** @type {unknown} */
  let fatalError;

  // A part that the server has may be billed, so its response is awaited. Nothing else is sent.
  const abortUnsent = () => {
    for (const [part, own] of live) if (part.phase !== "uploading") own.abort(ABANDONED);
  };
  let isAborted = false;
  // Not by AbortSignal.any, which some browsers in use do not have.
  /** @param {unknown} reason */
  const abort = (reason) => {
    isAborted = true;
    for (const own of live.values()) own.abort(reason);
  };

  /** @param {Part} part */
  const uploadPart = async (part) => {
    const own = new AbortController();
    live.set(part, own);
    if (isAborted) own.abort(memberOf(signal, "reason"));
    /** @param {Progress} partProgress */
    const onProgress = (partProgress) => {
      progress.update(part, partProgress);
      if (fatalError) abortUnsent();
    };
    try {
      part.result = await call(part, { signal: own.signal, onProgress });
    } catch (thrown) {
      // An abandoned part has not failed: it rejects with the abort above, or with the error that
      // is already in `fatalError`.
      if (own.signal.reason !== ABANDONED) part.error = thrown;
      const { code, reason } = /** @type {ThetaOneError} */ (thrown);
      if (shared.isFatalForAll(code, reason)) fatalError ??= thrown;
    }
    live.delete(part);
    progress.finish(part);
    if (fatalError) abortUnsent();
  };
  // Not all at once: each part would hold a place in the queue, and other calls of the page would
  // wait until after the last part.
  const worker = async () => {
    while (!fatalError && missing.length > 0)
      await uploadPart(/** @type {Part} */ (missing.shift()));
  };

  const dispose = signal && whenAborted(signal, abort);
  try {
    await Promise.all(Array.from({ length: Math.min(maxConcurrent, missing.length) }, worker));
  } finally {
    dispose?.();
  }
  return fatalError;
}
