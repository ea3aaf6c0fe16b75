// Types that several folders of the package share. Only `tsc` reads this file; it is not published.

import type { ENDPOINTS } from "./catalogue.js";
import type {
  Attempt,
  EndpointPath,
  ErrorCategory,
  ErrorCode,
  RecordOptions,
  StopReason,
  Take as PublicTake,
  TakeWarning,
} from "./index.js";
import type { features, shared } from "./loading/runtime.js";
import type { Recording } from "./record/recording.js";
import type { audioFailure } from "./result/failure.js";
import type { AudioAnalysis, ClientHandle, EndOfSpeechDetector } from "./wasm/core.js";

/** The fields that an error is created from. Untrusted: the constructor checks each. */
export interface ErrorFields {
  readonly [name: string]: unknown;
  message?: string | undefined;
  detail?: string | undefined;
  cause?: unknown;
}

// Fields that the constructor assigns in a loop, where TypeScript does not see them.
declare module "./result/errors.js" {
  interface ThetaOneError {
    code: ErrorCode;
    category: ErrorCategory;
    status: number | undefined;
    detail: string | undefined;
    reason: string | undefined;
    retryable: boolean;
    retryAfterMs: number | undefined;
    endpoint: EndpointPath | undefined;
    attempts: readonly Attempt[];
    occurredAt: string;
    origin: "server" | "client";
    fix: string;
    helpUrl: string | undefined;
    outboxId: string | undefined;
  }
}

/** The object on which the calls of one client run. Created by loading/runtime.js. */
export interface Runtime {
  /** The state of the client, in wasm. */
  readonly handle: ClientHandle;
  /**
   * The functions that modules loaded later take from here instead of importing them. In workers,
   * Parcel (2.16) loses a module of one chunk that another chunk imports as well.
   */
  readonly shared: typeof shared;
}

/** The result of loading: the functions that a client calls, and the runtime for them. */
export interface Loaded {
  readonly features: typeof features;
  readonly runtime: Runtime;
  /** The time that the call has taken to load them. */
  readonly elapsedMs: number;
}

/** Loads the core; resolves to the exports of loading/runtime.js that a client uses. */
export type LoadCore = () => Promise<{ readonly features: typeof features }>;

/** The name of a method that calls the API. */
export type CallMethod = keyof typeof ENDPOINTS;

/** The name of a method that calls one endpoint once. */
export type EndpointMethod = Exclude<CallMethod, "transcribeLong">;

// The modules that are loaded on first use.
export type FetchFallbacksModule = typeof import("./upload/fetch-fallbacks.js");
export type OutboxModule = typeof import("./outbox/index.js");
export type PeaksModule = typeof import("./prepare/peaks.js");
export type ReferencesModule = typeof import("./references/index.js");
export type StorageModule = typeof import("./storage/indexed-db.js");
export type TranscribeLongModule = typeof import("./transcribe-long/index.js");

/** Work with a module that is loaded on first use. */
export type Operation<Module, Result> = (
  module: Module,
  runtime: Runtime,
  elapsedMs: number,
) => Promise<Result>;

/**
 * Loads the runtime and a module, then resolves to the outcome of `operation`. With a `request`,
 * the client's copy of a call's last argument, the time to load counts against the call's deadline.
 */
export type Use<Module> = <Result>(
  operation: Operation<Module, Result>,
  request?: unknown,
) => Promise<Result>;

/** The format of a take. */
export interface OutputFormat {
  readonly trim: boolean;
  /** The bit rate of an MP3; `undefined` for WAV. */
  readonly kbps?: number | undefined;
}

/** The place of the samples in a 16-bit WAV. */
export interface WavLayout {
  readonly sampleRate: number;
  readonly channels: number;
  readonly dataStart: number;
  readonly dataBytes: number;
}

/** A WAV file, as its start describes it: `AudioInspection.wav`. */
export interface WavFile extends WavLayout {
  readonly durationSeconds: number;
  readonly is16Bit: boolean;
  /** True if the file can be sent without another header. */
  readonly isPlain: boolean;
  /** True if samples are missing at the end. */
  readonly isTruncated: boolean;
}

