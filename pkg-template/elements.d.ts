// thetaone-web/elements: `<theta-score>`, `<theta-waveform>` and `<theta-recorder>`. Importing it
// defines them; on the server it does nothing.

import type {
  Level,
  Locale,
  NativeAnalysis,
  Pronunciation,
  RecordOptions,
  Recorder,
  Take,
  ThetaOne,
} from "./index.js";
import type { AnyThetaOneError } from "./errors.js";

/**
 * Defines the elements under another prefix than `theta` too: `define("app")` defines
 * `<app-score>`, `<app-waveform>` and `<app-recorder>`. Names that are taken are skipped.
 */
export function define(prefix?: string): void;

/**
 * Resolves to the sentences that say how a refused microphone is allowed again in this browser,
 * for pages that show a `MicrophoneError` themselves.
 */
export function microphoneHelp(locale: Locale): Promise<string[]>;

/** The base of all elements. `EventMap` has the types of their events. */
declare class ThetaElement<EventMap> extends HTMLElement {
  /** The language of the element's own words. Default: the closest `lang`, else `"en"`. */
  get locale(): Locale;
  set locale(locale: Locale | null | undefined);
  addEventListener<Type extends keyof EventMap & string>(
    type: Type,
    listener: (this: this, event: EventMap[Type]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
  removeEventListener<Type extends keyof EventMap & string>(
    type: Type,
    listener: (this: this, event: EventMap[Type]) => unknown,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | EventListenerOptions,
  ): void;
}

/** A word in an event. Times are in seconds from the start of the take. */
export interface WordPlayDetail {
  /** From 0; pauses do not count. */
  readonly index: number;
  readonly word: string;
  readonly startSeconds: number;
  readonly endSeconds: number;
}

export interface WordOpenDetail {
  /** From 0; pauses do not count. */
  readonly index: number;
  readonly word: string;
  /** True if its sounds are shown now, false if they are hidden again. */
  readonly open: boolean;
}

export interface TimeUpdateDetail {
  /** In seconds from the start of the take. */
  readonly currentTime: number;
}

interface PlaybackEventMap extends HTMLElementEventMap {
  /** The time has changed: in every frame that plays, and when the user moves it. */
  timeupdate: CustomEvent<TimeUpdateDetail>;
}

interface ScoreEventMap extends PlaybackEventMap {
  /** The user plays a word. */
  "word-play": CustomEvent<WordPlayDetail>;
  /** The user opens or closes the sounds of a word. */
  "word-open": CustomEvent<WordOpenDetail>;
}

/** A `Take`, or the `Blob` of a recording. */
export type ElementAudio = Take | Blob;

/** `<theta-score>`: the words of a result with their scores, to be heard one by one. */
export class ThetaScore extends ThetaElement<ScoreEventMap> {
  /** The result of `pronunciation`, `pronunciationSimple` or `analyzeNative`. */
  result: Pronunciation | NativeAnalysis | null | undefined;
  /** The recording that was scored. Without it, words cannot be played. */
  take: ElementAudio | null | undefined;
  /** The reference's analysis: with `nativeTake`, its word is played after the user's. */
  nativeResult: NativeAnalysis | null | undefined;
  /** The reference's recording. */
  nativeTake: ElementAudio | null | undefined;
  /**
   * The time in the take, in seconds; while it plays, `timeupdate` is dispatched in every frame.
   * Setting it marks the word at that time, unless the element itself plays.
   */
  currentTime: number;
  readonly playing: boolean;
  /** Plays the take from `startSeconds`, by default `currentTime`. Resolves when it is over. */
  play(startSeconds?: number, endSeconds?: number): Promise<void>;
  stop(): void;
}

/** `<theta-waveform>`: a recording over time, with its words, below that of the reference. */
export class ThetaWaveform extends ThetaElement<PlaybackEventMap> {
  take: ElementAudio | null | undefined;
  /**
   * Shown while it records: a `<theta-recorder>`, which is followed through all its recordings,
   * or a `Recorder` whose `level` is measured.
   */
  recorder: Recorder | ThetaRecorder | null | undefined;
  /** The words that are laid over the take. */
  result: Pronunciation | NativeAnalysis | null | undefined;
  nativeTake: ElementAudio | null | undefined;
  /** The words that are laid over the reference. */
  nativeResult: NativeAnalysis | null | undefined;
  /** The time in the take, in seconds. `timeupdate` is dispatched, as by `<theta-score>`. */
  currentTime: number;
  readonly playing: boolean;
  /** Plays the take from `startSeconds`, by default `currentTime`. Resolves when it is over. */
  play(startSeconds?: number, endSeconds?: number): Promise<void>;
  stop(): void;
}

export type RecorderElementState =
  | "idle"
  | "opening"
  | "recording"
  | "preparing"
  | "done"
  | "failed";

interface RecorderEventMap extends Omit<HTMLElementEventMap, "error"> {
  /** A recording is ready to be sent. */
  take: CustomEvent<{ readonly take: Take; readonly goldText: string }>;
  /** A recording failed; the element says why. Does not bubble. */
  error: CustomEvent<{ readonly error: AnyThetaOneError }>;
  "state-change": CustomEvent<{ readonly state: RecorderElementState }>;
}

/**
 * `<theta-recorder>`: a button that records. The microphone is switched off when the element is
 * removed, and when the page is left or goes out of sight: what was recorded by then is the take.
 */
export class ThetaRecorder extends ThetaElement<RecorderEventMap> {
  /** Needed to record. */
  client: ThetaOne | null | undefined;
  /** The sentence to be read, which the element shows. Attribute `gold-text`. */
  get goldText(): string;
  set goldText(text: string | null | undefined);
  /** The option of `record()`, counted down. Attribute `max-seconds`. */
  get maxSeconds(): number | undefined;
  set maxSeconds(seconds: number | null | undefined);
  /** The option of `record()`. Attribute `stop-on-silence-seconds`. */
  get stopOnSilenceSeconds(): number | undefined;
  set stopOnSilenceSeconds(seconds: number | null | undefined);
  /** Further options of `record()`, such as `deviceId`. */
  recordOptions: RecordOptions | null | undefined;
  readonly state: RecorderElementState;
  /** The last take. */
  readonly take: Take | undefined;
  /** Why the last recording failed. */
  readonly error: AnyThetaOneError | undefined;
  readonly level: Level;
  /** Opens the microphone and records; does nothing while that is under way. Never rejects. */
  start(): Promise<void>;
  /** Ends the recording and prepares the take. Never rejects. */
  stop(): Promise<void>;
  /** Switches the microphone off and forgets what it recorded. */
  cancel(): void;
}

declare global {
  interface HTMLElementTagNameMap {
    "theta-score": ThetaScore;
    "theta-waveform": ThetaWaveform;
    "theta-recorder": ThetaRecorder;
  }
}
