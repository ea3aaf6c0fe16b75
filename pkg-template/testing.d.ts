// thetaone-web/testing: plays the API, the clock and the microphone in the tests of a page. Runs in Node >= 20 and in browsers.

import type {
  EndpointPath,
  NativeAnalysis,
  Pronunciation,
  SpeechComponent,
  SpeechWord,
  Transcript,
} from "./index.js";

/** One answer of a script: a response, or a fault. */
export type Step = ResponseStep | FaultStep;

export interface ResponseStep {
  /** 200 to 599. Default 200. */
  status?: number;
  headers?: Record<string, string>;
  /** Text and bytes are sent as they are, anything else as JSON; a function is called with the request. */
  body?: unknown | ((request: RecordedRequest) => unknown);
  /** How long the answer takes, in milliseconds: virtual ones where a virtual clock is installed. */
  delayMs?: number;
}

export interface FaultStep {
  fault: "connection" | "hang" | "brokenBody";
  /** Of `brokenBody`. Default 200. */
  status?: number;
  delayMs?: number;
}

/** Answers that are none. `{ ...fault.connection(), delayMs: 500 }` lets one come later. */
export const fault: {
  /** The connection fails: `ConnectionError`. */
  connection(): FaultStep;
  /** Nothing comes, until the request is aborted: `TimeoutError`, after `attemptTimeoutMs`. */
  hang(): FaultStep;
  /**
   * The answer breaks off in the middle of its body: `InvalidResponseError`, which is not retried, since the work was billed;
   * of an error answer, the status counts.
   */
  brokenBody(options?: { status?: number }): FaultStep;
  /** A 200 with a page: `InvalidResponseError`. */
  notJson(): ResponseStep;
};

export interface RefusalOptions<Reason extends string = never> {
  /** Which of the errors with this name; the first of the reference where none is named. */
  reason?: Reason;
  /** Other words than the reference's. */
  detail?: string;
  /** The header `Retry-After`: seconds, or an HTTP date. */
  retryAfterSeconds?: number | string;
  delayMs?: number;
}
type Refusal<Reason extends string = never> = (options?: RefusalOptions<Reason>) => ResponseStep;

/**
 * What the API answers: for each method a success, and each error of its reference, worded as there.
 *
 * The fields that a success is given are added to it or replace its own. Without any, pronunciation answers hold the
 * words of the `gold_text` that was asked for, all well spoken.
 */
export const answers: {
  transcribe(fields?: Partial<Transcript>): ResponseStep;
  analyzeNative(fields?: Partial<NativeAnalysis>): ResponseStep;
  pronunciation(fields?: Partial<Pronunciation>): ResponseStep;
  pronunciationSimple(fields?: Partial<Pronunciation>): ResponseStep;

  /** `NotAllWordsSpokenError` */
  notAllWordsSpoken: Refusal;
  /** `InvalidAudioError` */
  invalidAudio: Refusal;
  /** `MissingGoldTextError` */
  missingGoldText: Refusal;
  /** `InvalidOptionsError` */
  invalidOptions: Refusal<"malformed_json" | "schema">;
  /** `InvalidNativeSpeechComponentsError` */
  invalidNativeSpeechComponents: Refusal<"malformed_json" | "schema">;
  /** `BadRequestError`: a 400 that is not in the reference. */
  badRequest: Refusal;
  /** `AuthenticationError` */
  unauthorized: Refusal<"invalid_key" | "inactive_key" | "unknown">;
  /** `PaymentRequiredError` */
  paymentRequired: Refusal<"insufficient_credits" | "plan_required" | "unknown">;
  /** `PayloadTooLargeError`, from a gateway. */
  payloadTooLarge: Refusal;
  /** `RateLimitError`, which is retried. */
  rateLimited: Refusal;
  /** `ServerError`, 500, which is retried. */
  serverError: Refusal;
  /** `ServerError`, 502, from a gateway; retried. */
  badGateway: Refusal;
  /** `ServerError`, 503, from a gateway; retried. */
  serviceUnavailable: Refusal;
  /** `ServerError`, 504, from a gateway; retried. */
  gatewayTimeout: Refusal;
};

/**
 * A well-spoken word for each word of `sentence`. `changes`, by word, replaces fields:
 * `speechComponents("Check out this castle.", { castle: { score: 41, is_correct: false } })`.
 */
export function speechComponents(
  sentence: string,
  changes?: Record<string, Partial<SpeechWord>>,
): SpeechComponent[];

/** A request as it came. */
export interface RecordedRequest {
  /** From 0. */
  readonly index: number;
  readonly url: string;
  readonly method: string;
  /** The last part of the path. */
  readonly endpoint: EndpointPath | (string & {});
  /** When it came, by `performance.now()`. */
  readonly at: number;
  /** By name in small letters. Values of keys, tokens and cookies are not recorded. */
  readonly headers: Readonly<Record<string, string>>;
  /** The text fields of the form, JSON parsed: `{ options: { gold_text: "Wow" } }`. */
  // `any`, so that a test can look for what it expects without a cast.
  readonly fields: Readonly<Record<string, any>>;
  /** The same, letter by letter as sent. */
  readonly texts: Readonly<Record<string, string>>;
  /** The audio that was sent. */
  readonly audio: File | undefined;
  /** Whether it has been given up. */
  readonly aborted: boolean;
}

