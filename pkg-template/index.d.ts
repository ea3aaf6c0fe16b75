// thetaone-web: unofficial browser SDK for the Theta One speech API.

/** A recording that is ready to be sent. Made by `recorder.stop()` and `prepare()`. */
export class Take {
  private constructor();
  /** The audio: `audio/wav`, or `audio/mpeg` where it is an MP3. */
  readonly blob: Blob;
  /** The size of the audio, in bytes. */
  readonly bytes: number;
  /** In seconds. */
  readonly durationSeconds: number;
  /** In Hz; 16000 for everything that was recorded or converted, unless its own rate was lower. */
  readonly sampleRate: number;
  /** 1 is mono. */
  readonly channels: number;
  /** What trimming cut off the start, in seconds: add it to a time of the API to get the time in the recording. */
  readonly offsetSeconds: number;
  /** What each method would cost, in credits (1 credit = 1 US dollar). */
  readonly estimatedCredits: {
    readonly transcribe: number;
    readonly analyzeNative: number;
    readonly pronunciation: number;
    readonly pronunciationSimple: number;
  };
  /**
   * The loudest sample, in dBFS (0 is full scale, -100 silence). This and the fields below are absent for an MP3 that was not
   * listened to: of more than 16 million samples (3 minutes of stereo at 44.1 kHz, 16 of mono at 16 kHz), because decoding
   * them at once takes much memory and holds the page up; in workers and in Node, which cannot decode it; and where the
   * browser could not.
   */
  readonly peakDbfs?: number;
  /** The root mean square, in dBFS. */
  readonly rmsDbfs?: number;
  /** The share of samples at full scale, 0 to 1. */
  readonly clippedRatio?: number;
  /** Speech in all, in seconds. A take with none is refused before it is sent (`InvalidAudioError`, `silent`). */
  readonly speechSeconds?: number;
  /** Silence before the first speech, in seconds. */
  readonly leadingSilenceSeconds?: number;
  /** Silence behind the last speech, in seconds. */
  readonly trailingSilenceSeconds?: number;
  /** What is wrong with it, and what the speaker can do better. Of an MP3 that was not listened to, only what its frames tell. */
  readonly warnings?: readonly TakeWarning[];
  /** Why the recording ended; absent where a file was prepared. */
  readonly stopReason?: StopReason;
  /** Whether `value` is a take, from whichever copy of the package. */
  static is(value: unknown): value is Take;
}

/**
 * `too_quiet`: speech below -45 dBFS. `clipped`: more than 0.1 % of the samples at full scale. `mostly_silence`: less than
 * a quarter is speech. `too_long`: more than 60 s. `very_short`: less than 0.3 s of speech. `truncated`: a part of it
 * was lost: it is much shorter than the recording ran or than a WAV's header or a container promises, or its end is missing.
 * `junk`: an MP3 that had bytes that belong to none of its frames; they are left out. `mixed_formats`: an MP3 whose sample
 * rate changes, which few decoders get right.
 */
export type TakeWarning =
  | "too_quiet"
  | "clipped"
  | "mostly_silence"
  | "too_long"
  | "very_short"
  | "truncated"
  | "junk"
  | "mixed_formats";

/**
 * What the endpoint methods take: 16-bit PCM WAV and MP3 go up as they are, other WAV, and anything else that the browser can
 * decode, becomes 16 kHz mono 16-bit WAV first; for MP3, `prepare` it. A WAV whose header is not exact, or that holds other
 * chunks, gets a new header; of an MP3 only the frames go up, without tags. Channels that cancel each other become the
 * loudest one of them. Silence is refused (`InvalidAudioError`, `silent`), unless it is an MP3 that was not listened to.
 */
export type Audio = Take | Blob | File | ArrayBuffer | ArrayBufferView;

export interface RetryOptions {
  /** How often a request is sent at most, the first time included. Default 3. */
  maxAttempts?: number;
  /** The backoff after the first failure, in milliseconds; it doubles from there. Default 1000. */
  baseDelayMs?: number;
  /** The longest backoff, in milliseconds. Default 30000. */
  maxDelayMs?: number;
  /** How the backoff is spread: over all of its length, or not at all. Default `"full"`. */
  jitter?: "full" | "none";
  /** Whether an attempt that timed out is sent again; the server may have billed the first one. Default false. */
  timeouts?: boolean;
  /** Whether a failed connection is tried again. Default true. */
  connection?: boolean;
}

