// thetaone-web/testing: a fake API, clock and microphone for tests, in Node >= 20 and browsers.

import type {
  EndpointPath,
  NativeAnalysis,
  Pronunciation,
  SpeechComponent,
  SpeechWord,
  Transcript,
} from "./index.js";

/** One response of a script, or a fault in its place. */
export type Step = ResponseStep | FaultStep;

/** A response of a scripted fetch. */
export interface ResponseStep {
  /** The HTTP status, from 200 to 599. Default 200. */
  status?: number;
  headers?: Record<string, string>;
  /**
   * The body. Text and bytes are sent unchanged, anything else as JSON. A function is called with
   * the request and returns the body.
   */
  body?: unknown | ((request: RecordedRequest) => unknown);
  /** Delay of the response, in milliseconds. Virtual if a virtual clock is installed. */
  delayMs?: number;
}

/** A failure in place of a response; see `fault`. */
export interface FaultStep {
  fault: "connection" | "hang" | "brokenBody";
  /** The HTTP status of a `brokenBody`. Default 200. */
  status?: number;
  /** Delay of the failure, in milliseconds. Virtual if a virtual clock is installed. */
  delayMs?: number;
}

/** Creates failures. To delay one, write `{ ...fault.connection(), delayMs: 500 }`. */
export const fault: {
  /** Fails the connection. Causes a `ConnectionError`. */
  connection(): FaultStep;
  /** Never responds. Causes a `TimeoutError` after `attemptTimeoutMs`. */
  hang(): FaultStep;
  /**
   * Breaks the connection in the middle of the body. Causes an `InvalidResponseError`, which is not
   * retried, because the call was billed. For an error response, the status decides.
   */
  brokenBody(options?: { status?: number }): FaultStep;
  /** Responds with status 200 and an HTML page. Causes an `InvalidResponseError`. */
  notJson(): ResponseStep;
};

/** Options of an error response. */
export interface ErrorResponseOptions<Reason extends string = never> {
  /** The `reason` of the error. Default: the first one in the API's error reference. */
  reason?: Reason;
  /** A `detail` text that replaces the one of the error reference. */
  detail?: string;
  /** The header `Retry-After`: seconds, or an HTTP date. */
  retryAfterSeconds?: number | string;
  /** Delay of the response, in milliseconds. Virtual if a virtual clock is installed. */
  delayMs?: number;
}
type ErrorResponse<Reason extends string = never> = (
  options?: ErrorResponseOptions<Reason>,
) => ResponseStep;

/**
 * Creates the API's responses: a success for each method, and every error of the API's reference
 * with its original text.
 *
 * The fields that are passed to a success are added to it, or replace its own fields. By default, a
 * pronunciation result scores each word of the request's `gold_text` as well spoken.
 */
export const answers: {
  transcribe(fields?: Partial<Transcript>): ResponseStep;
  analyzeNative(fields?: Partial<NativeAnalysis>): ResponseStep;
  pronunciation(fields?: Partial<Pronunciation>): ResponseStep;
  pronunciationSimple(fields?: Partial<Pronunciation>): ResponseStep;

  /** Causes a `NotAllWordsSpokenError`. */
  notAllWordsSpoken: ErrorResponse;
  /** Causes an `InvalidAudioError`. */
  invalidAudio: ErrorResponse;
  /** Causes a `MissingGoldTextError`. */
  missingGoldText: ErrorResponse;
  /** Causes an `InvalidOptionsError`. */
  invalidOptions: ErrorResponse<"malformed_json" | "schema">;
  /** Causes an `InvalidNativeSpeechComponentsError`. */
  invalidNativeSpeechComponents: ErrorResponse<"malformed_json" | "schema">;
  /** Causes a `BadRequestError`: a 400 that is not in the API's reference. */
  badRequest: ErrorResponse;
  /** Causes an `AuthenticationError`. */
  unauthorized: ErrorResponse<"invalid_key" | "inactive_key" | "unknown">;
  /** Causes a `PaymentRequiredError`. */
  paymentRequired: ErrorResponse<"insufficient_credits" | "plan_required" | "unknown">;
  /** Causes a `PayloadTooLargeError`, as from a gateway. */
  payloadTooLarge: ErrorResponse;
  /** Causes a `RateLimitError`, which is retried. */
  rateLimited: ErrorResponse;
  /** Causes a `ServerError` with status 500, which is retried. */
  serverError: ErrorResponse;
  /** Causes a `ServerError` with status 502, as from a gateway. Retried. */
  badGateway: ErrorResponse;
  /** Causes a `ServerError` with status 503, as from a gateway. Retried. */
  serviceUnavailable: ErrorResponse;
  /** Causes a `ServerError` with status 504, as from a gateway. Retried. */
  gatewayTimeout: ErrorResponse;
};

