// The cache of analyzed reference recordings.

import type { AnalyzeNativeOptions, NativeAnalysis } from "./api.js";
import type { Audio } from "./audio.js";
import type { RequestOptions } from "./request.js";

/** How the client stores reference analyses. */
export interface ReferencesOptions {
  /**
   * Whether analyses are stored in IndexedDB, for later visits and for all tabs of this origin.
   * Default `false`.
   */
  persist?: boolean;
  /**
   * Maximum number of analyses (up to 10000). The least recently used ones are removed first.
   * Default 500.
   */
  maxEntries?: number;
}

/**
 * A cache of reference recordings, so that each is analyzed, and paid for, only once.
 *
 * The key of an entry is the SHA-256 of the audio that is sent, together with `gold_text`. Only
 * successes are stored. These calls do not use the outbox.
 *
 * Simultaneous calls for the same key share one request. The request uses the `retry` and timeout
 * options of the first call. `deadlineMs` and `signal` apply to each call separately. `onProgress`
 * does too, but is called only if the first call has an `onProgress`.
 */
export interface References {
  /**
   * Returns the result of `analyzeNative`. Calls the API only if the result is not stored. Each
   * caller gets a copy. Rejects with the same errors as `analyzeNative`.
   */
  get(
    audio: Audio,
    options: AnalyzeNativeOptions,
    request?: RequestOptions,
  ): Promise<NativeAnalysis>;
  /** Returns whether the result is stored, so that `get()` would not call the API. */
  has(audio: Audio, options: AnalyzeNativeOptions): Promise<boolean>;
  /** Removes a stored result. Returns whether there was one. */
  delete(audio: Audio, options: AnalyzeNativeOptions): Promise<boolean>;
  /** Removes all stored results. */
  clear(): Promise<void>;
}
