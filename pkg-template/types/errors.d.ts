// The errors of the SDK. docs/errors.md lists every `code` and `reason`, with cause and remedy.

import type { EndpointPath } from "./api.js";
import type { PartialTranscript } from "./transcribe-long.js";

/** The kind of an error. Codes are stable: a new one is a minor version, a changed one a major. */
export type ErrorCode =
  | "BAD_REQUEST"
  | "INVALID_OPTIONS"
  | "MISSING_GOLD_TEXT"
  | "INVALID_NATIVE_SPEECH_COMPONENTS"
  | "NOT_ALL_WORDS_SPOKEN"
  | "INVALID_AUDIO"
  | "UNAUTHORIZED"
  | "PAYMENT_REQUIRED"
  | "PAYLOAD_TOO_LARGE"
  | "RATE_LIMIT_EXCEEDED"
  | "INTERNAL_SERVER_ERROR"
  | "BAD_GATEWAY"
  | "SERVICE_UNAVAILABLE"
  | "GATEWAY_TIMEOUT"
  | "UNEXPECTED_STATUS"
  | "INVALID_RESPONSE"
  | "CONNECTION_FAILED"
  | "TIMEOUT"
  | "ABORTED"
  | "MICROPHONE"
  | "STORAGE"
  | "CONFIGURATION"
  | "WASM_LOAD_FAILED";

/** The party that has to act. `local` errors come from the device, the page or the SDK's setup. */
export type ErrorCategory = "client" | "billing" | "quota" | "server" | "network" | "local";

/** The language of `userMessage()`. */
export type Locale = "en" | "ko";

/** An attempt that failed. */
export interface Attempt {
  /** Start of the attempt: UTC, ISO 8601. */
  startedAt: string;
  /** Duration of the attempt, in milliseconds. */
  durationMs: number;
  /** The HTTP status, if there was a response. */
  status?: number;
  code: ErrorCode;
  /** The wait after the attempt, in milliseconds. Absent after the last attempt. */
  delayMs?: number;
}

/** The base class of all errors of this SDK. Every rejection is one. Contains no API key. */
export class ThetaOneError extends Error {
  protected constructor();
  /**
   * Whether `value` is an error of this SDK, made by this or by another copy of the package. Check
   * `code` then. Never throws.
   */
  static is(value: unknown): value is AnyThetaOneError;
  /**
   * Restores an error from the result of `toJSON()`, with its class, fields and messages. Use it
   * for errors from a worker, because `postMessage` transfers only the message of an error. Returns
   * a `ConfigurationError` if `json` is anything else. Never throws.
   */
  static from(json: unknown): AnyThetaOneError;
  /** The kind of the error. */
  readonly code: ErrorCode;
  /** The party that has to act on the error. */
  readonly category: ErrorCategory;
  /** The HTTP status, if there was a response. */
  readonly status: number | undefined;
  /**
   * The error text of the server, unchanged. If the response has another shape, an excerpt of it
   * (up to 400 characters).
   */
  readonly detail: string | undefined;
  /** The cause, if the `code` has more than one. */
  readonly reason: string | undefined;
  /** Whether the SDK retries after this error. Timeouts are retried only with `retry.timeouts`. */
  readonly retryable: boolean;
  /** The wait that the server requested with `Retry-After`, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** The endpoint of the call. */
  readonly endpoint: EndpointPath | undefined;
  /** All attempts that failed. Empty if nothing was sent. */
  readonly attempts: readonly Attempt[];
  /** Time of the error: UTC, ISO 8601. */
  readonly occurredAt: string;
  /** The side that detected the problem. */
  readonly origin: "server" | "client";
  /** Instructions for the developer: how to fix the cause. */
  readonly fix: string;
  /** A page that helps. For HTTP 402, the billing page. */
  readonly helpUrl: string | undefined;
  /**
   * The parts that `transcribeLong` has completed, once the parts are known. Not enumerable and not
   * in `toJSON()`, because transcripts do not belong in logs.
   */
  readonly partial?: PartialTranscript;
  /**
   * The ID of this call's recording in the outbox, if it is stored there; see `outbox.resume()`.
   * Repeating the call with the same take also sends that recording.
   */
  readonly outboxId: string | undefined;
  /** Returns a message for the user of the page. Default: the client's `locale`. */
  userMessage(locale?: Locale): string;
  /**
   * Returns a description that can be posted to another thread, for `ThetaOneError.from()`.
   * Contains no API key and no `cause`.
   */
  toJSON(): Record<string, unknown>;
  /** Returns the details that support@thetaone.co asks for, as text. Contains no API key. */
  supportReport(): string;
}