/** A file that the browser may be asked to decode: `AudioInspection.file`. */
export interface EncodedFile {
  readonly container: string;
  /** True if more bytes of its start are needed to inspect the file. */
  readonly isUnseen: boolean;
  /** The reason of the error if the browser cannot decode the file. */
  readonly reason: Parameters<typeof audioFailure>[0] | undefined;
  /** The bytes that an MP3's frames may lie in. */
  readonly start: number;
  readonly end: number;
}

/** The frames of an MP3 file and their properties; see prepare/mp3-file.js. */
export interface Mp3File {
  /** The frames alone, because some decoders stop at junk and tags between frames. */
  readonly blob: Blob;
  readonly sampleRate: number;
  readonly channels: number;
  readonly durationSeconds: number;
  readonly problems: readonly TakeWarning[];
  /** True if the file is short enough to be decoded. */
  readonly mayBeDecoded: boolean;
}

/** Decoded samples. The next block may overwrite them. */
export interface SampleBlock {
  /** The samples, ±1 at full scale, in frames of `channels`. */
  readonly samples: Float32Array;
  readonly sampleRate: number;
  readonly channels: number;
}

/** Options of functions that read, decode or convert audio. */
export interface AudioOptions {
  /** Aborted when the result is no longer needed. */
  readonly signal?: AbortSignal | undefined;
  /** Whether the prepared audio has an `analysis`. */
  readonly keepAnalysis?: boolean | undefined;
  /** Whether this page has just recorded the audio. */
  readonly isRecorded?: boolean | undefined;
}

/** The properties of a `Take`, besides its blob. */
export type TakeProperties = {
  -readonly [Name in Exclude<keyof PublicTake, "blob" | "bytes" | "peaks">]: PublicTake[Name];
};

// Properties that the constructor assigns from an object, where TypeScript does not see them.
declare module "./prepare/take.js" {
  interface Take extends Readonly<TakeProperties> {
    // Added by loading/runtime.js.
    peaks: PublicTake["peaks"];
  }
}

/** Audio that can be sent, and its properties. Created by prepare/prepared-audio.js. */
export interface PreparedAudio {
  /** The audio. Its type is the content type. */
  readonly blob: Blob;
  readonly durationSeconds: number;
  /** The properties of a `Take` of the audio. */
  readonly properties: TakeProperties;
  /** The place of the samples, if the audio is a 16-bit WAV. */
  readonly layout?: WavLayout | undefined;
  /** Returns true if a recording that ran for so long has lost its end. Absent without analysis. */
  isEndMissing?(elapsedSeconds: number): boolean;
  /** With `keepAnalysis`; the caller must `free()` it. */
  analysis?: AudioAnalysis;
}

/** The content of a request. */
export interface RequestBody {
  readonly blob: Blob;
  readonly durationSeconds: number;
  /** The text fields, in order. */
  readonly fields: [name: string, text: string][];
}

/** The functions that recordings take from the runtime: they are loaded before it. */
export interface Core {
  createEndOfSpeechDetector(stopOnSilenceSeconds: number, sampleRate: number): EndOfSpeechDetector;
  readonly PcmPipeline: new (sampleRate: number, is16Bit: boolean) => PcmPipeline;
  createTake(
    prepared: PreparedAudio,
    recorded: { stopReason: StopReason; elapsedSeconds: number },
  ): PublicTake;
  loadEncoder(kbps: number): Promise<void>;
  /** Returns the level in dBFS, as `[rms, peak]`. */
  measureLevel(samples: Float32Array): any[];
  prepareAudio(
    blob: Blob,
    format: OutputFormat,
    options: { isRecorded: true },
  ): Promise<PreparedAudio>;
  recordOutputFormat(
    options: Pick<RecordOptions, "trimSilence" | "format" | "bitrateKbps">,
  ): OutputFormat;
}

/** Samples that are prepared while they arrive; see prepare/pcm-pipeline.js. */
interface PcmPipeline {
  push(samples: Float32Array): void;
  finish(format: OutputFormat): Promise<PreparedAudio>;
  free(): void;
}

