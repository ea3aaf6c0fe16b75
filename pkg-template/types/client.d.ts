// The client: its options and methods.

import type {
  AnalyzeNativeOptions,
  NativeAnalysis,
  Pronunciation,
  PronunciationOptions,
  PronunciationSimpleOptions,
  TranscribeOptions,
  Transcript,
} from "./api.js";
import type { Audio, PrepareOptions, Take } from "./audio.js";
import type { Locale } from "./errors.js";
import type { ThetaOneEvent } from "./events.js";
import type { Outbox, OutboxOptions } from "./outbox.js";
import type { RecordOptions, Recorder } from "./recording.js";
import type { References, ReferencesOptions } from "./references.js";
import type { RequestOptions, RetryOptions } from "./request.js";
import type { LongRequestOptions, LongTranscript } from "./transcribe-long.js";

/** Header names and values. Headers whose value is `undefined` are not sent. */
export type HeaderMap =
  | Record<string, string | undefined>
  | Headers
  | Iterable<readonly [string, string | undefined]>;

/**
 * The options of a client.
 *
 * Options may be an instance of a class, or inherit from an object with defaults: inherited
 * properties count, except those of `Object.prototype`. An unknown option is a
 * `ConfigurationError`, even if it is inherited.
 */
export interface ThetaOneOptions {
  /**
   * The base URL of the four endpoints, usually of your own proxy. Default
   * `https://stt.thetaone-ai.com`.
   */
  baseUrl?: string | URL;
  /**
   * An API key, or a function that returns one. A `ConfigurationError` in browsers, unless
   * `dangerouslyAllowBrowserKey` is `true`. Not needed if your proxy adds the key.
   */
  apiKey?: string | (() => string | Promise<string>);
  /**
   * Allows `apiKey` in a browser, where everyone who opens the page can read it. Default `false`.
   */
  dangerouslyAllowBrowserKey?: boolean;
  /**
   * Extra headers for your proxy, such as a session token, or a function that returns them. The
   * function is called for every attempt.
   *
   * Headers that describe the body (`content-type`, `content-length`, `content-encoding`,
   * `transfer-encoding`) are a `ConfigurationError`. So is an API key, in browsers.
   */
  headers?: HeaderMap | (() => HeaderMap | Promise<HeaderMap>);
  /** The `credentials` option of fetch. Default `"same-origin"`. */
  credentials?: "omit" | "same-origin" | "include";
  /**
   * A function that is used instead of the global fetch.
   *
   * - It is called with a URL and an init whose body is `FormData` and whose `redirect` is
   *   `"manual"`.
   * - It must resolve for every response, also for error statuses (with ky, set
   *   `throwHttpErrors: false`). An object with `status` and with `text()` or `json()` suffices.
   * - A rejection that looks like a network failure is retried. Any other rejection is a
   *   `ConfigurationError` with the rejection as `cause`.
   * - It must belong to the same implementation as the global `FormData`. The fetch of undici 8 or
   *   node-fetch 2 does not; the SDK detects this before anything is sent.
   */
  fetch?: (url: string, init: RequestInit) => Promise<Response>;
  /** How often and when failed requests are sent again. */
  retry?: RetryOptions;
  /**
   * Maximum duration of one attempt, in milliseconds, from sending to the last byte of the
   * response. Default 30000.
   */
  attemptTimeoutMs?: number;
  /**
   * Maximum time without upload progress, in milliseconds. Counts from the first byte that the
   * browser reports; if it reports none, only `attemptTimeoutMs` ends the attempt. No default.
   */
  uploadStallMs?: number;
  /**
   * Maximum duration of a whole call, in milliseconds. Includes loading, backoff, queueing and
   * waiting for the network. No default.
   */
  deadlineMs?: number;
  /** Maximum number of requests that this client sends within any minute. No default. */
  requestsPerMinute?: number;
  /** Maximum number of requests of this client in progress at a time. Default 4. */
  maxConcurrent?: number;
  /**
   * Whether all tabs of this origin with the same `baseUrl` share `maxConcurrent`,
   * `requestsPerMinute` and the pause after a 429. Default `false`. Without Web Locks (pages that
   * are not served by HTTPS, sandboxed frames), each tab counts for itself.
   */
  shareAcrossTabs?: boolean;
  /** The language of `userMessage()`. Default `"en"`. */
  locale?: Locale;
  /** Called with every event of this client, for logs and metrics. Events contain no API key. */
  onEvent?: (event: ThetaOneEvent) => void;
  /**
   * Whether recordings are stored on this device (IndexedDB) until they are delivered; see
   * `theta.outbox`. Default `false`, because they are recordings of people, perhaps of children.
   *
   * A recording is stored before it is sent, and removed when its result has arrived. If the same
   * take, blob or file is sent again by the same method with the same options, it is stored only
   * once, as long as the page is open. `transcribeLong` does not use the outbox; see
   * `LongRequestOptions.resume`.
   */
  outbox?: boolean | OutboxOptions;
  /** How `theta.references` stores analyses. */
  references?: ReferencesOptions;
}