/**
 * Returns a well-spoken word for each word of `sentence`. `changes` replaces fields, by word:
 * `speechComponents("Check out this castle.", { castle: { score: 41, is_correct: false } })`.
 *
 * @throws {TypeError} if `changes` names a word that is not in `sentence`
 */
export function speechComponents(
  sentence: string,
  changes?: Record<string, Partial<SpeechWord>>,
): SpeechComponent[];

/** A request that a scripted fetch received. */
export interface RecordedRequest {
  /** The position among the requests, from 0. */
  readonly index: number;
  readonly url: string;
  readonly method: string;
  /** The last segment of the URL's path. */
  readonly endpoint: EndpointPath | (string & {});
  /** Time of the request, by `performance.now()`, in milliseconds. */
  readonly at: number;
  /**
   * The headers, by name in lower case. The values of keys, tokens and cookies are not recorded.
   */
  readonly headers: Readonly<Record<string, string>>;
  /** The text fields of the form, with JSON parsed: `{ options: { gold_text: "Wow" } }`. */
  // `any`, so that a test can read the field that it expects without a cast.
  readonly fields: Readonly<Record<string, any>>;
  /** The text fields of the form, exactly as sent. */
  readonly texts: Readonly<Record<string, string>>;
  /** The audio that was sent. */
  readonly audio: File | undefined;
  /** Whether the request was aborted. */
  readonly aborted: boolean;
}

/** A `fetch` for `new ThetaOne({ fetch })`. */
export interface ScriptedFetch {
  (url: string, init?: RequestInit): Promise<Response>;
  /** All requests so far. */
  readonly requests: readonly RecordedRequest[];
  /** The number of responses that are left. */
  readonly remaining: number;
  /** Appends responses to the script. */
  push(...steps: Step[]): void;
  /**
   * Checks that the script is used up.
   *
   * @throws {Error} if a response is left, or if a request found none
   */
  assertDone(): void;
}

/**
 * Creates a `fetch` that responds with `steps` in their order. A request after the last step gets a
 * 501 that says so. The SDK does not retry a 501, so the test fails at once.
 */
export function scriptedFetch(steps?: readonly Step[]): ScriptedFetch;

/** Options of a virtual clock. */
export interface VirtualClockOptions {
  /**
   * The initial time. Default 2026-01-01T00:00:00Z, so that timestamps are the same in every run.
   */
  now?: Date | number | string;
  /**
   * Maximum time that `until()` waits for work that needs no timer, in real milliseconds. Default
   * 4000.
   */
  patienceMs?: number;
}

/**
 * A clock that moves only when the test says so.
 *
 * While installed, it replaces `setTimeout`, `setInterval`, the functions that clear them, `Date`,
 * `performance.now` and `AbortSignal.timeout`. Before each timer, it waits for all work that takes
 * no time: promises, and reading blobs and responses.
 */
export interface VirtualClock {
  /**
   * Replaces the real clock.
   *
   * @throws {Error} if another virtual clock is installed
   */
  install(): this;
  /** Restores the real clock, and drops pending timers. Has no effect if it is not installed. */
  uninstall(): void;
  /** Moves the time forward by `ms` milliseconds, timer by timer. */
  advance(ms: number): Promise<void>;
  /**
   * Moves the time forward until no timer is pending.
   *
   * @throws {Error} if an interval is running, which never ends. A recording has one.
   */
  runAll(): Promise<void>;
  /**
   * Moves the time forward until `promise` settles, and settles like it.
   *
   * @throws {Error} if no timer is left that could settle it
   */
  until<T>(promise: PromiseLike<T>): Promise<T>;
  /** The current virtual time, in milliseconds since 1970, as from `Date.now()`. */
  readonly now: number;
  /** The virtual time since `install()`, in milliseconds. */
  readonly elapsedMs: number;
  /** The number of pending timers. */
  readonly pendingTimers: number;
}

