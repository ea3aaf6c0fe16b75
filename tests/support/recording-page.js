// The page of changing-recording.mjs: records with both captures at once, and notices which
// microphone is heard.

import { ThetaOne } from "/pkg/index.js";
import { waitFor } from "./wait-for.js";

const NO_PROCESSING = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
/** The level above which the first microphone is heard: the other ones are 20 dB quieter. */
const FIRST_DBFS = -15;
/** The level below which nothing is heard. */
const SILENCE_DBFS = -60;
/** The longest time for which one level counts: a page that was busy does not know the others. */
const MAX_TICK_SECONDS = 0.05;
/** The recorded time after which a recording that has heard too little is started anew. */
const MAX_WAIT_SECONDS = 20;
const HEADER_BYTES = 44;
const SAMPLE_RATE = 16_000;
/** The number of samples of which a tone is recognized: a quarter of a second. */
const PART_SAMPLES = SAMPLE_RATE / 4;
/** The amplitude above which a tone is heard, of 32,768. */
const MIN_AMPLITUDE = 100;

/** The recordings by capture, and the client of each: a client records once at a time. */
const recordings = {};
const clients = {};
/** The audio contexts by capture. */
const contexts = { encoded: [], pcm: [] };
/** The capture that is being started. */
let startingCapture;

// WebKit forgets what was set on the object when nothing refers to it.
const { mediaDevices } = navigator;
const { getUserMedia } = MediaDevices.prototype;
mediaDevices.getUserMedia = async (constraints) => {
  const recording = recordings[startingCapture];
  const stream = await getUserMedia.call(mediaDevices, constraints);
  [recording.track] = stream.getAudioTracks();
  return stream;
};

const { resume } = AudioContext.prototype;
AudioContext.prototype.resume = function () {
  const isKnown = Object.values(contexts).some((known) => known.includes(this));
  if (!isKnown) contexts[startingCapture].push(this);
  return resume.call(this);
};

/** Suspends all audio contexts of the recordings, as a system does. */
async function suspendContexts() {
  const open = Object.values(contexts)
    .flat()
    .filter(({ state }) => state !== "closed");
  await Promise.all(open.map((context) => context.suspend()));
}

/**
 * The recorded time in which the first microphone, another one, or nothing was heard. `anything` is
 * all of the time, also without a new level.
 */
const noSounds = () => ({ first: 0, other: 0, nothing: 0, anything: 0 });

class Recording {
  /** @type {MediaStreamTrack | undefined} */
  track;
  recorder;
  heardSeconds = noSounds();
  #reportedSeconds = 0;
  #reportedDbfs = 0;