/** The server rejected the request (HTTP 400), or the SDK did so before it was sent. */
export class BadRequestError extends ThetaOneError {
  readonly code:
    | "BAD_REQUEST"
    | "INVALID_OPTIONS"
    | "MISSING_GOLD_TEXT"
    | "INVALID_NATIVE_SPEECH_COMPONENTS"
    | "NOT_ALL_WORDS_SPOKEN"
    | "INVALID_AUDIO";
}

/** The options are not valid JSON, or do not match the schema of the endpoint. */
export class InvalidOptionsError extends BadRequestError {
  readonly code: "INVALID_OPTIONS";
  readonly reason: "malformed_json" | "schema";
}

/** The option `gold_text` is missing. */
export class MissingGoldTextError extends BadRequestError {
  readonly code: "MISSING_GOLD_TEXT";
}

/** The reference is not valid JSON, or not an array of words and pauses. */
export class InvalidNativeSpeechComponentsError extends BadRequestError {
  readonly code: "INVALID_NATIVE_SPEECH_COMPONENTS";
  readonly reason: "malformed_json" | "schema";
}

/** The recording does not contain every word of `gold_text`. */
export class NotAllWordsSpokenError extends BadRequestError {
  readonly code: "NOT_ALL_WORDS_SPOKEN";
}

/** The audio is empty, silent, truncated or in a format that cannot be decoded. */
export class InvalidAudioError extends BadRequestError {
  readonly code: "INVALID_AUDIO";
  /**
   * The cause. Absent if the server rejected the audio.
   *
   * - `empty`: there are no bytes.
   * - `undecodable`: the file is broken or unknown, or its sample rate is not within 8 to 192 kHz.
   * - `unsupported_codec`: the format is known, but cannot be decoded here.
   * - `truncated`: the file ends before its audio begins.
   * - `silent`: there is no speech.
   */
  readonly reason:
    | "empty"
    | "undecodable"
    | "unsupported_codec"
    | "truncated"
    | "silent"
    | undefined;
}

/** The API key is missing, unknown or inactive (HTTP 401). */
export class AuthenticationError extends ThetaOneError {
  readonly code: "UNAUTHORIZED";
  /**
   * `invalid_key`: the key is missing or unknown. `inactive_key`: the key is deactivated or
   * expired. `unknown`: another 401, for example of your proxy.
   */
  readonly reason: "invalid_key" | "inactive_key" | "unknown";
}

/** The balance is too low, or the plan does not include the endpoint (HTTP 402). */
export class PaymentRequiredError extends ThetaOneError {
  readonly code: "PAYMENT_REQUIRED";
  /**
   * `insufficient_credits`: the balance does not cover the request. `plan_required`: the plan does
   * not include the endpoint. `unknown`: another 402.
   */
  readonly reason: "insufficient_credits" | "plan_required" | "unknown";
}

/** The upload is too large for the server or a gateway (HTTP 413). */
export class PayloadTooLargeError extends ThetaOneError {
  readonly code: "PAYLOAD_TOO_LARGE";
}

/** The key's requests per minute are exceeded (HTTP 429). Retried by default. */
export class RateLimitError extends ThetaOneError {
  readonly code: "RATE_LIMIT_EXCEEDED";
}

/** The server or a gateway failed (HTTP 500, 502, 503 or 504). Retried by default. */
export class ServerError extends ThetaOneError {
  readonly code:
    | "INTERNAL_SERVER_ERROR"
    | "BAD_GATEWAY"
    | "SERVICE_UNAVAILABLE"
    | "GATEWAY_TIMEOUT";
}

