// Parts on their way: each a call of its own, some at a time.

import { memberOf, whenAborted } from "../client/untrusted-values.js";

/** Why a part's own signal is aborted, unless the caller aborted. */
const GIVEN_UP = Symbol("given up");

/**
 * Sends those of `parts` that are not done, as many at once as `mostAtOnce`; resolves to the error that ended all, if
 * one did. `call(part, { signal, onProgress })` sends one.
 *
 * The parts watch the caller's signal, the deadline and the client's end themselves, so that each is told of in its
 * events.
 */
export async function send(core, parts, board, mostAtOnce, signal, call) {
  const missing = parts.filter(({ result }) => result === undefined);
  const live = new Map();
  let ending;

  // What the server has may be billed, so its answer is waited for; but nothing more is sent, not even again.
  const giveUpUnsent = () => {
    for (const [part, own] of live) if (part.phase !== "uploading") own.abort(GIVEN_UP);
  };
  let isAborted = false;
  // By hand, as AbortSignal.any is younger than some browsers that are in use.
  const abort = (reason) => {
    isAborted = true;
    for (const own of live.values()) own.abort(reason);
  };

  const settle = async (part) => {
    const own = new AbortController();
    live.set(part, own);
    if (isAborted) own.abort(memberOf(signal, "reason"));
    const onProgress = (progress) => {
      board.hear(part, progress);
      if (ending) giveUpUnsent();
    };
    try {
      part.result = await call(part, { signal: own.signal, onProgress });
    } catch (error) {
      // Given up, it has not failed; what it might fail by then, behind the gate, is what ended all.
      if (own.signal.reason !== GIVEN_UP) part.error = error;
      if (core.endsAll(error.code, error.reason)) ending ??= error;
    }
    live.delete(part);
    board.close(part);
    if (ending) giveUpUnsent();
  };
  // Not all at once: each would hold a place in the queue, and calls that the page makes meanwhile would have to wait
  // behind the last.
  const inTurn = async () => {
    while (!ending && missing.length > 0) await settle(missing.shift());
  };

  const forget = signal && whenAborted(signal, abort);
  try {
    await Promise.all(Array.from({ length: Math.min(mostAtOnce, missing.length) }, inTurn));
  } finally {
    forget?.();
  }
  return ending;
}
