// One call for all who ask for the same reference at the same time: in this page and, by a lock, in
// other tabs.

import { notify } from "../client/untrusted-values.js";
import { lock } from "../storage/web-locks.js";
import { MAX_DELAY_MS } from "./constants.js";
import * as referenceStore from "./reference-store.js";

export class SharedRequest {
  #runtime;
  #key;
  #body;
  #controller = new AbortController();
  #subscriptions = new Set();
  /** The last progress, for callers that subscribe late. */
  #lastProgress;

  /** `result` is a promise of the analysis. */
  constructor(runtime, key, body, { retry, attemptTimeoutMs, uploadStallMs }) {
    this.#runtime = runtime;
    this.#key = key;
    this.#body = body;
    // The first caller's options count, except for the deadline: each caller has its own.
    const { signal } = this.#controller;
    const request = {
      retry,
      attemptTimeoutMs,
      uploadStallMs,
      signal,
      deadlineMs: MAX_DELAY_MS,
    };
    // Starts after the first caller has subscribed.
    this.result = Promise.resolve().then(() => this.#run(request));
  }

  /** Adds a caller; `listener`, if there is one, is called with the progress. */
  subscribe(listener) {
    const subscription = { listener };
    this.#subscriptions.add(subscription);
    if (this.#lastProgress) notify(listener, this.#lastProgress);
    return subscription;
  }

  /** Removes a caller. Returns true if it was the last one, and aborts the call then. */
  unsubscribe(subscription) {
    this.#subscriptions.delete(subscription);
    const isEmpty = this.#subscriptions.size === 0;
    if (isEmpty) this.#controller.abort();
    return isEmpty;
  }

  async #run(request) {
    const { handle } = this.#runtime;
    // To other origins, watching an upload needs a preflight: only if somebody listens.
    const hasListener = [...this.#subscriptions].some(({ listener }) => listener);
    if (hasListener) request.onProgress = (progress) => this.#emit(progress);
    const { stored, release } = handle.persistsReferences ? await this.#loadOrLock() : {};
    try {
      const prepare = async () => this.#body;
      const analysis = stored ?? (await handle.send("analyzeNative", prepare, request, 0));
      handle.cacheSet(this.#key, analysis);
      if (handle.persistsReferences && !stored)
        await referenceStore.put(this.#runtime, this.#key, analysis);
      return analysis;
    } finally {
      release?.();
    }
  }

  /**
   * Resolves to the stored analysis, or to the lock to make the call: one tab calls, and the others
   * find the analysis that it has stored.
   */
  async #loadOrLock() {
    const stored = await referenceStore.get(this.#runtime, this.#key);
    if (stored) return { stored };
    const release = await lock(`thetaone-web reference ${this.#key}`, true);
    return { stored: await referenceStore.get(this.#runtime, this.#key), release };
  }

  #emit(progress) {
    this.#lastProgress = progress;
    for (const { listener } of [...this.#subscriptions]) notify(listener, progress);
  }
}
