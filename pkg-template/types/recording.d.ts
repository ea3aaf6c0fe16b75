// Recording from the microphone, its permission and its devices.

import type { Mp3BitRate, StopReason, Take } from "./audio.js";

/** The options of `record()`. */
export interface RecordOptions {
  /** Maximum length of the recording, in seconds (0.1 to 3600), without pauses. No default. */
  maxSeconds?: number;
  /**
   * Ends the recording after this many seconds of silence (0.1 to 3600) that follow speech.
   *
   * Silence before the first word does not end the recording; set `maxSeconds` for that case. After
   * the first word, sounds 20 dB below the user's level count as silence. Has no effect if the
   * browser provides no AudioContext to measure levels. No default.
   */
  stopOnSilenceSeconds?: number;
  /**
   * The way of recording.
   *
   * - `"encoded"` records with MediaRecorder. The default in all browsers but WebKitGTK and WPE.
   * - `"pcm"` records raw samples and prepares them while they arrive. No lossy codec is involved,
   *   and the take is ready as soon as the recording ends. The default in WebKitGTK and WPE, whose
   *   MediaRecorder loses sound.
   *
   * Falls back to `"encoded"` where samples cannot be read. Outside of Chromium, that needs an
   * AudioWorklet, and `blob:` in the `script-src` of the Content-Security-Policy.
   */
  capture?: "encoded" | "pcm";
  /** Called once when the first sound has arrived, just before `record()` resolves. */
  onStart?: () => void;
  /**
   * Called with the level about 25 times a second, from when the core has loaded. Never called if
   * the browser provides no AudioContext to measure it.
   */
  onLevel?: (level: Level) => void;
  /**
   * Called once when the recording ends, unless it is canceled. `stop()` returns the take, whatever
   * the reason.
   */
  onStop?: (end: { reason: StopReason }) => void;
  /** The `deviceId` of a microphone, from `microphones.list()` or `enumerateDevices()`. */
  deviceId?: string;
  /** The processing of the sound by the browser. Default: the browser's own. */
  constraints?: RecordConstraints;
  /**
   * A stream to record instead of the microphone: that of a call, a mixer or a test. Its first live
   * audio track is recorded, and not stopped. Excludes `deviceId` and `constraints`.
   */
  stream?: MediaStream;
  /**
   * Whether silence before and after the speech is trimmed, except for 0.15 s on each side. Default
   * `true`.
   */
  trimSilence?: boolean;
  /**
   * The format of the take. Default `"wav"`; see `PrepareOptions.format`. The MP3 encoder loads
   * during the recording.
   */
  format?: "wav" | "mp3";
  /** The bit rate of the MP3, in kbit/s. Has no effect on WAV. Default 48. */
  bitrateKbps?: Mp3BitRate;
  /** Aborts `record()` until it resolves: while it waits for the user's permission, for example. */
  signal?: AbortSignal;
}

/** The processing of the sound by the browser. Browsers ignore what they cannot do. */
export interface RecordConstraints {
  /** Whether the sound of the loudspeakers is removed. */
  echoCancellation?: boolean;
  /** Whether background noise is reduced. */
  noiseSuppression?: boolean;
  /** Whether the level is adjusted automatically. */
  autoGainControl?: boolean;
}

/** The level of a recording at one moment. */
export interface Level {
  /** The root mean square level, in dBFS: 0 is full scale, -100 is silence. */
  rmsDbfs: number;
  /** The level of the loudest sample, in dBFS. */
  peakDbfs: number;
  /** The recorded time so far, in seconds, without pauses. */
  elapsedSeconds: number;
}

/** A recording in progress, returned by `record()`. */
export interface Recorder {
  /** The state. `stopped` and `cancelled` are final. */
  readonly state: "recording" | "paused" | "stopped" | "cancelled";
  /** The recorded time so far, in seconds, without pauses. */
  readonly elapsedSeconds: number;
  /**
   * The level that was measured last; -100 dBFS before. It is measured with `onLevel`,
   * `stopOnSilenceSeconds` or `capture: "pcm"`.
   */
  readonly level: Level;
  /**
   * Resolves when the recording ends, whatever the reason; call `stop()` then to get the take.
   * Never rejects.
   */
  readonly ended: Promise<{ reason: StopReason | "cancel" }>;
  /**
   * Ends the recording and returns the take: 16 kHz mono, 16-bit WAV or MP3. Later calls return the
   * same take. After an error, a later call tries again: the recording is still there.
   *
   * @throws {AbortedError} after `cancel()`, or if the client is disposed of meanwhile
   * @throws {WasmLoadError} if the core or the MP3 encoder cannot be loaded
   * @throws {MicrophoneError} with the reason `interrupted` if nothing was captured
   * @throws {InvalidAudioError} if the recording cannot be decoded
   */
  stop(): Promise<Take>;
  /** Ends the recording and discards it. */
  cancel(): void;
  /** Pauses the recording. */
  pause(): void;
  /** Continues a paused recording. */
  resume(): void;
}

/**
 * Whether this page may use the microphone. `unknown` means that the browser does not say before
 * the page requests it.
 */
export type MicrophonePermission = "granted" | "denied" | "prompt" | "unknown";

/** A microphone that `record({ deviceId })` can use. */
export interface MicrophoneDevice {
  /** The ID for `record()`. Empty in some browsers until permission is granted. */
  readonly deviceId: string;
  /** The name for a menu. Empty until permission is granted. */
  readonly label: string;
  /** True for exactly one device: the one that `record()` opens without a `deviceId`. */
  readonly isDefault: boolean;
}

/** Permission and devices of the microphone. Needs no client and loads no wasm. */
export interface Microphones {
  /** Returns the permission, without prompting the user. Never rejects. */
  permission(): Promise<MicrophonePermission>;
  /**
   * Lists the microphones, without prompting the user. Returns an empty list on pages that are not
   * served securely.
   *
   * @throws {MicrophoneError} if the browser rejects the request
   */
  list(): Promise<MicrophoneDevice[]>;
  /**
   * Prompts the user for permission, and switches the microphone off again.
   *
   * @throws {MicrophoneError} for the same reasons as `record()`
   */
  request(): Promise<void>;
  /**
   * Calls `listener` when the permission or the devices change, as far as the browser reports
   * changes. Returns a function that ends the subscription.
   *
   * @throws {ConfigurationError} if `listener` is not a function
   */
  subscribe(listener: () => void): () => void;
}

/** Permission and devices of the microphone. Needs no client and loads no wasm. */
export const microphones: Microphones;