/** A `fetch` for `new ThetaOne({ fetch })`. */
export interface ScriptedFetch {
  (url: string, init?: RequestInit): Promise<Response>;
  /** All requests so far. */
  readonly requests: readonly RecordedRequest[];
  /** How many answers are left. */
  readonly remaining: number;
  /** Adds answers. */
  push(...steps: Step[]): void;
  /** @throws where an answer is left, or a request found none */
  assertDone(): void;
}

/**
 * Answers requests with `steps`, in the order in which they come. One too many is answered with a 501 that says so: it is not
 * retried, so that the test fails at once and not after three attempts.
 */
export function scriptedFetch(steps?: readonly Step[]): ScriptedFetch;

export interface VirtualClockOptions {
  /** What time it is at first. Default 2026-01-01T00:00:00Z, so that time stamps are the same in every run. */
  now?: Date | number | string;
  /** How long `until()` waits for what is no matter of time, in real milliseconds. Default 4000. */
  patienceMs?: number;
}

/**
 * Time that stands still until it is told to move. Installed, it replaces `setTimeout`, `setInterval`, their counterparts,
 * `Date`, `performance.now` and `AbortSignal.timeout`. Between two timers, all that takes no time settles: promises, and
 * the reading of blobs and answers.
 */
export interface VirtualClock {
  /** @throws where another one is installed */
  install(): this;
  /** Puts real time back, and drops the timers that are pending. Does nothing where it is not installed. */
  uninstall(): void;
  /** Moves on by `ms` milliseconds, timer by timer. */
  advance(ms: number): Promise<void>;
  /** Moves on until no timer is pending. @throws for an interval, which never ends: a recording has one */
  runAll(): Promise<void>;
  /** Moves on as far as `promise` needs to settle, and gives what it gives. @throws where no time settles it */
  until<T>(promise: PromiseLike<T>): Promise<T>;
  /** What `Date.now()` gives while it is installed. */
  readonly now: number;
  /** Since it was installed, in milliseconds. */
  readonly elapsedMs: number;
  readonly pendingTimers: number;
}

export function virtualClock(options?: VirtualClockOptions): VirtualClock;

/** Numbers in [0, 1) that are the same for the same seed. */
export interface SeededRandom {
  next(): number;
  /** Lets `Math.random` give them, which the jitter of retries is made of. @throws where another one is installed */
  install(): this;
  uninstall(): void;
}

/** `seed` is an integer. */
export function seededRandom(seed: number): SeededRandom;

export interface ToneOptions {
  /** Default 1. */
  seconds?: number;
  /** Default 440. */
  hertz?: number;
  /** 0 (silence) to 1. Default 0.3. */
  amplitude?: number;
}

/** A tone as 16 kHz mono 16-bit WAV, which the SDK takes for speech. */
export function toneWav(options?: ToneOptions): Blob;

interface MicrophoneOptions {
  /** Why the microphone cannot be had: the `reason` of the `MicrophoneError`. */
  refuse?: "denied" | "not_found" | "busy" | "insecure_context" | "unsupported";
  /** How long the question whether the page may record stays open, in milliseconds. */
  delayMs?: number;
}
interface AudioOption {
  /** A WAV file. In browsers, any other that they decode, too. */
  audio?: Blob | ArrayBuffer | ArrayBufferView;
  tone?: never;
}
interface ToneOption {
  /** Instead of `audio`. */
  tone?: ToneOptions;
  audio?: never;
}
export type FakeMicrophoneOptions = MicrophoneOptions & (AudioOption | ToneOption);

/**
 * A microphone for `record()`, where there is none. Installed, it stands in for `navigator.mediaDevices`, `MediaRecorder`
 * and `AudioContext`.
 *
 * A recording holds all of the sound, however soon it is stopped; where it runs for longer, silence follows. Levels are told
 * for 16-bit WAV, as it plays after a quarter of a second, over the hiss of a quiet room. `capture: "pcm"` records as in a browser without worklets.
 * `microphones.list()` gives this one, named once it was open; `microphones.permission()` is left to the browser.
 */
export interface FakeMicrophone {
  /** @throws where another one is installed */
  install(): this;
  /** Puts everything back, and ends what is still recorded. Does nothing where it is not installed. */
  uninstall(): void;
  /** Whether it is open. */
  readonly isOn: boolean;
  /** What `getUserMedia` was asked for, each time. */
  readonly constraints: readonly MediaStreamConstraints[];
  /** Takes it away: the recording ends as `interrupted`. */
  unplug(): void;
  /** Lets it give nothing, as in a phone call. */
  mute(isMuted?: boolean): void;
}

export function fakeMicrophone(options?: FakeMicrophoneOptions): FakeMicrophone;
