// Recording by the browser's own recorder.

import { prepareAudio } from "../prepare/prepare-audio.js";
import {
  measureLevel,
  microphoneFailure,
  recorderBitsPerSecond,
  recorderTypes,
} from "../wasm/core.js";
import { LevelMeter } from "./level-meter.js";

/** How often the recorder hands out what it has, in milliseconds, so that an interruption costs no more than this. */
const CHUNK_MS = 250;
/**
 * How much longer it records when it is told to stop, in milliseconds: Chromium's recorder encodes 60 ms at a time, and
 * drops what does not fill that.
 */
const TAIL_MS = 70;

/** A capture by `MediaRecorder`, with the chunks that it has recorded so far. */
export class MediaRecorderCapture {
  #recorder;
  #meter;
  #chunks = [];

  constructor(stream, wantsLevels) {
    const mimeType = negotiateType();
    const audioBitsPerSecond = recorderBitsPerSecond();
    orMicrophoneFailure(() => {
      this.#recorder = new MediaRecorder(stream, { audioBitsPerSecond, mimeType });
    });
    this.#meter = wantsLevels ? LevelMeter.on(stream) : undefined;
  }

  /**
   * Starts. `stopped` is called when there is nothing more to come, `broken` when it broke, and `came` whenever something
   * did: in a hidden tab this is more often than timers fire.
   */
  start(stopped, broken, came) {
    this.#recorder.ondataavailable = ({ data }) => {
      if (data?.size > 0) this.#chunks.push(data);
      came();
    };
    this.#recorder.onstop = stopped;
    this.#recorder.onerror = broken;
    orMicrophoneFailure(() => this.#recorder.start(CHUNK_MS));
  }

  /** Holds; whether it does. */
  pause() {
    return this.#recorder.state === "recording" && succeeds(() => this.#recorder.pause());
  }

  /** Goes on; whether it does. */
  resume() {
    return this.#recorder.state === "paused" && succeeds(() => this.#recorder.resume());
  }

  /**
   * Asks for the last chunk; whether it will come. A recorder whose tracks all ended has stopped by itself, and handed
   * it out. With `tail`, what is spoken right now is recorded to its end.
   */
  stop(tail) {
    const { state, mimeType } = this.#recorder;
    if (!tail || state !== "recording" || !/opus|mp4/.test(mimeType)) {
      return state !== "inactive" && succeeds(() => this.#recorder.stop());
    }
    setTimeout(() => this.stop(), TAIL_MS);
    return true;
  }

  /**
   * Returns the `level` of the last moment, and `blocks` of samples since the last call, `seconds`
   * ago; `undefined` if no levels are wanted. The blocks may lack some samples, so that the result
   * has their `seconds`, too.
   */
  takeLevels(seconds) {
    if (!this.#meter) return undefined;
    const { latest, unheard } = this.#meter.listen();
    return { level: measureLevel(latest), blocks: [unheard], seconds };
  }

  /** In Hz. */
  get sampleRate() {
    return this.#meter?.sampleRate;
  }

  hasNoInput() {
    return false;
  }

  /** Gives the meter's context back, and hears no more. */
  close() {
    this.#meter?.close();
    this.#meter = undefined;
    this.#recorder.ondataavailable = null;
    this.#recorder.onstop = null;
    this.#recorder.onerror = null;
  }

  /** Discards the recording. */
  discard() {
    this.#chunks = [];
  }

  /** The recording, prepared; `undefined` where there is none. The chunks stay, for another try. */
  async finish(format) {
    if (this.#chunks.length === 0) return undefined;
    const blob = new Blob(this.#chunks, { type: this.#recorder.mimeType });
    return prepareAudio(blob, format, { isRecorded: true });
  }
}

function orMicrophoneFailure(action) {
  try {
    action();
  } catch (cause) {
    throw microphoneFailure(cause);
  }
}

function succeeds(action) {
  try {
    action();
    return true;
  } catch {
    return false;
  }
}

/**
 * The first type that this browser records and can also play: what it cannot play it cannot decode either. `undefined`
 * leaves the choice to the browser.
 */
function negotiateType() {
  if (typeof globalThis.Audio !== "function") return undefined;
  const audio = new Audio();
  return recorderTypes().find(
    (type) => MediaRecorder.isTypeSupported(type) && audio.canPlayType(type) !== "",
  );
}
