// thetaone-web/react: hooks for React 18 and newer. They render on the server too.

import type { ClassAttributes, HTMLAttributes, ReactElement, ReactNode } from "react";
import type { ThetaRecorder, ThetaScore, ThetaWaveform } from "./elements.js";
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

/** The props of `ThetaOneProvider`. */
export interface ThetaOneProviderProps {
  /** The client for all hooks inside. Create it once, outside of components. */
  client: ThetaOne;
  children?: ReactNode;
}

/** Provides a client to the hooks of the components inside. */
export function ThetaOneProvider(props: ThetaOneProviderProps): ReactElement;

/**
 * Returns the client of the nearest `ThetaOneProvider`. Without a provider, logs a message to the
 * console, and returns a client whose methods all reject with a `ConfigurationError`.
 */
export function useThetaOne(): ThetaOne;

interface RecorderActions {
  /**
   * Opens the microphone and records. Has no effect during a recording. Never rejects: an error is
   * in the state.
   */
  start(): Promise<void>;
  /**
   * Ends the recording and prepares the take. Returns the take, or `undefined` if there is none.
   * `maxSeconds` and `stopOnSilenceSeconds` do the same by themselves. In the state `failed`, tries
   * to prepare the take again: the audio is kept until `start()`, `reset()` or unmount.
   */
  stop(): Promise<Take | undefined>;
  /** Ends the recording and discards it. A take in the state `done` stays. */
  cancel(): void;
  /** Pauses the recording. */
  pause(): void;
  /** Continues a paused recording. */
  resume(): void;
  /** Returns to the state `idle`, from any state. Ends a recording, and discards the take. */
  reset(): void;
}

interface NoOutcome {
  readonly take?: undefined;
  readonly error?: undefined;
  readonly stopReason?: undefined;
}

/**
 * The state of a recorder.
 *
 * - `idle`: nothing is recorded.
 * - `opening`: the wasm is loading, or the user is being asked for permission.
 * - `recording`, `paused`: the microphone is on.
 * - `preparing`: the recording has ended, and the take is being prepared.
 * - `done`: `take` is ready.
 * - `failed`: `error` is the cause.
 */
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

/** The state and the actions of a recorder. The actions keep their identity between renders. */
export type UseRecorder = RecorderState & Readonly<RecorderActions>;

/**
 * Records from the microphone. Unmounting cancels the recording; leaving the page ends it. The
 * options are read at `start()`, except for `onLevel`: the latest one is called.
 */
export function useRecorder(options?: RecordOptions): UseRecorder;

/**
 * Returns the level of a recording. Re-renders only the component that calls this hook, at most
 * once per frame. After the recording, the levels are -100 dBFS, and `elapsedSeconds` stays.
 */
export function useLevel(recorder: UseRecorder): Level;

/** The names of the methods of `ThetaOne` that send audio to the API. */
export type CallMethod =
  | "transcribe"
  | "transcribeLong"
  | "analyzeNative"
  | "pronunciation"
  | "pronunciationSimple";

/** The result of a method. */
export type CallResult<Method extends CallMethod> = Awaited<ReturnType<ThetaOne[Method]>>;

interface CallActions<Method extends CallMethod> {
  /**
   * Calls the method with its own arguments, and aborts the previous call. Returns the result, or
   * `undefined` if the call failed, was aborted or was replaced by a newer one. Never rejects.
   */
  run(...args: Parameters<ThetaOne[Method]>): Promise<CallResult<Method> | undefined>;
  /** Aborts the current call, and returns to the state `idle`. */
  abort(): void;
  /**
   * Repeats the last call with the same arguments. `transcribeLong` sends only the missing parts.
   */
  retry(): Promise<CallResult<Method> | undefined>;
}

/** The state of a call. `message` is `error.userMessage()`, in the client's `locale`. */
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

/** The state and the actions of a call. The actions keep their identity between renders. */
export type UseCall<Method extends CallMethod> = CallState<Method> & Readonly<CallActions<Method>>;

/**
 * Calls a method of the client. Unmounting aborts the call. If `request.signal` is aborted, or the
 * user leaves the page, the state is `failed` with an `AbortedError`.
 */
export function useCall<Method extends CallMethod>(method: Method): UseCall<Method>;

/**
 * The permission and the devices of the microphone.
 *
 * `permission` is `unknown` on the server, during the first render, and in browsers that do not
 * report it before the page requests it. `request` prompts the user, switches the microphone off
 * again, and returns whether permission was granted. If it was not, `error` is the cause.
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

/** Returns permission and devices, and updates them when they change. Needs no provider. */
export function useMicrophones(): UseMicrophones;

/** The props of a custom element: its own properties, and the attributes of HTML. */
type ElementProps<Element, Own extends keyof Element> = ClassAttributes<Element> &
  HTMLAttributes<Element> &
  Partial<Pick<Element, Own>>;

/** The properties that `<theta-score>` and `<theta-waveform>` share. */
type SourceProperty = "result" | "take" | "nativeResult" | "nativeTake" | "locale";

/** The props of the elements of `thetaone-web/elements`. Only React 19 sets them as properties. */
declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "theta-score": ElementProps<ThetaScore, SourceProperty>;
      "theta-waveform": ElementProps<ThetaWaveform, SourceProperty | "recorder">;
      "theta-recorder": ElementProps<
        ThetaRecorder,
        "client" | "goldText" | "maxSeconds" | "stopOnSilenceSeconds" | "recordOptions" | "locale"
      >;
    }
  }
}