/**
 * Options may be an object of a class, or be created from defaults: inherited members count, except those of
 * `Object.prototype`. An unknown option is refused wherever it comes from.
 */
export interface ThetaOneOptions {
  /** The address under which the four endpoints are reached: your own proxy, as a rule. Default `https://stt.thetaone-ai.com`. */
  baseUrl?: string | URL;
  /** An API key, or a function that gives one. Refused in browsers unless `dangerouslyAllowBrowserKey` is set. */
  apiKey?: string | (() => string | Promise<string>);
  /** Allows `apiKey` in a browser, where everyone who opens the page can read it. Default false. */
  dangerouslyAllowBrowserKey?: boolean;
  /**
   * Extra headers for your proxy, such as a session token; in browsers, no API key. Headers that describe the body
   * (`content-type`, `content-length`, `content-encoding`, `transfer-encoding`) are refused with a `ConfigurationError`.
   * A function is called again at every attempt.
   */
  headers?: HeaderMap | (() => HeaderMap | Promise<HeaderMap>);
  /** Passed to fetch. Default `"same-origin"`. */
  credentials?: "omit" | "same-origin" | "include";
  /**
   * Used in place of the global fetch. It is called with a URL and an init whose body is FormData and whose `redirect` is
   * `"manual"`. It must resolve to every answer, errors included (for ky, set `throwHttpErrors: false`). Something like a
   * Response (`status`, and `text()` or `json()`) will do. A rejection that looks like a failed network is tried again; any
   * other is a `ConfigurationError` at once, with the rejection as `cause`. It must belong to the same implementation as
   * the global FormData: that of undici 8 and of node-fetch 2 does not, which is found out before anything is sent.
   */
  fetch?: (url: string, init: RequestInit) => Promise<Response>;
  retry?: RetryOptions;
  /** One attempt, from send to the last byte of the answer, in milliseconds. Default 30000. */
  attemptTimeoutMs?: number;
  /**
   * How long an upload may send no byte, in milliseconds, counted from the first byte that the browser reports: where it
   * reports none, only `attemptTimeoutMs` ends the attempt. No default.
   */
  uploadStallMs?: number;
  /** The whole call: loading, backoff, queueing and waiting for the network included, in milliseconds. No default. */
  deadlineMs?: number;
  /** How many requests all calls of this client together send in any minute. No default. */
  requestsPerMinute?: number;
  /** How many requests of this client are under way at a time. Default 4. */
  maxConcurrent?: number;
  /**
   * Whether `maxConcurrent`, `requestsPerMinute` and the wait after a 429 count for all tabs of this origin with the
   * same `baseUrl` together. Default false. Without Web Locks (pages that are not served by HTTPS, sandboxed frames), each
   * tab counts for itself.
   */
  shareAcrossTabs?: boolean;
  /** The language of `userMessage()`. Default `"en"`. */
  locale?: Locale;
  /** Told of everything that happens; never of a key. */
  onEvent?: (event: ThetaOneEvent) => void;
  /**
   * Whether recordings are kept on this device (IndexedDB) from before they are sent until their result is there; see
   * `theta.outbox`. The same take, blob or file, sent again by the same method with the same options, is kept once, as long as
   * the page is open. They are recordings of people, perhaps of children: default false. `transcribeLong` has a way of its own
   * to be resumed, and keeps nothing here.
   */
  outbox?: boolean | OutboxOptions;
  /** How `theta.references` remembers. */
  references?: ReferencesOptions;
}

export interface OutboxOptions {
  /**
   * How long a recording is kept, in milliseconds (up to a year). What is older goes when a client with an outbox is made or
   * asked. Default 604800000: 7 days.
   */
  ttlMs?: number;
  /** How much is kept at most, audio and text, in bytes; the oldest make room. Default 50000000: 50 MB. */
  maxBytes?: number;
}

export interface ReferencesOptions {
  /** Whether they outlast the page, in IndexedDB, for all tabs of this origin. Default false. */
  persist?: boolean;
  /** How many are remembered at most (up to 10000); the least recently used are forgotten. Default 500. */
  maxEntries?: number;
}

export type HeaderMap =
  | Record<string, string | undefined>
  | Headers
  | Iterable<readonly [string, string | undefined]>;
export type Locale = "en" | "ko";

