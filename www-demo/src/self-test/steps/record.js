// Recordings of the microphone, and of a stream that the page generates, by each capture. The page
// plays chirps into them, so that lost samples can be measured.

import { measureChirps, playChirps, withinPeriod } from "../chirps.js";
import { NotAvailable, verify } from "../outcome.js";
import { samplesOf } from "../signals.js";
import { round, timed, wait, withLimit } from "../time.js";
import { NO_PROCESSING } from "./microphone.js";

/** @import { Recorder, Take } from "thetaone-web" */
/** @import { Tools } from "../run.js" */

const MICROPHONE_MS = 3_500;
const STREAM_MS = 2_500;
const RESUME_LIMIT_MS = 2_000;
/** The difference of the take's length from the recorded time that codecs cause, in seconds. */
const MAX_LENGTH_ERROR_SECONDS = 0.25;
/** The share of the chirps that are found if the recording holds them. */
const MIN_FOUND = 0.6;
/** The sum of all gaps that counts as a fault, in milliseconds. */
const MAX_GAPS_MS = 50;
/** The inaccuracy of the context's clock, in milliseconds. */
const CLOCK_ERROR_MS = 50;
/** The speech that counting aloud contains at least, in seconds. */
const MIN_SPEECH_SECONDS = 0.4;
/** The level of a quiet room, in dBFS. */
const MAX_NOISE_DBFS = -50;

/**
 * Records the microphone while the page plays chirps and the user counts aloud.
 * @param {Tools} tools
 * @param {"encoded" | "pcm"} capture
 */
export async function recordMicrophone({ context, createClient, onEnd, ask }, capture) {
  const theta = createClient();
  const { value: recorder, ms: firstSoundMs } = await timed(() =>
    theta.record({ capture, constraints: NO_PROCESSING, trimSilence: false }),
  );
  ask("countAloud");
  const contextState = await resume(context);
  const signal = playChirps(context, context.destination);
  onEnd(signal.stop);
  const { clockSeconds, stallMs } = await runFor(MICROPHONE_MS, recorder, context);
  const { take, chirps, numbers } = await stopAndMeasure(recorder, capture);
  const hasTones = chirps.found >= MIN_FOUND * chirps.expected;
  const heard = hasTones ? "tones" : soundOf(take);
  const lengthError = take.durationSeconds - clockSeconds;
  return verify(
    {
      contextState,
      firstSoundMs: round(firstSoundMs),
      clockSeconds: round(clockSeconds, 2),
      ...numbers,
      stallMs: round(stallMs),
      heard,
    },
    [
      [lengthError > -MAX_LENGTH_ERROR_SECONDS, "the take is shorter than the recording"],
      [lengthError < MAX_LENGTH_ERROR_SECONDS, "the take is longer than the recording"],
      [heard !== "nothing", "the recording is silent"],
      // Where the loudspeaker stalls, the microphone hears a gap.
      ...(hasTones ? withoutGaps(chirps, MAX_GAPS_MS + Math.max(0, stallMs)) : []),
    ],
  );
}

/**
 * Records chirps without microphone and loudspeaker. The clock of the context tells which chirps
 * belong to the recording, so that the loss at its ends is measured as well.
 * @param {Tools} tools
 * @param {"encoded" | "pcm"} capture
 */
