// Audio that is ready to be sent, and the options of `prepare()`.

/**
 * A recording that is ready to be sent, with its measured properties. `recorder.stop()` and
 * `prepare()` return it.
 */
export class Take {
  private constructor();
  /** The audio. Its type is `audio/wav` or `audio/mpeg`. */
  readonly blob: Blob;
  /** The size of the audio, in bytes. */
  readonly bytes: number;
  /** The length of the audio, in seconds. */
  readonly durationSeconds: number;
  /**
   * The sample rate, in Hz. Recorded and converted audio has 16000, or its original rate if that is
   * lower.
   */
  readonly sampleRate: number;
  /** The number of channels; 1 is mono. */
  readonly channels: number;
  /**
   * The length of the silence that was trimmed off the start, in seconds. Add it to a time in the
   * API's response to get the time in the original recording.
   */
  readonly offsetSeconds: number;
  /** The price of each method for this audio, in credits (1 credit is 1 US dollar). */
  readonly estimatedCredits: {
    readonly transcribe: number;
    readonly analyzeNative: number;
    readonly pronunciation: number;
    readonly pronunciationSimple: number;
  };
  /**
   * The level of the loudest sample, in dBFS: 0 is full scale, -100 is silence.
   *
   * This field, `rmsDbfs`, `clippedRatio` and the `…Seconds` fields below are absent if an MP3 was
   * not analyzed. An MP3 is analyzed only if the browser can decode it, so never in workers or in
   * Node. MP3s of more than 16 million samples (3 minutes of stereo at 44.1 kHz, 16 minutes of mono
   * at 16 kHz) are not analyzed either, because decoding them at once needs much memory and blocks
   * the page.
   */
  readonly peakDbfs?: number;
  /** The root mean square level, in dBFS. */
  readonly rmsDbfs?: number;
  /** The share of samples at full scale, from 0 to 1. */
  readonly clippedRatio?: number;
  /**
   * The total length of the speech, in seconds. A take without speech is not sent: the call rejects
   * with an `InvalidAudioError` whose `reason` is `silent`.
   */
  readonly speechSeconds?: number;
  /** The length of the silence before the first speech, in seconds. */
  readonly leadingSilenceSeconds?: number;
  /** The length of the silence after the last speech, in seconds. */
  readonly trailingSilenceSeconds?: number;
  /**
   * Problems of the recording. For an MP3 that was not analyzed, only the problems that are visible
   * in its frames.
   */
  readonly warnings?: readonly TakeWarning[];
  /** The reason why the recording ended. Absent if the take was made from a file. */
  readonly stopReason?: StopReason;
  /**
   * Returns the peaks of the audio, for drawing it: the smallest and the largest sample of each of
   * `buckets` equal parts, one pair after the other, from -1 to 1. If there are more buckets than
   * samples, neighboring buckets share a sample.
   *
   * The audio is read again at each call, in blocks. The samples of all channels count. An MP3 is
   * decoded by the browser first: in windows, and in workers with WebCodecs.
   *
   * @param buckets a whole number from 1 to 65536
   * @throws {ConfigurationError} if `buckets` is anything else
   * @throws {InvalidAudioError} if the audio cannot be read, or an MP3 cannot be decoded here
   */
  peaks(buckets: number): Promise<Float32Array<ArrayBuffer>>;
  /** Whether `value` is a `Take`, made by this or by another copy of the package. */
  static is(value: unknown): value is Take;
}

/**
 * A problem of a recording.
 *
 * - `too_quiet`: the speech is below -45 dBFS.
 * - `clipped`: more than 0.1 % of the samples are at full scale.
 * - `mostly_silence`: less than a quarter of the recording is speech.
 * - `too_long`: the recording is longer than 60 s.
 * - `very_short`: it holds less than 0.3 s of speech.
 * - `truncated`: a part is missing. The audio is much shorter than the recording ran, or than a WAV
 *   header or a container declares, or its end is missing.
 * - `junk`: an MP3 held bytes that belong to none of its frames. They are left out.
 * - `mixed_formats`: the sample rate of an MP3 changes, which few decoders handle correctly.
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
 * Audio that the methods accept. The SDK converts it to a format that the API accepts:
 *
 * - WAV with 16-bit PCM samples is sent as it is. An inexact header, or one with extra chunks, is
 *   replaced.
 * - The frames of an MP3 are sent as they are, without tags.
 * - Other WAV, and anything else that the browser can decode, is converted to 16 kHz mono 16-bit
 *   WAV. For MP3 instead, call `prepare()` first.
 *
 * When channels are mixed down and cancel each other, the loudest channel is used instead. Audio
 * without speech is not sent: the call rejects with an `InvalidAudioError` whose `reason` is
 * `silent`. An MP3 that is not analyzed (see `Take.peakDbfs`) is exempt from this check.
 */
export type Audio = Take | Blob | File | ArrayBuffer | ArrayBufferView;

/**
 * The reason why a recording ended.
 *
 * - `stop`: `stop()` was called.
 * - `max_seconds`: `maxSeconds` was reached.
 * - `silence`: the silence of `stopOnSilenceSeconds` followed speech.
 * - `interrupted`: the device was unplugged, was muted for two seconds, or delivered nothing: for
 *   two seconds with `capture: "pcm"`, for five with `"encoded"`.
 * - `page_hide`: the user left the page. The page may come back.
 */
export type StopReason = "stop" | "max_seconds" | "silence" | "interrupted" | "page_hide";

/** The bit rate of an MP3, in kbit/s. */
export type Mp3BitRate = 32 | 40 | 48 | 56 | 64 | 80 | 96 | 112 | 128 | 144 | 160;

/** The options of `prepare()`. */
export interface PrepareOptions {
  /** Aborts the preparation at once. The call then rejects with an `AbortedError`. */
  signal?: AbortSignal;
  /**
   * Whether silence before and after the speech is trimmed, except for 0.15 s on each side. Has no
   * effect on an MP3. Default `false`.
   */
  trimSilence?: boolean;
  /**
   * The format of audio that has to be re-encoded.
   *
   * - `"wav"` (default): 16 bits at 16 kHz, 256 kbit/s. A WAV or MP3 that the API can read stays as
   *   it is.
   * - `"mp3"`: for slow uplinks. WAV is encoded too; an MP3 stays as it is. The effect on the API's
   *   scores has not been measured. Speech below 16 kHz is encoded only at 8, 11.025 and 12 kHz,
   *   and stays WAV at other rates: check `take.blob.type`.
   *
   * The encoder (63 kB gzipped) is loaded on first use. If loading fails, the call rejects with a
   * `WasmLoadError`.
   */
  format?: "wav" | "mp3";
  /** The bit rate of the MP3, in kbit/s. Has no effect on WAV. Default 48. */
  bitrateKbps?: Mp3BitRate;
}