export interface RequestOptions {
  /** Ends the call at once, in whatever phase it is. */
  signal?: AbortSignal;
  /**
   * Called at every step. With it or `uploadStallMs`, uploads go through XMLHttpRequest instead of fetch, which alone counts
   * the bytes; not so with a `fetch` of your own, with an `apiKey`, with `credentials: "omit"`, in workers, in pages that a
   * service worker controls, and where another origin would have to be asked for permission first.
   */
  onProgress?: (progress: Progress) => void;
  /** In milliseconds; in place of the client's. */
  attemptTimeoutMs?: number;
  /** In milliseconds; in place of the client's. */
  uploadStallMs?: number;
  /** In milliseconds; in place of the client's. */
  deadlineMs?: number;
  /** What it sets is in place of the client's. */
  retry?: RetryOptions;
}

export interface Progress {
  /**
   * `queued` behind other calls; `processing` once all bytes are sent, where the browser shows that; `waiting` for the
   * next attempt, or, without `delayMs`, until the device is online.
   */
  phase: "preparing" | "queued" | "uploading" | "processing" | "waiting";
  /** From 1. */
  attempt: number;
  maxAttempts: number;
  /** How much of the audio has gone up, in bytes, where the browser shows it. */
  sentBytes?: number;
  /** The size of the audio, in bytes, once it is known. */
  totalBytes?: number;
  /** While `waiting`: for how long, in milliseconds. */
  delayMs?: number;
}

export type ThetaOneEvent = CallEvent | OutboxEvent | ReferencesEvent;

/** What only calls have, so that it can be asked for before `type` is. */
type OfNoCall = { [Name in Exclude<keyof CallEvent, "type" | "reason" | "at" | "id">]?: undefined };

/** A recording is not kept, or not any more. The call, if there is one, goes on. */
export interface OutboxEvent extends OfNoCall {
  type: "outbox";
  /**
   * `quota`: no space left, or more than `maxBytes`. `unavailable`: IndexedDB is missing, refused or broken. `evicted`: the
   * oldest made room for a newer one. `expired`: it was there for `ttlMs`.
   */
  reason: "quota" | "unavailable" | "evicted" | "expired";
  /** Which recording. */
  id: string;
  /** UTC, ISO 8601. */
  at: string;
}

/** What is stored of references could not be read or written. The call goes on. */
export interface ReferencesEvent extends OfNoCall {
  type: "references";
  /** As for `OutboxEvent`. */
  reason: "quota" | "unavailable";
  id?: undefined;
  /** UTC, ISO 8601. */
  at: string;
}

export interface CallEvent {
  type: "attempt" | "response" | "retry" | "queued" | "success" | "failure";
  endpoint: EndpointPath;
  /** From 1; 0 before the first attempt. */
  attempt: number;
  /** 0 where a call failed before it came as far as the core. */
  maxAttempts: number;
  /** UTC, ISO 8601. */
  at: string;
  status?: number;
  code?: ErrorCode;
  reason?: string;
  /** Of the attempt for `response`, of the call for `success` and `failure`, in milliseconds. */
  durationMs?: number;
  /** For `retry`: the wait, in milliseconds. */
  delayMs?: number;
  id?: undefined;
}

export type EndpointPath =
  | "/transcribe"
  | "/analyze-native"
  | "/pronunciation"
  | "/pronunciation-simple";

export interface TranscribeOptions {
  /** Whether Korean is left out of the transcript. The API's default is false. */
  suppress_korean?: boolean;
}
export interface AnalyzeNativeOptions {
  /** The sentence that is spoken. */
  gold_text: string;
}
export interface PronunciationSimpleOptions {
  /** The sentence that the speaker is to say. */
  gold_text: string;
  /** The language of the feedback. The API's default is `"ko"`. */
  language?: "ko" | "en";
}
export interface PronunciationOptions extends PronunciationSimpleOptions {
  /**
   * The `speech_components` of `analyzeNative`, or their JSON string. Sent with the same JSON values in the same
   * order, unknown fields included.
   */
  native_speech_components: readonly SpeechComponent[] | string;
}

/** A success of `transcribe`, as the API sent it. */
export interface Transcript {
  text: string;
  text_type: "en" | "ko" | "codeswitched" | (string & {});
  metadata: Record<string, unknown>;
  /** In seconds. */
  response_time_in_sec: number;
  [field: string]: unknown;
}

