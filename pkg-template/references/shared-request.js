// Single flight: simultaneous callers of the same reference share one request, in this page and, by
// a lock, in other tabs.

import { notify } from "../client/untrusted-values.js";
import { lock } from "../storage/web-locks.js";
import { MAX_DELAY_MS } from "./constants.js";
import * as referenceStore from "./reference-store.js";

/** @import { Progress, RequestOptions } from "../index.js" */
/** @import { RequestBody, Runtime } from "../internal.js" */
/** @typedef {{ listener: RequestOptions["onProgress"] }} Subscription */

/** The request of one reference, and its callers. */
export class SharedRequest {
  #runtime;
  #key;
  #body;
  #controller = new AbortController();
  /** @type {Set<Subscription>} */
  #subscriptions = new Set();
  /** @type {Progress | undefined} The last progress, for callers that subscribe late. */
  #lastProgress;

  /**
   * @param {Runtime} runtime
   * @param {string} key
   * @param {RequestBody} body
   * @param {RequestOptions} request the first caller's checked options
   */
  constructor(runtime, key, body, { retry, attemptTimeoutMs, uploadStallMs }) {
    this.#runtime = runtime;
    this.#key = key;
    this.#body = body;
    // The first caller's options count, except for the deadline, which each caller waits for
    // itself.
    const { signal } = this.#controller;
    /** @type {RequestOptions} */
    const request = {
      retry,
      attemptTimeoutMs,
      uploadStallMs,
      signal,
      deadlineMs: MAX_DELAY_MS,
    };
    /** @type {Promise<any>} The analysis. Starts after the first caller has subscribed. */
    this.result = Promise.resolve().then(() => this.#run(request));
  }

  /**
   * Adds a caller.
   * @param {Subscription["listener"]} listener called with the progress
   */
  subscribe(listener) {
    const subscription = { listener };
    this.#subscriptions.add(subscription);
    if (this.#lastProgress) void notify(listener, this.#lastProgress);
    return subscription;
  }

  /**
   * Removes a caller. If it was the last one, aborts the request and returns true.
   * @param {Subscription} subscription
   */
  unsubscribe(subscription) {
    this.#subscriptions.delete(subscription);
    const isEmpty = this.#subscriptions.size === 0;
    if (isEmpty) this.#controller.abort();
    return isEmpty;
  }

  /** @param {RequestOptions} request */
  async #run(request) {
    const { handle } = this.#runtime;
    // Not without a listener, because progress of an upload to another origin needs a preflight.
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
   * Resolves to the stored analysis, or to the lock for the request. One tab makes the request, and
   * the others find the analysis that it has stored.
   */
  async #loadOrLock() {
    const stored = await referenceStore.get(this.#runtime, this.#key);
    if (stored) return { stored };
    const release = await lock(`thetaone-web reference ${this.#key}`, true);
    return { stored: await referenceStore.get(this.#runtime, this.#key), release };
  }

  /** @param {Progress} progress */
  #emit(progress) {
    this.#lastProgress = progress;
    for (const { listener } of [...this.#subscriptions]) void notify(listener, progress);
  }
}