/** The status is not one that the API documents, or is a redirect that is not followed. */
export class UnexpectedStatusError extends ThetaOneError {
  readonly code: "UNEXPECTED_STATUS";
}

/** The response has status 200, but its body is not the JSON that the endpoint promises. */
export class InvalidResponseError extends ThetaOneError {
  readonly code: "INVALID_RESPONSE";
  /**
   * `incomplete` means that the connection broke during the response. The call is not retried,
   * because it was billed.
   */
  readonly reason: "incomplete" | undefined;
}

/** The server cannot be reached. Retried by default. */
export class ConnectionError extends ThetaOneError {
  readonly code: "CONNECTION_FAILED";
  /**
   * `offline`: the browser reports that the device is offline. `unreachable`: DNS, TLS, CORS, a
   * blocked request, or a server that closed the connection; browsers do not say which.
   */
  readonly reason: "offline" | "unreachable";
}

/** A time limit was exceeded: `attemptTimeoutMs`, `uploadStallMs` or `deadlineMs`. */
export class TimeoutError extends ThetaOneError {
  readonly code: "TIMEOUT";
  /**
   * The limit: `attemptTimeoutMs` (`attempt`), `uploadStallMs` (`stall`) or `deadlineMs`
   * (`deadline`).
   */
  readonly reason: "attempt" | "stall" | "deadline";
}

/**
 * The caller's signal was aborted (`cause` is the signal's reason), or the client was disposed of.
 * The error's `name` is `"AbortError"`.
 */
export class AbortedError extends ThetaOneError {
  readonly code: "ABORTED";
  /** `timeout` if the signal's reason is a `TimeoutError`, as with `AbortSignal.timeout()`. */
  readonly reason: "timeout" | undefined;
}

/** The microphone cannot be used, or stopped working. */
export class MicrophoneError extends ThetaOneError {
  readonly code: "MICROPHONE";
  /**
   * The cause.
   *
   * - `denied`: the user, the browser or a permissions policy denied access.
   * - `not_found`: there is no microphone, or none with this `deviceId`.
   * - `busy`: this page is already recording, or another program uses the microphone.
   * - `insecure_context`: the page is not served over HTTPS or from localhost.
   * - `unsupported`: there is no microphone API here, as in a worker, in Node or in an old browser.
   * - `interrupted`: the recording ended before anything was captured.
   */
  readonly reason:
    | "denied"
    | "not_found"
    | "busy"
    | "insecure_context"
    | "unsupported"
    | "interrupted";
}

/**
 * The browser cannot store or read data on this device. Only `outbox`, `references` and
 * `dispose({ forget: true })` reject with it, never an API call.
 */
export class StorageError extends ThetaOneError {
  readonly code: "STORAGE";
  /**
   * `quota`: the storage of the browser or of this site is full. `unavailable`: IndexedDB is
   * missing, blocked or broken, as in Node and in some private windows.
   */
  readonly reason: "quota" | "unavailable";
}

/** The SDK is used incorrectly. `message` names the invalid option or the mistake. */
export class ConfigurationError extends ThetaOneError {
  readonly code: "CONFIGURATION";
}

/** The wasm, or a script of the package, cannot be loaded. `message` names the cause. */
export class WasmLoadError extends ThetaOneError {
  readonly code: "WASM_LOAD_FAILED";
}

/**
 * Any error of this SDK. TypeScript narrows it by `code`: after `code === "TIMEOUT"`, `reason` has
 * the type of `TimeoutError.reason`.
 */
export type AnyThetaOneError =
  | (BadRequestError & { readonly code: "BAD_REQUEST" })
  | InvalidOptionsError
  | MissingGoldTextError
  | InvalidNativeSpeechComponentsError
  | NotAllWordsSpokenError
  | InvalidAudioError
  | AuthenticationError
  | PaymentRequiredError
  | PayloadTooLargeError
  | RateLimitError
  | ServerError
  | UnexpectedStatusError
  | InvalidResponseError
  | ConnectionError
  | TimeoutError
  | AbortedError
  | MicrophoneError
  | StorageError
  | ConfigurationError
  | WasmLoadError;