/** The last argument of `transcribeLong`; what it shares with the other methods holds for each part, `deadlineMs` for all. */
export interface LongRequestOptions extends Omit<RequestOptions, "onProgress"> {
  onProgress?: (progress: LongProgress) => void;
  /**
   * How long a part is at most, in seconds (5 to 55). Default 50: the server gives up when upload and processing together
   * exceed 60 s. Parts are never larger than 20 MB, which WAV files of many channels reach earlier.
   */
  maxPartSeconds?: number;
  /**
   * The `partial` of an error of `transcribeLong`, with the same audio: what it has is kept and not sent again. Its parts
   * are the parts again, whatever `maxPartSeconds` says.
   */
  resume?: PartialTranscript | undefined;
}

/** Over all parts of a recording. */
export interface LongProgress {
  /** `preparing` until the parts are known, then what the part does that is furthest. */
  phase: "preparing" | "queued" | "uploading" | "waiting";
  /** The highest of the parts under way, from 1. */
  attempt: number;
  /** Of each part. */
  maxAttempts: number;
  partsDone: number;
  /** 0 until the parts are known. */
  partsTotal: number;
  /** The length of the parts that are done, in seconds. */
  doneSeconds: number;
  /** The length of all parts, in seconds; less than the recording's where silence is left out. */
  totalSeconds: number;
}

/** Where a part lies. Times are in seconds from the start of the audio that was passed. */
export interface LongPart {
  /** From 0. */
  readonly index: number;
  readonly startSeconds: number;
  readonly endSeconds: number;
  /** Whether it ends within speech, as there was no pause: a word may be torn between this part and the next. */
  readonly cutMidSpeech: boolean;
}

export interface TranscribedPart extends LongPart {
  readonly text: string;
  readonly text_type: Transcript["text_type"];
  /** The API's answer, as it came. */
  readonly result: Transcript;
}

/** A success of `transcribeLong`. */
export interface LongTranscript {
  /** The texts of all parts in order, joined by spaces. */
  text: string;
  /** That of the parts; `codeswitched` where they differ. Parts without any text have no say. */
  text_type: Transcript["text_type"];
  parts: TranscribedPart[];
  /** Of the audio that was passed. */
  durationSeconds: number;
  /** What the parts cost by the price list, in credits: without the silence between them, each once. */
  estimatedCredits: number;
}

/**
 * How far a `transcribeLong` came that failed. Every part is in one of the lists. It holds no audio and no key, and survives
 * `JSON.stringify`, so that it can be stored for `resume`.
 */
export interface PartialTranscript {
  readonly durationSeconds: number;
  /** Those that are done, and paid. */
  readonly parts: readonly TranscribedPart[];
  readonly failed: readonly (LongPart & { readonly error: ThetaOneError })[];
  /** Those that were given up before the server had them: after an abort, a deadline, or an error that all would share. */
  readonly notSent: readonly LongPart[];
}

export interface SpeechWord {
  type: "word";
  word: string;
  /** In seconds from the start of the audio. */
  start: number;
  /** In seconds from the start of the audio. */
  end: number;
  /** 0–100. */
  score: number;
  is_correct: boolean;
  is_stressed: boolean;
  feedback: string | null;
  syllables: unknown[];
  [field: string]: unknown;
}
export interface SpeechPause {
  type: "pause";
  is_long?: boolean;
  [field: string]: unknown;
}
/** Fields that the vendor does not document pass through untouched. */
export type SpeechComponent = SpeechWord | SpeechPause;

/** A success of `analyzeNative`; keep it, and use it for every learner of the sentence. */
export interface NativeAnalysis {
  speech_components: SpeechComponent[];
  [field: string]: unknown;
}
/** A success of the pronunciation methods. The keys of the four feedback dimensions are not public. */
export interface Pronunciation {
  user_speech_components: SpeechComponent[];
  [field: string]: unknown;
}

/** In kbit/s. */
export type Mp3BitRate = 32 | 40 | 48 | 56 | 64 | 80 | 96 | 112 | 128 | 144 | 160;

