// The outbox: recordings that are stored on the device until they are delivered.

import type { NativeAnalysis, Pronunciation, Transcript } from "./api.js";
import type { ErrorCode } from "./errors.js";
import type { RequestOptions } from "./request.js";

/** Limits of the outbox. */
export interface OutboxOptions {
  /**
   * Maximum age of a recording, in milliseconds (up to a year). Older recordings are removed when a
   * client with an outbox is created or its outbox is used. Default 604800000 (7 days).
   */
  ttlMs?: number;
  /**
   * Maximum size of all recordings with their texts, in bytes. The oldest recordings are removed
   * first. Default 50000000 (50 MB).
   */
  maxBytes?: number;
}

/** A recording that was not delivered. */
export interface UnsentRecording {
  /** The ID of the recording: a UUID. */
  id: string;
  /** Time of the first call: UTC, ISO 8601. */
  createdAt: string;
  /** The method that the recording is for. */
  method: "transcribe" | "analyzeNative" | "pronunciation" | "pronunciationSimple";
  /**
   * The options of the method. `native_speech_components` is stored too, but not listed here
   * because of its size.
   */
  options: { gold_text?: string; language?: "ko" | "en"; suppress_korean?: boolean };
  /**
   * The state of the recording.
   *
   * - `unsent`: `resume()` can send it.
   * - `rejected`: the server rejected these bytes (400 or 413), and would reject them again.
   * - `sending`: a call with it is in progress, in this tab or in another one.
   *
   * Without Web Locks (pages that are not served by HTTPS), the recording of a tab that was killed
   * stays `sending` for up to 90 seconds.
   */
  state: "unsent" | "rejected" | "sending";
  /** The size of the audio, in bytes. */
  bytes: number;
  /** The length of the audio, in seconds. */
  durationSeconds?: number;
  /**
   * The number of calls that tried to deliver the recording. Retries within a call do not count,
   * nor do calls with invalid options.
   */
  attempts: number;
  /** The error of the last of these calls. Absent if the page was closed before the call ended. */
  lastError?: { code: ErrorCode; reason?: string };
}

/**
 * The recordings that were sent but not delivered; see `ThetaOneOptions.outbox`.
 *
 * All clients and tabs of the origin share one outbox. It never contains an API key, a header or an
 * address. If the browser cannot store anything, `onEvent` reports it and calls continue.
 */
export interface Outbox {
  /**
   * Lists all recordings, the oldest first.
   *
   * @throws {ConfigurationError} if `options.outbox` is off
   * @throws {StorageError} if the storage cannot be read
   */
  list(): Promise<UnsentRecording[]>;
  /**
   * Returns the audio of a recording as it would be sent, or `undefined` if there is no such
   * recording.
   *
   * @throws {ConfigurationError} if `options.outbox` is off
   * @throws {StorageError} if the storage cannot be read
   */
  get(id: string): Promise<Blob | undefined>;
  /**
   * Sends a recording again, with the same bytes and options. Resolves to the result of the method
   * that the recording is for, and rejects with that method's errors.
   *
   * @throws {ConfigurationError} if there is no such recording, if a call with it is in progress,
   * or if `options.outbox` is off
   * @throws {StorageError} if the storage cannot be read
   */
  resume(
    id: string,
    request?: RequestOptions,
  ): Promise<Transcript | NativeAnalysis | Pronunciation>;
  /**
   * Removes a recording. A call with it that is in progress continues.
   *
   * @throws {ConfigurationError} if `options.outbox` is off
   * @throws {StorageError} if the storage cannot be written
   */
  discard(id: string): Promise<void>;
  /**
   * Removes all recordings, even if `options.outbox` is off.
   *
   * @throws {StorageError} if the storage cannot be written
   */
  clear(): Promise<void>;
}
