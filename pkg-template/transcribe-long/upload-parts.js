// Sends parts: each by a call of its own, some at a time.

import { memberOf, whenAborted } from "../client/untrusted-values.js";

/** The reason by which the signal of a part is aborted, unless the caller aborts. */
const ABANDONED = Symbol("abandoned");

/**
 * Sends those of `parts` that have no result, at most `maxConcurrent` at a time. Resolves to the
 * error that ended all parts, if there is one. `call(part, { signal, onProgress })` sends one part.
 *
 * The calls of the parts watch the deadline and the end of the client themselves, so that each call
 * emits its own events.
 */
export async function uploadParts({ shared }, parts, progress, maxConcurrent, signal, call) {
  const missing = parts.filter(({ result }) => result === undefined);
  const live = new Map();
  let fatalError;

  // A part that the server has may be billed, so its response is awaited. Nothing else is sent.
  const abortUnsent = () => {
    for (const [part, own] of live) if (part.phase !== "uploading") own.abort(ABANDONED);
  };
  let isAborted = false;
  // Not by AbortSignal.any, which some browsers in use do not have.
  const abort = (reason) => {
    isAborted = true;
    for (const own of live.values()) own.abort(reason);
  };

  const uploadPart = async (part) => {
    const own = new AbortController();
    live.set(part, own);
    if (isAborted) own.abort(memberOf(signal, "reason"));
    const onProgress = (partProgress) => {
      progress.update(part, partProgress);
      if (fatalError) abortUnsent();
    };
    try {
      part.result = await call(part, { signal: own.signal, onProgress });
    } catch (error) {
      // An abandoned part has not failed: it rejects with the abort above, or with the error that is
      // in `fatalError` already.
      if (own.signal.reason !== ABANDONED) part.error = error;
      if (shared.isFatalForAll(error.code, error.reason)) fatalError ??= error;
    }
    live.delete(part);
    progress.finish(part);
    if (fatalError) abortUnsent();
  };
  // Not all at once: each part would hold a place in the queue, and other calls of the page would
  // wait until after the last part.
  const worker = async () => {
    while (!fatalError && missing.length > 0) await uploadPart(missing.shift());
  };

  const dispose = signal && whenAborted(signal, abort);
  try {
    await Promise.all(Array.from({ length: Math.min(maxConcurrent, missing.length) }, worker));
  } finally {
    dispose?.();
  }
  return fatalError;
}