export interface PrepareOptions {
  /** Gives it up at once. */
  signal?: AbortSignal;
  /** Whether silence before and after the speech is cut off, but for 0.15 s on each side; not off an MP3. Default false. */
  trimSilence?: boolean;
  /**
   * What audio becomes that has to be written anew. `"wav"` (default): 16 bits at 16 kHz, 256 kbit/s; a WAV or MP3 that the
   * API can read stays as it is. `"mp3"`: WAV becomes MP3 too, and an MP3 stays as it is. For slow uplinks; what it does
   * to the API's scores was never measured. The encoder, 63 kB gzipped, is loaded when it is first asked for; where that
   * fails, the call rejects with a `WasmLoadError`.
   *
   * Speech below 16 kHz becomes MP3 only at 8, 11.025 and 12 kHz; at other rates it stays WAV. `take.blob.type` says which.
   */
  format?: "wav" | "mp3";
  /** How much MP3 may take, in kbit/s. Default 48. Without effect on WAV. */
  bitrateKbps?: Mp3BitRate;
}

export interface RecordOptions {
  /** Ends the recording after this many seconds (0.1 to 3600), pauses left out. No default. */
  maxSeconds?: number;
  /**
   * Ends the recording after this much silence, in seconds (0.1 to 3600), that follows speech. Silence before the first
   * word ends nothing: `maxSeconds` does. Once the speaker has spoken, voices and noises 20 dB below count as silence. No
   * default. Without effect where the browser gives no AudioContext to hear by.
   */
  stopOnSilenceSeconds?: number;
  /**
   * `"encoded"` (default) records with MediaRecorder. `"pcm"` takes the samples as they are, by an AudioWorklet, and
   * prepares them while they come: no lossy codec touches the speech, and the take is ready when the speaker stops. Where
   * that cannot be had (no worklets, or a Content-Security-Policy without `blob:` in `script-src`), it records encoded.
   */
  capture?: "encoded" | "pcm";
  /** Told the level some 25 times a second; never where the browser gives no AudioContext to hear by. */
  onLevel?: (level: Level) => void;
  /** Told once, when recording ends, unless it was cancelled. `stop()` gives the take in every case. */
  onStop?: (end: { reason: StopReason }) => void;
  /** A microphone from `navigator.mediaDevices.enumerateDevices()`. */
  deviceId?: string;
  /** Whether silence before and after the speech is cut off, but for 0.15 s on each side. Default true. */
  trimSilence?: boolean;
  /** As for `prepare`. The encoder is loaded before the microphone is opened. */
  format?: "wav" | "mp3";
  /** As for `prepare`. */
  bitrateKbps?: Mp3BitRate;
  /** Gives up while the user is being asked for the microphone. */
  signal?: AbortSignal;
}

/**
 * Why a recording ended: `stop()`, `maxSeconds`, `stopOnSilenceSeconds`, because the device was unplugged or gave nothing
 * for two seconds (`interrupted`), or because the page was left (`page_hide`; it may come back).
 */
export type StopReason = "stop" | "max_seconds" | "silence" | "interrupted" | "page_hide";

export interface Level {
  /** In dBFS: 0 is full scale, -100 silence. */
  rmsDbfs: number;
  /** In dBFS. */
  peakDbfs: number;
  /** Recorded so far, pauses left out. */
  elapsedSeconds: number;
}

export interface Recorder {
  readonly state: "recording" | "paused" | "stopped" | "cancelled";
  /** Recorded so far, pauses left out. */
  readonly elapsedSeconds: number;
  /** Resolves when recording has ended, however it did; then `stop()` gives the take. Never rejects. */
  readonly ended: Promise<{ reason: StopReason | "cancel" }>;
  /** Ends the recording and prepares it: 16 kHz mono, 16-bit WAV or MP3. Asked twice, it gives the same take. */
  stop(): Promise<Take>;
  /** Ends the recording and forgets it. */
  cancel(): void;
  pause(): void;
  resume(): void;
}

/** Whether this page may use the microphone; `unknown` where the browser does not say before it is asked. */
export type MicrophonePermission = "granted" | "denied" | "prompt" | "unknown";

/** A microphone that `record({ deviceId })` takes. */
export interface MicrophoneDevice {
  /** Empty in some browsers, until permission is granted. */
  readonly deviceId: string;
  /** The name for a menu; empty until permission is granted. */
  readonly label: string;
  /** True for one of them: the microphone that `record()` opens without a `deviceId`. */
  readonly isDefault: boolean;
}

