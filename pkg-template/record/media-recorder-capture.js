// Recording by the browser's own recorder.

import { madeOf } from "../prepare/prepare-audio.js";
import { Meter } from "./level-meter.js";

/** How often the recorder hands out what it has, in milliseconds, so that an interruption costs no more than this. */
const CHUNK_MS = 250;
/**
 * How much longer it records when it is told to stop, in milliseconds: Chromium's recorder encodes 60 ms at a time, and
 * drops what does not fill that.
 */
const TAIL_MS = 70;

/** A `MediaRecorder` and what it gave so far. */
export class Encoded {
  #core;
  #recorder;
  #meter;
  #chunks = [];

  constructor(core, stream, wantsLevels) {
    this.#core = core;
    const mimeType = negotiated(core);
    const audioBitsPerSecond = core.recordedBitsPerSecond();
    this.#refusing(() => {
      this.#recorder = new MediaRecorder(stream, { audioBitsPerSecond, mimeType });
    });
    this.#meter = wantsLevels ? Meter.on(stream) : undefined;
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
    this.#refusing(() => this.#recorder.start(CHUNK_MS));
  }

  /** Holds; whether it does. */
  pause() {
    return this.#recorder.state === "recording" && does(() => this.#recorder.pause());
  }

  /** Goes on; whether it does. */
  resume() {
    return this.#recorder.state === "paused" && does(() => this.#recorder.resume());
  }

  /**
   * Asks for the last chunk; whether it will come. A recorder whose tracks all ended has stopped by itself, and handed
   * it out. With `tail`, what is spoken right now is recorded to its end.
   */
  stop(tail) {
    const { state, mimeType } = this.#recorder;
    if (!tail || state !== "recording" || !/opus|mp4/.test(mimeType)) {
      return state !== "inactive" && does(() => this.#recorder.stop());
    }
    setTimeout(() => this.stop(), TAIL_MS);
    return true;
  }

  /**
   * Listens, where levels are wanted: the `level` of the last moment, and `blocks` of samples since it listened last,
   * `seconds` ago. Where those may lack some, it says how long they should be.
   */
  listen(seconds) {
    if (!this.#meter) return undefined;
    const { latest, unheard } = this.#meter.listen();
    return { level: this.#core.level(latest), blocks: [unheard], seconds };
  }

  /** In Hz. */
  get sampleRate() {
    return this.#meter?.sampleRate;
  }

  isStarved() {
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

  /** Forgets what was recorded. */
  forget() {
    this.#chunks = [];
  }

  /** The recording, prepared; `undefined` where there is none. The chunks stay, for another try. */
  async made(wanted) {
    if (this.#chunks.length === 0) return undefined;
    return madeOf(this.#core, new Blob(this.#chunks, { type: this.#recorder.mimeType }), wanted, {
      isRecorded: true,
    });
  }

  #refusing(action) {
    try {
      action();
    } catch (cause) {
      throw this.#core.refusedMicrophone(cause);
    }
  }
}

function does(action) {
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
function negotiated(core) {
  if (typeof globalThis.Audio !== "function") return undefined;
  const audio = new Audio();
  return core
    .recordedTypes()
    .find((type) => MediaRecorder.isTypeSupported(type) && audio.canPlayType(type) !== "");
}
