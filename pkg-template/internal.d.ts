// Types that several folders of the package share. Only `tsc` reads this file; it is not published.

import type { Attempt, EndpointPath, ErrorCategory, ErrorCode } from "./index.js";
import type { ENDPOINTS } from "./catalogue.js";
import type { features, shared } from "./loading/runtime.js";
import type { Recording } from "./record/recording.js";
import type { AudioAnalysis, ClientHandle } from "./wasm/core.js";

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
  /** The recording that runs or is about to start: the client's claim on the microphone. */
  recording: Recording | undefined;
  /**
   * The functions that modules loaded later take from here instead of importing them. In workers,
   * Parcel (2.16) loses a module of one chunk that another chunk imports as well.
   */
  readonly shared: typeof shared;
}

/** What a client has loaded: the functions that it calls, and the runtime for them. */
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

/** Audio that can be sent; see prepare/prepared-audio.js. */
export interface PreparedAudio {
  readonly blob: Blob;
  readonly durationSeconds: number;
  /** The properties of a `Take` of it. */
  readonly properties: Record<string, unknown>;
  readonly layout?: WavLayout | undefined;
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

/** The levels since the last call, for `onLevel` and the end of speech. */
export interface Levels {
  readonly level: readonly [rmsDbfs: number, peakDbfs: number];
  readonly blocks: Float32Array[];
  readonly seconds?: number | undefined;
}

/** A running capture: `MediaRecorderCapture` or `WorkletCapture`. */
export interface Capture {
  readonly sampleRate: number | undefined;
  start(onStopped: () => void, onBroken: () => void, onInput: () => void): void;
  pause(): boolean;
  resume(): boolean;
  /**
   * Returns true if more input will arrive. With `tail`, records what is being spoken to its end.
   */
  stop(tail?: boolean): boolean;
  takeLevels(seconds: number): Levels | undefined;
  /** Returns true if the microphone has given nothing since the last call. */
  hasNoInput(): boolean;
  /**
   * Resolves to the recording; `undefined` if there is none. Can be called again after an error.
   */
  finish(format: OutputFormat): Promise<PreparedAudio | undefined>;
  close(): void;
  discard(): void;
}

declare global {
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
