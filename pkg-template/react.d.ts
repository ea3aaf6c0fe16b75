// thetaone-web/react: hooks around `ThetaOne`, for React 18 and newer. Nothing of it needs a browser to be rendered.

import type { ReactElement, ReactNode } from "react";
import type {
  AnyThetaOneError,
  Level,
  LongProgress,
  MicrophoneDevice,
  MicrophoneError,
  Progress,
  RecordOptions,
  StopReason,
  Take,
  ThetaOne,
} from "./index.js";

export interface ThetaOneProviderProps {
  /** The client for all hooks below. Make it once, outside of components. */
  client: ThetaOne;
  children?: ReactNode;
}

export function ThetaOneProvider(props: ThetaOneProviderProps): ReactElement;

/**
 * Returns the client of the provider above. Without one, the console says so, and every method of what is returned rejects
 * with a `ConfigurationError`.
 */
export function useThetaOne(): ThetaOne;

interface RecorderActions {
  /** Opens the microphone and records. Does nothing where that is under way. The error, if any, is in the state. */
  start(): Promise<void>;
  /**
   * Ends the recording and prepares the take, as `maxSeconds` and `stopOnSilenceSeconds` do. Resolves to it, or to `undefined`
   * where there is none. After a take that `failed`, tries again: the sound is kept until `start()`, `reset()` or unmount.
   */
  stop(): Promise<Take | undefined>;
  /** Switches the microphone off and forgets what it recorded. A take that is `done` stays. */
  cancel(): void;
  pause(): void;
  resume(): void;
  /** Returns to `idle`, whatever the state is. */
  reset(): void;
}

interface NoOutcome {
  readonly take?: undefined;
  readonly error?: undefined;
  readonly stopReason?: undefined;
}

/** `opening` until the microphone records, `preparing` until the take is ready. */
export type RecorderState =
  | ({ readonly state: "idle" | "opening" | "recording" | "paused" | "preparing" } & NoOutcome)
  | {
      readonly state: "done";
      readonly take: Take;
      readonly stopReason: StopReason;
      readonly error?: undefined;
    }
  | {
      readonly state: "failed";
      readonly error: AnyThetaOneError;
      readonly stopReason?: StopReason;
      readonly take?: undefined;
    };

export type UseRecorder = RecorderState & Readonly<RecorderActions>;

/**
 * Records. Unmounting cancels the recording; leaving the page ends it. `options` count as they are at `start()`; of
 * `onLevel`, the latest is called.
 */
export function useRecorder(options?: RecordOptions): UseRecorder;

/**
 * Returns the level of a recording, at most once a frame: only the component that calls it renders. At the end it is silent,
 * and `elapsedSeconds` stays.
 */
export function useLevel(recorder: UseRecorder): Level;

/** The methods of `ThetaOne` that take audio to the API. */
export type CallMethod =
  | "transcribe"
  | "transcribeLong"
  | "analyzeNative"
  | "pronunciation"
  | "pronunciationSimple";

/** The result to which a method resolves. */
export type CallResult<Method extends CallMethod> = Awaited<ReturnType<ThetaOne[Method]>>;

interface CallActions<Method extends CallMethod> {
  /**
   * Makes the call, with the method's own arguments, and aborts the one before. Resolves to the result, or to `undefined` where
   * it failed, was aborted or was followed by a newer one; never rejects.
   */
  run(...args: Parameters<ThetaOne[Method]>): Promise<CallResult<Method> | undefined>;
  /** Aborts the call that runs, and returns to `idle`. */
  abort(): void;
  /** Repeats the last run with the same arguments. A `transcribeLong` sends only the parts that are missing. */
  retry(): Promise<CallResult<Method> | undefined>;
}

/** `message` is `error.userMessage()`, in the client's language. */
export type CallState<Method extends CallMethod> =
  | {
      readonly state: "idle";
      readonly result?: undefined;
      readonly error?: undefined;
      readonly progress?: undefined;
      readonly message?: undefined;
    }
  | {
      readonly state: "running";
      readonly progress?: Method extends "transcribeLong" ? LongProgress : Progress;
      readonly result?: undefined;
      readonly error?: undefined;
      readonly message?: undefined;
    }
  | {
      readonly state: "done";
      readonly result: CallResult<Method>;
      readonly error?: undefined;
      readonly progress?: undefined;
      readonly message?: undefined;
    }
  | {
      readonly state: "failed";
      readonly error: AnyThetaOneError;
      readonly message: string;
      readonly result?: undefined;
      readonly progress?: undefined;
    };

export type UseCall<Method extends CallMethod> = CallState<Method> & Readonly<CallActions<Method>>;

/**
 * Calls one method of the client. Unmounting aborts the call. One that is aborted by its own `request.signal`, or because the
 * page is left, has failed, with an `AbortedError`.
 */
export function useCall<Method extends CallMethod>(method: Method): UseCall<Method>;

/**
 * `unknown` is what the server renders, what holds for the first moment, and all that some browsers say until they are asked.
 * `request` opens the browser's question, switches the microphone off again, and resolves to whether it was granted; `error`
 * says why not.
 */
export type UseMicrophones =
  | {
      readonly permission: "prompt" | "denied" | "unknown";
      readonly request: () => Promise<boolean>;
      readonly error?: MicrophoneError;
      readonly devices?: undefined;
    }
  | {
      readonly permission: "granted";
      readonly devices: readonly MicrophoneDevice[];
      readonly request?: undefined;
      readonly error?: undefined;
    };

/** Returns permission and devices, and follows their changes. Needs no provider. */
export function useMicrophones(): UseMicrophones;