/** Permission and devices. Needs no client and loads no wasm. */
export interface Microphones {
  /** Returns the permission, without asking the user for it. Never rejects. */
  permission(): Promise<MicrophonePermission>;
  /** Lists the microphones, without asking the user; none where the page is not served securely. @throws {MicrophoneError} */
  list(): Promise<MicrophoneDevice[]>;
  /** Asks the user for permission, and switches the microphone off again. @throws {MicrophoneError} as `record()` */
  request(): Promise<void>;
  /**
   * Calls `listener` when the permission or the devices change, where the browser says so. Returns the function that ends
   * the subscription. @throws {ConfigurationError} for something else than a function
   */
  subscribe(listener: () => void): () => void;
}

export const microphones: Microphones;

/** A recording that was not delivered. */
export interface UnsentRecording {
  /** A UUID. */
  id: string;
  /** When it was sent first: UTC, ISO 8601. */
  createdAt: string;
  /** The method that it is for. */
  method: "transcribe" | "analyzeNative" | "pronunciation" | "pronunciationSimple";
  /** That method's options, as they are sent; without `native_speech_components`, which is kept but long. */
  options: { gold_text?: string; language?: "ko" | "en"; suppress_korean?: boolean };
  /**
   * `unsent`: it may be sent again. `rejected`: the server refused these very bytes (400 or 413) and will do so again.
   * `sending`: a call with it is under way, in this tab or in another. Without Web Locks (pages that are not served by
   * HTTPS), the take of a tab that was killed is `sending` for up to 90 seconds more.
   */
  state: "unsent" | "rejected" | "sending";
  /** The size of the audio, in bytes. */
  bytes: number;
  /** In seconds. */
  durationSeconds?: number;
  /** How many calls have tried to deliver it; the retries of one call count once, and a call whose options are refused does not. */
  attempts: number;
  /** How the last of them failed; absent where the page was closed first. */
  lastError?: { code: ErrorCode; reason?: string };
}

/**
 * What was sent and not delivered, where `options.outbox` is on; shared by all clients and tabs of the origin, and never
 * holding a key, a header or an address. Where a browser cannot keep anything, `onEvent` tells and calls go on.
 */
export interface Outbox {
  /**
   * All there is, oldest first.
   * @throws {ConfigurationError} where `options.outbox` is off
   * @throws {StorageError}
   */
  list(): Promise<UnsentRecording[]>;
  /**
   * The audio as it would be sent; `undefined` where there is no such recording.
   * @throws {ConfigurationError} where `options.outbox` is off
   * @throws {StorageError}
   */
  get(id: string): Promise<Blob | undefined>;
  /**
   * Sends the same bytes and options again, and resolves like the method they were for.
   * @throws {ConfigurationError} where there is no such recording, a call with it is under way, or `options.outbox` is off
   * @throws {StorageError}
   */
  resume(
    id: string,
    request?: RequestOptions,
  ): Promise<Transcript | NativeAnalysis | Pronunciation>;
  /**
   * Removes a recording; a call with it that is under way goes on.
   * @throws {ConfigurationError} where `options.outbox` is off
   * @throws {StorageError}
   */
  discard(id: string): Promise<void>;
  /** Removes everything, even where `options.outbox` is off by now. @throws {StorageError} */
  clear(): Promise<void>;
}

/**
 * Reference recordings, analysed once: results are kept by the SHA-256 of the audio that is sent and `gold_text`. Calls for
 * the same one at the same time share one request, made with the `retry` and timeouts of the first of them; deadlines and
 * signals are each caller's own, and so is `onProgress`, which needs the first of them to have one, too. Failures are not
 * kept. These calls do not use the outbox.
 */
export interface References {
  /** What `analyzeNative` gives, by a call only where it is unknown; a copy of your own each time. */
  get(
    audio: Audio,
    options: AnalyzeNativeOptions,
    request?: RequestOptions,
  ): Promise<NativeAnalysis>;
  /** Whether `get` would need no call. */
  has(audio: Audio, options: AnalyzeNativeOptions): Promise<boolean>;
  /** Forgets one; resolves to whether it was known. */
  delete(audio: Audio, options: AnalyzeNativeOptions): Promise<boolean>;
  /** Forgets all. */
  clear(): Promise<void>;
}