/** Creates a virtual clock. Call its `install()` to use it. */
export function virtualClock(options?: VirtualClockOptions): VirtualClock;

/** A sequence of numbers in [0, 1) that depends only on its seed. */
export interface SeededRandom {
  /** Returns the next number. */
  next(): number;
  /**
   * Replaces `Math.random`, which the jitter of retries uses.
   *
   * @throws {Error} if another seeded random is installed
   */
  install(): this;
  /** Restores `Math.random`. */
  uninstall(): void;
}

/** Creates a sequence of random numbers. `seed` is an integer. */
export function seededRandom(seed: number): SeededRandom;

/** Options of a test tone. */
export interface ToneOptions {
  /** The length, in seconds. Default 1. */
  seconds?: number;
  /** The frequency, in Hz. Default 440. */
  hertz?: number;
  /** The amplitude, from 0 (silence) to 1. Default 0.3. */
  amplitude?: number;
}

/** Returns a tone as 16 kHz mono 16-bit WAV. The SDK detects the tone as speech. */
export function toneWav(options?: ToneOptions): Blob;

interface MicrophoneOptions {
  /** Makes the microphone unavailable. The value is the `reason` of the `MicrophoneError`. */
  refuse?: "denied" | "not_found" | "busy" | "insecure_context" | "unsupported";
  /** Delay until the permission prompt is decided, in milliseconds. */
  delayMs?: number;
  /**
   * The devices, the default one first; then a `deviceId` that is not among them is rejected.
   * Default: one device, which is opened for every `deviceId`.
   */
  devices?: readonly FakeMicrophoneDevice[];
  /**
   * The permission, which then replaces that of `microphones.permission()`. With `"prompt"`, the
   * user grants it when the microphone is opened.
   */
  permission?: "granted" | "denied" | "prompt";
}

/** A device of a fake microphone. */
export interface FakeMicrophoneDevice {
  deviceId: string;
  /** The name. Empty on the page until the permission is granted. */
  label: string;
}

interface AudioOption {
  /** The recorded audio: a WAV file. In browsers, any format that the browser can decode. */
  audio?: Blob | ArrayBuffer | ArrayBufferView;
  tone?: never;
}
interface ToneOption {
  /** A tone as the recorded audio. */
  tone?: ToneOptions;
  audio?: never;
}

/** Options of a fake microphone. `audio` and `tone` exclude each other. */
export type FakeMicrophoneOptions = MicrophoneOptions & (AudioOption | ToneOption);

/**
 * A fake microphone for `record()`. While installed, it replaces `navigator.mediaDevices`,
 * `MediaRecorder` and `AudioContext`.
 *
 * - A recording contains all of the audio, however early it is stopped. If it runs longer, silence
 *   follows.
 * - Levels are available for 16-bit WAV. The audio plays after 0.25 s, over the noise of a quiet
 *   room.
 * - `capture: "pcm"` records as in a browser without worklets.
 * - `microphones.list()` returns its devices, with labels once the permission is granted.
 *   `microphones.permission()` is replaced only with the option `permission`.
 */
export interface FakeMicrophone {
  /**
   * Replaces the browser's microphone.
   *
   * @throws {Error} if another fake microphone is installed
   */
  install(): this;
  /** Restores everything, and ends running recordings. Has no effect if it is not installed. */
  uninstall(): void;
  /** Whether the microphone is open. */
  readonly isOn: boolean;
  /** The constraints of all calls of `getUserMedia`. */
  readonly constraints: readonly MediaStreamConstraints[];
  /** Plugs in another device, or an unplugged one again. */
  plugIn(device: FakeMicrophoneDevice): void;
  /**
   * Unplugs a device, or all of them. Their recordings end with the reason `interrupted`, and they
   * cannot be opened any more.
   */
  unplug(deviceId?: string): void;
  /**
   * Changes the permission, as a user does in the settings of the browser. Without permission,
   * recordings end with the reason `interrupted`.
   *
   * @throws {Error} if `fakeMicrophone()` got no `permission`
   */
  setPermission(permission: "granted" | "denied" | "prompt"): void;
  /** Mutes the microphone, as a phone call does. `mute(false)` ends it. */
  mute(isMuted?: boolean): void;
}

/** Creates a fake microphone. Call its `install()` to use it. */
export function fakeMicrophone(options?: FakeMicrophoneOptions): FakeMicrophone;
