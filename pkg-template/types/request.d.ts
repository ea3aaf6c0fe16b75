// Options of a single call, its retries and its progress.

/** How often and when failed requests are sent again. */
export interface RetryOptions {
  /** Maximum number of attempts, including the first one. Default 3. */
  maxAttempts?: number;
  /** Backoff after the first failure, in milliseconds. Doubles after each failure. Default 1000. */
  baseDelayMs?: number;
  /** Maximum backoff, in milliseconds. Default 30000. */
  maxDelayMs?: number;
  /**
   * Randomization of the backoff. `"full"` (default) waits for a random time between 0 and the
   * backoff; `"none"` waits for all of it.
   */
  jitter?: "full" | "none";
  /**
   * Whether an attempt that timed out is retried. The server may have billed the first attempt.
   * Default `false`.
   */
  timeouts?: boolean;
  /** Whether a failed connection is retried. Default `true`. */
  connection?: boolean;
}

/** The last argument of the endpoint methods. Each option overrides the client's. */
export interface RequestOptions {
  /** Aborts the call at once, in any phase. The call then rejects with an `AbortedError`. */
  signal?: AbortSignal;
  /**
   * Called at every step of the call.
   *
   * With this option or `uploadStallMs`, the SDK uploads with XMLHttpRequest, because fetch does
   * not report how many bytes are sent. The SDK still uses fetch, without byte counts, in these
   * cases: with a custom `fetch`, with an `apiKey`, with `credentials: "omit"`, in workers, in
   * pages that a service worker controls, and if XMLHttpRequest would add a CORS preflight.
   */
  onProgress?: (progress: Progress) => void;
  /** Maximum duration of one attempt, in milliseconds. */
  attemptTimeoutMs?: number;
  /** Maximum time without upload progress, in milliseconds. */
  uploadStallMs?: number;
  /** Maximum duration of the whole call, in milliseconds. */
  deadlineMs?: number;
  /** Retry options. An option that is not set here keeps the client's value. */
  retry?: RetryOptions;
}

/** The progress of a call. */
export interface Progress {
  /**
   * The current phase.
   *
   * - `preparing`: the audio is inspected and converted.
   * - `queued`: the call waits for other calls of the rate limiter.
   * - `uploading`: the request is being sent.
   * - `processing`: all bytes are sent. Only reported if the browser counts bytes.
   * - `waiting`: the call waits for the next attempt, or, without `delayMs`, for the network.
   */
  phase: "preparing" | "queued" | "uploading" | "processing" | "waiting";
  /** The number of the attempt, from 1. */
  attempt: number;
  /** Maximum number of attempts. */
  maxAttempts: number;
  /** The part of the audio that is sent, in bytes. Absent if the browser does not report it. */
  sentBytes?: number;
  /** The size of the audio, in bytes. Absent until it is known. */
  totalBytes?: number;
  /** The wait before the next attempt, in milliseconds. Only in the phase `waiting`. */
  delayMs?: number;
}