export class ThetaOne {
  /** Recordings that were not delivered; see `options.outbox`. */
  readonly outbox: Outbox;
  /** Reference recordings, analysed once. */
  readonly references: References;
  /** @throws {ConfigurationError} for an unknown or wrong option, and for a key in a browser */
  constructor(options?: ThetaOneOptions);
  /** Speech to text. */
  transcribe(
    audio: Audio,
    options?: TranscribeOptions,
    request?: RequestOptions,
  ): Promise<Transcript>;
  /**
   * Speech to text of any length. What is too long for one request is cut in the speaker's pauses and sent in parts, each as
   * a call of its own: through the same gate, retried by the same rules, told to `onEvent`. Silence at the cuts is not sent.
   *
   * Where parts fail, the others still finish; only after an `AuthenticationError`, `PaymentRequiredError` or
   * `ConfigurationError`, an abort or the deadline, nothing more is sent. It then rejects with that error, else with the one
   * of the first part that failed. Either holds what is done as `partial`, for `request.resume`.
   */
  transcribeLong(
    audio: Audio,
    options?: TranscribeOptions,
    request?: LongRequestOptions,
  ): Promise<LongTranscript>;
  /** A reference recording of a sentence; once per sentence. */
  analyzeNative(
    audio: Audio,
    options: AnalyzeNativeOptions,
    request?: RequestOptions,
  ): Promise<NativeAnalysis>;
  /** A learner's recording against a reference. */
  pronunciation(
    audio: Audio,
    options: PronunciationOptions,
    request?: RequestOptions,
  ): Promise<Pronunciation>;
  /** A learner's recording on its own. */
  pronunciationSimple(
    audio: Audio,
    options: PronunciationSimpleOptions,
    request?: RequestOptions,
  ): Promise<Pronunciation>;
  /** Opens the microphone; resolves once it records. */
  record(options?: RecordOptions): Promise<Recorder>;
  /** What would be sent of `audio`, with its facts. */
  prepare(audio: Audio, options?: PrepareOptions): Promise<Take>;
  /** Loads the wasm now instead of on first use, and with `outbox` what keeps recordings. */
  ready(): Promise<void>;
  /** Ends what is under way with `AbortedError`, loading included; later calls are refused. */
  dispose(options?: { forget?: false }): void;
  /**
   * The same, and removes everything that any client of this origin keeps on this device: unsent recordings and
   * references. @throws {StorageError}
   */
  dispose(options: { forget: true }): Promise<void>;
}

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

export type ErrorCategory = "client" | "billing" | "quota" | "server" | "network" | "local";

/** One attempt that failed. */
export interface Attempt {
  /** UTC, ISO 8601. */
  startedAt: string;
  durationMs: number;
  status?: number;
  code: ErrorCode;
  /** The wait that followed, in milliseconds. */
  delayMs?: number;
}

/** Every rejection of this SDK. */
export class ThetaOneError extends Error {
  protected constructor();
  /** Whether `value` is an error of this SDK, from whichever copy of it. Its `code` then says which. Never throws. */
  static is(value: unknown): value is AnyThetaOneError;
  /**
   * Returns the error that `toJSON()` described, with its class, fields and sentences; for errors of a worker, since
   * `postMessage` keeps of an error only its message. Never throws: of anything else it makes a `ConfigurationError`.
   */
  static from(json: unknown): AnyThetaOneError;
  readonly code: ErrorCode;
  readonly category: ErrorCategory;
  /** The HTTP status, where an answer came. */
  readonly status: number | undefined;
  /** The server's own string as it came, or an excerpt (at most 400 characters) of whatever else came. */
  readonly detail: string | undefined;
  readonly reason: string | undefined;
  /** Whether the SDK sends again after this failure; after a timeout, only where `retry.timeouts` is on. */
  readonly retryable: boolean;
  /** What the server asked for by `Retry-After`, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  readonly endpoint: EndpointPath | undefined;
  /** Every attempt that failed; empty when nothing was sent. */
  readonly attempts: readonly Attempt[];
  /** UTC, ISO 8601. */
  readonly occurredAt: string;
  /** Who found the problem. */
  readonly origin: "server" | "client";
  /** What the developer should do. */
  readonly fix: string;
  /** The billing page, for 402. */
  readonly helpUrl: string | undefined;
  /**
   * What `transcribeLong` has so far, once its parts are known. Not enumerable and not in `toJSON()`: what was said does not
   * belong into logs.
   */
  readonly partial?: PartialTranscript;
  /**
   * For `outbox.resume()`: under which id the recording of this call is kept, where it is. A call like this one, with the same
   * take, sends that recording again, too.
   */
  readonly outboxId: string | undefined;
  /** A sentence fit for the speaker; in the client's locale unless one is named. */
  userMessage(locale?: Locale): string;
  /** Returns a description that can be posted to another thread, for `ThetaOneError.from()`. Holds no key and no `cause`. */
  toJSON(): Record<string, unknown>;
  /** What support@thetaone.co asks for, ready to be copied. Holds no key. */
  supportReport(): string;
}

