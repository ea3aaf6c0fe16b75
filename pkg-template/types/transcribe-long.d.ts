// Options and results of `transcribeLong`.

import type { Transcript } from "./api.js";
import type { ThetaOneError } from "./errors.js";
import type { RequestOptions } from "./request.js";

/**
 * The last argument of `transcribeLong`. Its options apply to each part, except for `deadlineMs`,
 * which limits the whole call.
 */
export interface LongRequestOptions extends Omit<RequestOptions, "onProgress"> {
  /** Called at every step, with the progress of all parts together. */
  onProgress?: (progress: LongProgress) => void;
  /**
   * Maximum length of a part, in seconds (5 to 55). Default 50, because the server fails if upload
   * and processing together take more than 60 s. A part is never larger than 20 MB, so WAV files
   * with many channels are split into shorter parts.
   */
  maxPartSeconds?: number;
  /**
   * The `partial` of an error of an earlier `transcribeLong` with the same audio. Only the missing
   * parts are sent. The parts keep their boundaries, whatever `maxPartSeconds` is.
   */
  resume?: PartialTranscript | undefined;
}

/** The progress of all parts of a recording together. */
export interface LongProgress {
  /** `preparing` until the parts are known; then the phase of the most advanced part. */
  phase: "preparing" | "queued" | "uploading" | "waiting";
  /** The highest attempt number of the parts in progress, from 1. */
  attempt: number;
  /** Maximum number of attempts per part. */
  maxAttempts: number;
  /** The number of parts that are done. */
  partsDone: number;
  /** The number of parts; 0 until it is known. */
  partsTotal: number;
  /** The length of the parts that are done, in seconds. */
  doneSeconds: number;
  /**
   * The length of all parts, in seconds. Shorter than the recording if silence between the parts is
   * left out.
   */
  totalSeconds: number;
}

/** A part of a recording. Times are in seconds from the start of the audio that was passed. */
export interface LongPart {
  /** The position among the parts, from 0. */
  readonly index: number;
  readonly startSeconds: number;
  readonly endSeconds: number;
  /**
   * Whether the part ends within speech, because there was no pause. A word may be split between
   * this part and the next one.
   */
  readonly cutMidSpeech: boolean;
}

/** A part with its transcript. */
export interface TranscribedPart extends LongPart {
  readonly text: string;
  readonly text_type: Transcript["text_type"];
  /** The API's response for this part, unchanged. */
  readonly result: Transcript;
}

/** The result of `transcribeLong`. */
export interface LongTranscript {
  /** The texts of all parts in order, joined by spaces. */
  text: string;
  /**
   * The `text_type` that all parts have, or `codeswitched` if they differ. Parts without text are
   * ignored.
   */
  text_type: Transcript["text_type"];
  parts: TranscribedPart[];
  /** The length of the audio that was passed, in seconds. */
  durationSeconds: number;
  /**
   * The price of all parts by the price list, in credits. Counts each part once, without the
   * silence between the parts.
   */
  estimatedCredits: number;
}

/**
 * The state of a `transcribeLong` that failed. Each part is in one of the three lists. Contains no
 * audio and no API key, and can be stored with `JSON.stringify` for `resume`.
 */
export interface PartialTranscript {
  /** The length of the audio that was passed, in seconds. */
  readonly durationSeconds: number;
  /** The parts that are done, and billed. */
  readonly parts: readonly TranscribedPart[];
  /** The parts that failed, each with its error. */
  readonly failed: readonly (LongPart & { readonly error: ThetaOneError })[];
  /**
   * The parts that did not reach the server, because of an abort, the deadline, or an error that
   * applies to all parts.
   */
  readonly notSent: readonly LongPart[];
}
