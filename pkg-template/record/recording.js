// One recording, from its start to whatever ends it.

import { loadEncoder, takeFrom } from "../prepare/prepare-audio.js";
import { notify } from "../client/untrusted-values.js";
import { Failure } from "../result/failure.js";
import { within } from "../client/timeout.js";
import { openCapture } from "./capture.js";
import { openMicrophone, switchOff } from "./microphone.js";
import { obtained } from "./acquire.js";
import { Stopwatch } from "./stopwatch.js";

/** How often the level is told and the time looked at, in milliseconds. */
const TICK_MS = 40;
/** How long a microphone gives nothing until it is taken for gone, in seconds. */
const DEAD_SECONDS = 2;
/** How much of that one look stands for at most: a page that was busy for two seconds has heard nothing either. */
const LONGEST_LOOK_SECONDS = 0.5;
/** How long what is still to come at the end may take, in milliseconds. */
const ENDING_MS = 5_000;

/** What `record()` resolves to; see `Recorder` in index.d.ts. */
export class Recording {
  #core;
  #wishes;
  #stream;
  #capture;
  #stopwatch = new Stopwatch();
  #speechEnd;
  /** Why it ended or is about to; the first reason stands. */
  #reason;
  #isOver = false;
  /** Resolves to the reason, when there is nothing more to come. */
  ended;
  #resolveEnded;
  #take;
  #deadSeconds = 0;
  /** When it was looked at last, as recorded time. */
  #tickedSeconds = 0;
  #ticker;

  constructor(core, wishes) {
    this.#core = core;
    this.#wishes = wishes;
    this.ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
  }

