// The API's own data: the options of its endpoints and their responses. Names are the API's.

/** The path of an endpoint, relative to `baseUrl`. */
export type EndpointPath =
  | "/transcribe"
  | "/analyze-native"
  | "/pronunciation"
  | "/pronunciation-simple";

/** The options of `transcribe` and `transcribeLong`. */
export interface TranscribeOptions {
  /** Whether the transcript leaves out Korean. The API's default is `false`. */
  suppress_korean?: boolean;
}

/** The options of `analyzeNative`. */
export interface AnalyzeNativeOptions {
  /** The sentence that is spoken in the recording. */
  gold_text: string;
}

/** The options of `pronunciationSimple`. */
export interface PronunciationSimpleOptions {
  /** The sentence that the user is asked to say. */
  gold_text: string;
  /** The language of the feedback. The API's default is `"ko"`. */
  language?: "ko" | "en";
}

/** The options of `pronunciation`. */
export interface PronunciationOptions extends PronunciationSimpleOptions {
  /**
   * The `speech_components` of a result of `analyzeNative`, or their JSON string. The server
   * receives the same JSON values in the same order, including unknown fields.
   */
  native_speech_components: readonly SpeechComponent[] | string;
}

/** The result of `transcribe`: the API's JSON, unchanged. */
export interface Transcript {
  /** The transcript of the whole recording. */
  text: string;
  /** The language of `text`; `codeswitched` means that it mixes English and Korean. */
  text_type: "en" | "ko" | "codeswitched" | (string & {});
  metadata: Record<string, unknown>;
  /** The server's processing time, in seconds. */
  response_time_in_sec: number;
  [field: string]: unknown;
}

/** A spoken word, with its score. */
export interface SpeechWord {
  type: "word";
  word: string;
  /** Start of the word, in seconds from the start of the uploaded audio. */
  start: number;
  /** End of the word, in seconds from the start of the uploaded audio. */
  end: number;
  /** The pronunciation score, from 0 to 100. */
  score: number;
  /** Whether the API counts the word as pronounced correctly. */
  is_correct: boolean;
  /** Whether the word is stressed. */
  is_stressed: boolean;
  /** Feedback in the language of the option `language`, or `null`. */
  feedback: string | null;
  syllables: unknown[];
  [field: string]: unknown;
}

/** A pause between words. */
export interface SpeechPause {
  type: "pause";
  /** Whether the API counts the pause as too long. */
  is_long?: boolean;
  [field: string]: unknown;
}

/** A word or a pause. Fields that the API does not document are passed through unchanged. */
export type SpeechComponent = SpeechWord | SpeechPause;

/**
 * The result of `analyzeNative`: the API's JSON, unchanged. Store it and reuse it for every learner
 * of the sentence.
 */
export interface NativeAnalysis {
  /** The words and pauses of the reference recording, for `native_speech_components`. */
  speech_components: SpeechComponent[];
  [field: string]: unknown;
}

/**
 * The result of `pronunciation` and `pronunciationSimple`: the API's JSON, unchanged. The API does
 * not document the keys of its four feedback dimensions.
 */
export interface Pronunciation {
  /** The words and pauses of the user's recording. */
  user_speech_components: SpeechComponent[];
  [field: string]: unknown;
}