/**
 * A client of the Theta One API. All methods reject with a `ThetaOneError`. Create one client per
 * page, because its calls share one rate limiter.
 */
export class ThetaOne {
  /** The recordings that were not delivered; see `ThetaOneOptions.outbox`. */
  readonly outbox: Outbox;
  /** The cache of analyzed reference recordings. */
  readonly references: References;
  /**
   * Creates a client. The wasm is loaded on first use, or by `ready()`.
   *
   * @throws {ConfigurationError} for an unknown or invalid option, and for an API key in a browser
   */
  constructor(options?: ThetaOneOptions);
  /** Transcribes a recording of up to about 50 s. Use `transcribeLong` for longer recordings. */
  transcribe(
    audio: Audio,
    options?: TranscribeOptions,
    request?: RequestOptions,
  ): Promise<Transcript>;
  /**
   * Transcribes a recording of any length.
   *
   * A recording that is too long for one request is split at pauses in the speech. Each part is
   * sent as a call of its own, with the same rate limiter, retries and events as other calls.
   * Silence at the splits is not sent.
   *
   * If a part fails, the other parts are still sent, and the call rejects with the error of the
   * first part that failed. After an abort, the deadline, an `AuthenticationError`, a
   * `PaymentRequiredError` or a `ConfigurationError`, no more parts are sent, and the call rejects
   * with that error. In both cases, pass the error's `partial` as `request.resume` to send only the
   * missing parts.
   */
  transcribeLong(
    audio: Audio,
    options?: TranscribeOptions,
    request?: LongRequestOptions,
  ): Promise<LongTranscript>;
  /**
   * Analyzes a reference recording of a sentence, for `pronunciation`. Call it once per sentence
   * and store the result, or use `references.get()`.
   */
  analyzeNative(
    audio: Audio,
    options: AnalyzeNativeOptions,
    request?: RequestOptions,
  ): Promise<NativeAnalysis>;
  /** Scores a learner's recording against a reference recording. */
  pronunciation(
    audio: Audio,
    options: PronunciationOptions,
    request?: RequestOptions,
  ): Promise<Pronunciation>;
  /** Scores a learner's recording without a reference recording. */
  pronunciationSimple(
    audio: Audio,
    options: PronunciationSimpleOptions,
    request?: RequestOptions,
  ): Promise<Pronunciation>;
  /**
   * Opens the microphone at once, and loads the core during the recording. Resolves when the first
   * sound has arrived.
   *
   * @throws {MicrophoneError} if the microphone cannot be used, or this page is already recording
   */
  record(options?: RecordOptions): Promise<Recorder>;
  /**
   * Converts and analyzes audio without sending it. Returns the take that would be sent.
   *
   * @throws {InvalidAudioError} if the audio is empty, truncated or cannot be decoded
   */
  prepare(audio: Audio, options?: PrepareOptions): Promise<Take>;
  /**
   * Loads the wasm now instead of on first use. With `outbox`, also loads the outbox's scripts.
   *
   * @throws {WasmLoadError} if loading fails
   */
  ready(): Promise<void>;
  /**
   * Ends all calls, recordings and loading in progress with an `AbortedError`. Later calls reject
   * with a `ConfigurationError`.
   */
  dispose(options?: { forget?: false }): void;
  /**
   * Disposes of the client, and removes all unsent recordings and references that clients of this
   * origin store on this device.
   *
   * @throws {StorageError} if the storage cannot be written
   */
  dispose(options: { forget: true }): Promise<void>;
}