export async function recordStream({ context, createClient, onEnd, hasPassed }, capture) {
  // Outside a click, WebKit starts the SDK's audio context only while a microphone is open.
  if (hasPassed("microphone")) {
    const microphone = await navigator.mediaDevices.getUserMedia({ audio: true });
    onEnd(() => microphone.getTracks().forEach((track) => track.stop()));
  }
  const contextState = await resume(context);
  const theta = createClient();
  const destination = context.createMediaStreamDestination();
  const signal = playChirps(context, destination);
  onEnd(signal.stop);
  const { stream } = destination;
  const { value: recorder, ms: firstSoundMs } = await timed(() =>
    theta.record({ stream, capture, trimSilence: false }),
  );
  const { fromSeconds, toSeconds, stallMs } = await runFor(STREAM_MS, recorder, context);
  const { take, chirps, numbers } = await stopAndMeasure(recorder, capture);
  const { headSeconds, tailSeconds } = chirps;
  const startOffsetMs = 1000 * withinPeriod(headSeconds - (fromSeconds - signal.startSeconds));
  const endOffsetMs = 1000 * withinPeriod(tailSeconds - (toSeconds - signal.startSeconds));
  // The take is as long as the context ran: where the context stalls, there is no sound.
  const missingMs = 1000 * (toSeconds - fromSeconds - take.durationSeconds);
  return verify(
    {
      contextState,
      firstSoundMs: round(firstSoundMs),
      clockSeconds: round(toSeconds - fromSeconds, 2),
      ...numbers,
      stallMs: round(stallMs),
      // Negative if the take begins before `record()` resolved. Contains the latency of the stream.
      startOffsetMs: round(startOffsetMs),
      // Positive if the take ends after `stop()` was called. Contains the same latency.
      endOffsetMs: round(endOffsetMs),
    },
    [
      [missingMs <= CLOCK_ERROR_MS, "the take is shorter than the recording"],
      [missingMs >= -1000 * MAX_LENGTH_ERROR_SECONDS, "the take is longer than the recording"],
      [chirps.found >= MIN_FOUND * chirps.expected, "the recording does not hold the tones"],
      ...withoutGaps(chirps, MAX_GAPS_MS),
    ],
  );
}

/**
 * Starts the context of the page again, if the microphone has interrupted it, as on iOS. Returns its
 * state.
 * @param {AudioContext} context
 */
async function resume(context) {
  if (context.state !== "running") {
    // The state tells the rest.
    await withLimit(context.resume(), RESUME_LIMIT_MS).catch(() => {});
  }
  return context.state;
}

/** @param {Take} take */
function soundOf({ speechSeconds = 0, rmsDbfs = -100 }) {
  if (speechSeconds >= MIN_SPEECH_SECONDS) return "speech";
  return rmsDbfs > MAX_NOISE_DBFS ? "sound" : "nothing";
}

/**
 * @param {ReturnType<typeof measureChirps>} chirps
 * @param {number} mostMs
 * @returns {[boolean, string][]}
 */
const withoutGaps = ({ lostMs, insertedMs }, mostMs) => [
  [lostMs <= mostMs, "samples are missing within the recording"],
  [insertedMs <= mostMs, "the recording holds more samples than were played"],
];

/**
 * Waits until the recording has run for `ms`. Returns the times of the context at both ends, the
 * time that passed, and for how long the context stood still.
 * @param {number} ms
 * @param {Recorder} recorder
 * @param {AudioContext} context
 * @throws {Error} if the recording ends by itself
 */
async function runFor(ms, recorder, context) {
  const fromSeconds = context.currentTime;
  const { value: end, ms: passedMs } = await timed(() => Promise.race([recorder.ended, wait(ms)]));
  if (end) throw new Error(`the recording ended by itself: ${end.reason}`);
  const toSeconds = context.currentTime;
  const stallMs = passedMs - 1000 * (toSeconds - fromSeconds);
  return { fromSeconds, toSeconds, clockSeconds: passedMs / 1000, stallMs };
}

/**
 * Stops the recording and measures it.
 * @param {Recorder} recorder
 * @param {"encoded" | "pcm"} capture
 */
async function stopAndMeasure(recorder, capture) {
  // Without `onLevel`, only the capture "pcm" measures levels.
  const isPcm = recorder.level.elapsedSeconds > 0;
  const { value: take, ms: stopMs } = await timed(() => recorder.stop());
  const chirps = measureChirps(await samplesOf(take), take.sampleRate);
  const numbers = {
    takeSeconds: round(take.durationSeconds, 2),
    stopMs: round(stopMs),
    rmsDbfs: round(take.rmsDbfs ?? -100, 1),
    peakDbfs: round(take.peakDbfs ?? -100, 1),
    speechSeconds: round(take.speechSeconds ?? 0, 2),
    warnings: (take.warnings ?? []).join(" ") || "none",
    chirpsFound: chirps.found,
    chirpsExpected: chirps.expected,
    lostMs: round(chirps.lostMs, 1),
    insertedMs: round(chirps.insertedMs, 1),
  };
  if (capture === "pcm" && !isPcm) {
    const reason = "the audio worklet did not start, so that the browser's recorder was used";
    throw new NotAvailable(reason, numbers);
  }
  return { take, chirps, numbers };
}