export class BadRequestError extends ThetaOneError {
  readonly code:
    | "BAD_REQUEST"
    | "INVALID_OPTIONS"
    | "MISSING_GOLD_TEXT"
    | "INVALID_NATIVE_SPEECH_COMPONENTS"
    | "NOT_ALL_WORDS_SPOKEN"
    | "INVALID_AUDIO";
}
export class InvalidOptionsError extends BadRequestError {
  readonly code: "INVALID_OPTIONS";
  readonly reason: "malformed_json" | "schema";
}
export class MissingGoldTextError extends BadRequestError {
  readonly code: "MISSING_GOLD_TEXT";
}
export class InvalidNativeSpeechComponentsError extends BadRequestError {
  readonly code: "INVALID_NATIVE_SPEECH_COMPONENTS";
  readonly reason: "malformed_json" | "schema";
}
export class NotAllWordsSpokenError extends BadRequestError {
  readonly code: "NOT_ALL_WORDS_SPOKEN";
}
export class InvalidAudioError extends BadRequestError {
  readonly code: "INVALID_AUDIO";
  /** Set when the problem was found before sending. */
  readonly reason:
    | "empty"
    | "undecodable"
    | "unsupported_codec"
    | "truncated"
    | "silent"
    | undefined;
}
export class AuthenticationError extends ThetaOneError {
  readonly code: "UNAUTHORIZED";
  readonly reason: "invalid_key" | "inactive_key" | "unknown";
}
export class PaymentRequiredError extends ThetaOneError {
  readonly code: "PAYMENT_REQUIRED";
  readonly reason: "insufficient_credits" | "plan_required" | "unknown";
}
export class PayloadTooLargeError extends ThetaOneError {
  readonly code: "PAYLOAD_TOO_LARGE";
}
export class RateLimitError extends ThetaOneError {
  readonly code: "RATE_LIMIT_EXCEEDED";
}
export class ServerError extends ThetaOneError {
  readonly code:
    | "INTERNAL_SERVER_ERROR"
    | "BAD_GATEWAY"
    | "SERVICE_UNAVAILABLE"
    | "GATEWAY_TIMEOUT";
}
export class UnexpectedStatusError extends ThetaOneError {
  readonly code: "UNEXPECTED_STATUS";
}
export class InvalidResponseError extends ThetaOneError {
  readonly code: "INVALID_RESPONSE";
  /** `incomplete`: the connection broke while the result came. It was billed, so it is not asked for again by itself. */
  readonly reason: "incomplete" | undefined;
}
export class ConnectionError extends ThetaOneError {
  readonly code: "CONNECTION_FAILED";
  readonly reason: "offline" | "unreachable";
}
export class TimeoutError extends ThetaOneError {
  readonly code: "TIMEOUT";
  readonly reason: "attempt" | "stall" | "deadline";
}
/** The caller's signal was aborted (`cause` is its reason) or the client disposed of. Its `name` is `"AbortError"`. */
export class AbortedError extends ThetaOneError {
  readonly code: "ABORTED";
  /** `timeout` where the signal's reason is a `TimeoutError`, as that of `AbortSignal.timeout()`. */
  readonly reason: "timeout" | undefined;
}
export class MicrophoneError extends ThetaOneError {
  readonly code: "MICROPHONE";
  readonly reason:
    | "denied"
    | "not_found"
    | "busy"
    | "insecure_context"
    | "unsupported"
    | "interrupted";
}
/** This device cannot keep what it should; from `outbox`, `references` and `dispose({ forget: true })`, never from a call. */
export class StorageError extends ThetaOneError {
  readonly code: "STORAGE";
  readonly reason: "quota" | "unavailable";
}
export class ConfigurationError extends ThetaOneError {
  readonly code: "CONFIGURATION";
}
export class WasmLoadError extends ThetaOneError {
  readonly code: "WASM_LOAD_FAILED";
}

/** Any error of this SDK, told apart by `code`: where that is `"TIMEOUT"`, `reason` is that of a `TimeoutError`. */
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