  /** Starts to record. Where it rejects, `cancel()` gives back what it has. */
  async start(scope) {
    const { wanted, deviceId, stopOnSilenceSeconds } = this.#wishes;
    // A signal that is aborted already must not make the browser ask for the microphone.
    await scope.guard(Promise.resolve());
    if (wanted.kbps !== undefined) await scope.guard(loadEncoder(wanted.kbps));
    const microphone = openMicrophone(this.#core, deviceId);
    this.#stream = await obtained(scope, microphone, switchOff);
    const capture = openCapture(this.#core, this.#stream, this.#wishes);
    this.#capture = await obtained(scope, capture, giveBack);
    // Disposed of since the scope said that it lasts.
    if (this.#isOver) throw cancelled();
    const { sampleRate } = this.#capture;
    if (stopOnSilenceSeconds != null && sampleRate) {
      this.#speechEnd = this.#core.speechEnd(stopOnSilenceSeconds, sampleRate);
    }
    this.#listen();
    this.#stopwatch.run();
    // Keeps the recording alive until it is released: a page that only waits for `onStop` may have dropped its
    // `Recorder`.
    this.#ticker = setInterval(() => this.#tick(), TICK_MS);
  }

  get state() {
    if (this.#reason) return this.#reason === "cancel" ? "cancelled" : "stopped";
    return this.#stopwatch.isRunning ? "recording" : "paused";
  }

  /** The time recorded so far, pauses left out. */
  get elapsedSeconds() {
    return this.#stopwatch.seconds;
  }

  /**
   * Ends the recording and resolves to its `Take`. Asked twice, it gives the same one; after a failure it tries again,
   * because the recording is still there.
   */
  stop() {
    this.#end("stop");
    this.#take ??= this.#taken().catch((thrown) => {
      this.#take = undefined;
      throw this.#core.error(thrown);
    });
    return this.#take;
  }

  /** Ends the recording and forgets it. */
  cancel() {
    this.#reason = "cancel";
    this.#capture?.stop();
    // Not waiting for what is still to come, which nobody wants.
    this.#finish();
    this.#release();
    const forget = () => this.#capture?.forget();
    // A take that is being made still needs it.
    Promise.resolve(this.#take).then(forget, forget);
  }

  pause() {
    if (!this.#reason && this.#capture.pause()) this.#stopwatch.hold();
  }

  resume() {
    if (!this.#reason && this.#capture.resume()) this.#stopwatch.run();
  }

  /** `reason` is what `onStop` is told. */
  #end(reason) {
    // It ends already, and what is still to come must have its chance to.
    if (this.#reason) return;
    this.#reason = reason;
    this.#stopwatch.hold();
    const finish = () => this.#finish();
    // WebKit's recorder may never say that it has stopped when its microphone went away meanwhile.
    if (this.#capture.stop(reason === "stop")) within(ENDING_MS, this.ended).then(finish);
    else finish();
  }

  /** The `Take`, when there is nothing more to come. */
  async #taken() {
    await this.ended;
    const stopReason = this.#reason;
    if (stopReason === "cancel") throw cancelled();
    const made = await this.#capture.made(this.#wishes.wanted);
    if (!made) {
      throw new Failure(
        "MicrophoneError",
        "interrupted",
        "the recording ended before anything was captured",
      );
    }
    const take = takeFrom(made, { stopReason, elapsedSeconds: this.elapsedSeconds });
    this.#capture.forget();
    return take;
  }

  #listen() {
    const broken = () => this.#end("interrupted");
    for (const track of this.#stream.getAudioTracks()) track.onended = broken;
    globalThis.addEventListener?.("pagehide", this.#leave);
    // Timers of hidden tabs fire once a second, or once a minute.
    const came = () => this.elapsedSeconds - this.#tickedSeconds >= TICK_MS / 1000 && this.#tick();
    this.#capture.start(() => this.#finish(), broken, came);
  }

  /**
   * The page is being left. It may come back, and then the take is there; the microphone is switched off in any case.
   */
  #leave = () => {
    this.#end("page_hide");
    // Stops at once, even if the recording is already ending: no time is left for its tail.
    this.#capture.stop();
    switchOff(this.#stream);
  };

  /** Nothing more will come: everything is given back. */
  #finish() {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#core.recording = undefined;
    this.#stopwatch.hold();
    this.#release();
    // It stopped by itself when nobody asked it to.
    this.#reason ??= "interrupted";
    const end = { reason: this.#reason };
    this.#resolveEnded(end);
    if (end.reason !== "cancel") notify(this.#wishes.onStop, end);
  }

  #release() {
    clearInterval(this.#ticker);
    this.#capture?.close();
    this.#speechEnd?.free();
    this.#speechEnd = undefined;
    if (this.#stream) {
      for (const track of this.#stream.getAudioTracks()) track.onended = null;
      switchOff(this.#stream);
    }
    globalThis.removeEventListener?.("pagehide", this.#leave);
  }

  #tick() {
    if (this.#reason) return;
    const { elapsedSeconds } = this;
    const seconds = elapsedSeconds - this.#tickedSeconds;
    this.#tickedSeconds = elapsedSeconds;
    if (elapsedSeconds >= (this.#wishes.maxSeconds ?? Infinity)) {
      this.#end("max_seconds");
    } else if (this.#isDead(seconds)) {
      this.#end("interrupted");
    } else {
      this.#report(this.#capture.listen(seconds), elapsedSeconds);
    }
  }

  #report(heard, elapsedSeconds) {
    if (!heard) return;
    const ends = (samples) => this.#speechEnd?.hear(samples, heard.seconds);
    if (this.#stopwatch.isRunning && heard.blocks.some(ends)) {
      this.#end("silence");
      return;
    }
    const [rmsDbfs, peakDbfs] = heard.level;
    notify(this.#wishes.onLevel, { rmsDbfs, peakDbfs, elapsedSeconds });
  }

  /** Whether the microphone gave nothing for long: a phone call, for one, mutes it without ending it. */
  #isDead(seconds) {
    const isMuted = this.#stream.getAudioTracks().some(({ muted }) => muted);
    // Asked each time, since it looks back to when it was asked last.
    const gaveNothing = this.#capture.isStarved() || isMuted;
    const isDead = gaveNothing && this.#stopwatch.isRunning;
    this.#deadSeconds = isDead ? this.#deadSeconds + Math.min(seconds, LONGEST_LOOK_SECONDS) : 0;
    return this.#deadSeconds >= DEAD_SECONDS;
  }
}

function giveBack(capture) {
  capture.close();
  capture.forget();
}

const cancelled = () => new Failure("AbortedError", undefined, "the recording was cancelled");