/** The part of a client that recordings use. */
export interface RecordingHost {
  configurationError(message: string): Error;
  wasmLoadError(message: string, cause?: unknown): Error;
  /** Calls a callback of the page. */
  notify<Message>(callback: ((message: Message) => void) | undefined, message?: Message): void;
  /** Returns a message about options that do not fit a table; see client/check-options.js. */
  findProblem(path: string, options: unknown, table: object): string | undefined;
  /** Ends the wait for `work` when the signal is aborted or the client is disposed of. */
  within<Outcome>(
    work: Promise<Outcome>,
    signal: unknown,
    deadlineMs?: number | false,
  ): Promise<Outcome>;
  /** The error of calls that the disposal of the client has ended. */
  disposal?: Error;
  /** Belongs to the call that has the microphone: the recording that runs or is about to start. */
  claim?: object | undefined;
  recording?: Recording | undefined;
  /** Loads the core, and again after a failure. */
  load(): Promise<{ runtime: { readonly handle: ClientHandle; readonly shared: Core } }>;
  /** Returns an error that was created without the core, in the language of the client. */
  localize(error: unknown): unknown;
}

/** The samples since the last call, which was `seconds` ago. Some may be missing. */
export interface SampleBlocks {
  readonly blocks: Float32Array[];
  readonly seconds?: number | undefined;
}

/** The samples since the last call, for `onLevel` and the end of speech. */
export interface LiveSamples extends SampleBlocks {
  /** The latest samples, of which the level is measured. */
  readonly latest: Float32Array;
}

/** The events of a capture. */
export interface CaptureHandlers {
  /** Called when the first samples have arrived, and possibly again. */
  onStarted(): void;
  /** Called whenever samples may have arrived: in a hidden tab, more often than timers fire. */
  onInput(): void;
  /** Called when no more input will arrive. */
  onStopped(): void;
  onBroken(): void;
}

/** A running capture: `MediaRecorderCapture`, `TrackCapture` or `WorkletCapture`. */
export interface Capture {
  /** In Hz, if it is known. */
  readonly sampleRate: number | undefined;
  /** True if nothing was recorded. */
  readonly isEmpty: boolean;
  /** True if nothing was recorded yet, and the recorder can be asked for it. */
  readonly awaitsFirstChunk?: boolean;
  /** Starts to record at once. */
  start(handlers: CaptureHandlers): void;
  /** Pauses; returns true if that succeeds. */
  pause(): boolean;
  /** Continues; returns true if that succeeds. */
  resume(): boolean;
  /**
   * Returns true if more input will arrive. With `tail`, records what is being spoken to its end.
   */
  stop(tail?: boolean): boolean;
  /** Takes the core when it has loaded, if the recording is prepared while it arrives. */
  attach?(core: Core): void;
  takeSamples(seconds: number): LiveSamples | undefined;
  /** Returns true if the microphone has delivered nothing since the last call. */
  hasNoInput(): boolean;
  /**
   * Resolves to the recording; `undefined` if there is none. Can be called again after an error.
   */
  finish(core: Core, format: OutputFormat): Promise<PreparedAudio | undefined>;
  /** Ends the capture, and releases everything except the recording. */
  close(): void;
  /** Discards the recording. */
  discard(): void;
}

declare global {
  /** Reads the samples of a track. In windows, only Chromium has it. Not in TypeScript 5.9. */
  const MediaStreamTrackProcessor: new (init: {
    track: MediaStreamTrack | undefined;
    maxBufferSize?: number;
  }) => { readonly readable: ReadableStream<AudioData> };
  /** Runs tasks. Not in TypeScript 5.9, and not in every browser; a page may call its own so. */
  var scheduler: { postTask?(task: () => void): Promise<void> } | undefined;
  interface Uint8ArrayConstructor {
    /** ES2026, which TypeScript 5.9 does not know. Older browsers have none. */
    fromBase64?(base64: string): Uint8Array<ArrayBuffer>;
  }
}

// Properties that the elements define in a loop, and what their subclasses have.
declare module "./elements/base-element.js" {
  interface ThetaElement {
    locale: string | undefined;
    changed(name: string, value: unknown): void;
    update(): void;
    release(): void;
  }
}
declare module "./elements/playback-element.js" {
  interface PlaybackElement {
    result: unknown;
    take: unknown;
    nativeResult: unknown;
    nativeTake: unknown;
    showTime(name: "own" | "native", seconds: number): void;
  }
}
declare module "./elements/waveform-element.js" {
  interface ThetaWaveform {
    recorder: any;
  }
}
declare module "./elements/recorder-element.js" {
  interface ThetaRecorder {
    client: any;
    recordOptions: any;
    goldText: string | undefined;
    maxSeconds: number | undefined;
    stopOnSilenceSeconds: number | undefined;
  }
}