  onLevel = ({ rmsDbfs, elapsedSeconds }) => {
    const seconds = Math.min(elapsedSeconds - this.#reportedSeconds, MAX_TICK_SECONDS);
    const sound = rmsDbfs > FIRST_DBFS ? "first" : rmsDbfs > SILENCE_DBFS ? "other" : "nothing";
    // A level that stays exactly the same is old: no sound has arrived since.
    if (sound === "nothing" || rmsDbfs !== this.#reportedDbfs) this.heardSeconds[sound] += seconds;
    this.heardSeconds.anything += seconds;
    this.#reportedSeconds = elapsedSeconds;
    this.#reportedDbfs = rmsDbfs;
  };

  hasHeard({ sound, seconds }) {
    return this.heardSeconds[sound] >= seconds;
  }

  /**
   * Waits until the recording has ended by itself, or one of these sounds was heard for so long.
   * Returns the outcome.
   */
  async finish(awaited) {
    const isDone = () =>
      this.recorder.state === "stopped" || awaited.some((sound) => this.hasHeard(sound));
    const problem = await waitFor(isDone, "the end of a recording, or its sound").then(
      () => undefined,
      ({ message }) => message,
    );
    const { heardSeconds, track } = this;
    const { elapsedSeconds } = this.recorder;
    const tracks = { before: track.readyState };
    const seen = { elapsedSeconds, heardSeconds, tracks, problem };
    try {
      const { stopReason, durationSeconds, warnings, blob } = await this.recorder.stop();
      tracks.after = track.readyState;
      return { stopReason, durationSeconds, warnings, sound: await tonesOf(blob), ...seen };
    } catch (error) {
      tracks.after = track.readyState;
      return { error: `${error.name} ${error.reason}`, ...seen };
    }
  }
}

let tones;

/** Prepares the page to record microphones with these tones, in Hz. */
async function prepare(hertzByName) {
  tones = hertzByName;
  for (const capture of ["encoded", "pcm"]) {
    clients[capture] = new ThetaOne({ baseUrl: "/api" });
    await clients[capture].ready();
  }
  // A page that is left fetches nothing any more.
  await import("/pkg/record/create-microphone-error.js");
}

/** Starts the recording of one capture. */
async function start(capture) {
  const recording = new Recording();
  recordings[capture] = recording;
  startingCapture = capture;
  recording.recorder = await clients[capture].record({
    capture,
    trimSilence: false,
    constraints: NO_PROCESSING,
    onLevel: recording.onLevel,
  });
}

/** Starts both captures, one after the other. */
async function startBoth() {
  for (const capture of Object.keys(clients)) await start(capture);
}

/**
 * Records until both captures have heard `sound` for so long. Returns false if a recording was
 * interrupted before, or heard too little of it: a busy machine loses sound.
 */
async function recordUntilHeard(sound, seconds) {
  try {
    await startBoth();
  } catch (error) {
    if (error.reason === "interrupted") return false;
    throw error;
  }
  const all = Object.values(recordings);
  const isHeard = () => all.every((recording) => recording.hasHeard({ sound, seconds }));
  const isLost = ({ recorder }) =>
    recorder.state === "stopped" || recorder.elapsedSeconds > MAX_WAIT_SECONDS;
  await waitFor(() => isHeard() || all.some(isLost), `${sound} to be heard for ${seconds} s`);
  return isHeard();
}

/** Begins to measure anew what is heard. */
function forgetSounds() {
  for (const recording of Object.values(recordings)) recording.heardSeconds = noSounds();
}

/** Returns the outcomes of all recordings by capture. `awaited` is by capture, too. */
async function finish(awaited) {
  const entries = Object.entries(recordings).map(async ([capture, recording]) => [
    capture,
    await recording.finish(awaited[capture]),
  ]);
  return Object.fromEntries(await Promise.all(entries));
}

/** Returns the tone of each quarter of a second: the first letter of its microphone, or `-`. */
async function tonesOf(blob) {
  const samples = new Int16Array(await blob.slice(HEADER_BYTES).arrayBuffer());
  let found = "";
  for (let at = 0; at + PART_SAMPLES <= samples.length; at += PART_SAMPLES) {
    const part = samples.subarray(at, at + PART_SAMPLES);
    const [[name, amplitude]] = Object.entries(tones)
      .map(([name, hertz]) => [name, amplitudeOf(part, hertz)])
      .sort(([, one], [, other]) => other - one);
    found += amplitude > MIN_AMPLITUDE ? name[0] : "-";
  }
  return found;
}

/** Returns the amplitude of a tone in samples. */
function amplitudeOf(samples, hertz) {
  let [cosine, sine] = [0, 0];
  samples.forEach((sample, n) => {
    const phase = (2 * Math.PI * hertz * n) / SAMPLE_RATE;
    cosine += sample * Math.cos(phase);
    sine += sample * Math.sin(phase);
  });
  return Math.hypot(cosine, sine) / (samples.length / 2);
}

Object.assign(globalThis, {
  ...{ contexts, finish, forgetSounds, mediaDevices, prepare, recordings },
  ...{ recordUntilHeard, start, suspendContexts, waitFor },
});
