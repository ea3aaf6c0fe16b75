// The events that `options.onEvent` receives.

import type { EndpointPath } from "./api.js";
import type { ErrorCode } from "./errors.js";

/** An event for `onEvent`. No event contains an API key. */
export type ThetaOneEvent = CallEvent | OutboxEvent | ReferencesEvent;

/** A step of a call. */
export interface CallEvent {
  /**
   * The step.
   *
   * - `queued`: the call waits for the rate limiter, or for the network (`reason: "offline"`).
   * - `attempt`: an attempt is being sent.
   * - `response`: the status of the response has arrived.
   * - `retry`: the attempt failed, and the call waits for the next one.
   * - `success`, `failure`: the call has ended.
   */
  type: "attempt" | "response" | "retry" | "queued" | "success" | "failure";
  endpoint: EndpointPath;
  /** The number of the attempt, from 1; 0 before the first attempt. */
  attempt: number;
  /** Maximum number of attempts; 0 if the call failed before the wasm was loaded. */
  maxAttempts: number;
  /** Time of the event: UTC, ISO 8601. */
  at: string;
  /** The HTTP status of the response. */
  status?: number;
  /** For `retry` and `failure`: the `code` of the error. */
  code?: ErrorCode;
  /**
   * For `retry` and `failure`: the `reason` of the error. For `queued`: `offline`, if it applies.
   */
  reason?: string;
  /**
   * For `response`, the time since the attempt was sent. For `success` and `failure`, the duration
   * of the whole call. In milliseconds.
   */
  durationMs?: number;
  /** For `retry`: the wait before the next attempt, in milliseconds. */
  delayMs?: number;
  id?: undefined;
}

/** The fields that only call events have, so that code can read them before it checks `type`. */
type NoCallFields = {
  [Name in Exclude<keyof CallEvent, "type" | "reason" | "at" | "id">]?: undefined;
};

/** Reports that a recording is not stored, or no longer. The call, if there is one, continues. */
export interface OutboxEvent extends NoCallFields {
  type: "outbox";
  /**
   * The reason.
   *
   * - `quota`: no storage space is left, or the recording exceeds `maxBytes`.
   * - `unavailable`: IndexedDB is missing, blocked or broken.
   * - `evicted`: the recording was the oldest and was removed for a newer one.
   * - `expired`: the recording was older than `ttlMs`.
   */
  reason: "quota" | "unavailable" | "evicted" | "expired";
  /** The ID of the recording. */
  id: string;
  /** Time of the event: UTC, ISO 8601. */
  at: string;
}

/** Reports that stored references could not be read or written. The call continues. */
export interface ReferencesEvent extends NoCallFields {
  type: "references";
  /** The reason; see `OutboxEvent.reason`. */
  reason: "quota" | "unavailable";
  id?: undefined;
  /** Time of the event: UTC, ISO 8601. */
  at: string;
}

export {};
