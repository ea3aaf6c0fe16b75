// One recording, from its start to whatever ends it.

import { createTake } from "../prepare/prepared-audio.js";
import { loadEncoder } from "../prepare/encode-mp3.js";
import { notify } from "../client/untrusted-values.js";
import { abortedFailure, recordingFailure } from "../result/failure.js";
import { EndOfSpeechDetector, microphoneFailure, missingMicrophoneFailure } from "../wasm/core.js";
import { withTimeout } from "../client/timeout.js";
import { openCapture } from "./capture.js";
import { openMicrophone, switchOff } from "./microphone.js";
import { acquireOrRelease } from "./acquire.js";
import { Stopwatch } from "./stopwatch.js";

/** How often the level is told and the time looked at, in milliseconds. */
const TICK_MS = 40;
/** How long a microphone gives nothing until it is taken for gone, in seconds. */
const MAX_SILENT_SECONDS = 2;
/** How much of that one look stands for at most: a page that was busy for two seconds has heard nothing either. */
const MAX_TICK_SECONDS = 0.5;
/** How long what is still to come at the end may take, in milliseconds. */
const STOP_TIMEOUT_MS = 5_000;

/** What `record()` resolves to; see `Recorder` in index.d.ts. */
export class Recording {
  #runtime;
  #options;
  #stream;
  #capture;
  #stopwatch = new Stopwatch();
  #endOfSpeech;
  /** Why it ended or is about to; the first reason stands. */
  #reason;
  #isOver = false;
  /** Resolves to the reason, when there is nothing more to come. */
  ended;
  #resolveEnded;
  #take;
  #silentSeconds = 0;
  /** When it was looked at last, as recorded time. */
  #tickedSeconds = 0;
  #ticker;
  /** The level that was measured last; see `Level` in index.d.ts. */
  level = { rmsDbfs: -100, peakDbfs: -100, elapsedSeconds: 0 };

  /** `options` are those of `record()`, which were checked, and the `format` of the take. */
  constructor(runtime, options) {
    this.#runtime = runtime;
    this.#options = options;
    this.ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
  }

  /** Starts to record. Where it rejects, `cancel()` gives back what it has. */
  async start(scope) {
    const { format, deviceId, stopOnSilenceSeconds } = this.#options;
    // A signal that is aborted already must not make the browser ask for the microphone.
    await scope.run(Promise.resolve());
    if (format.kbps !== undefined) await scope.run(loadEncoder(format.kbps));
    const microphone = openMicrophone(microphoneFailures, deviceId);
    this.#stream = await acquireOrRelease(scope, microphone, switchOff);
    const capture = openCapture(this.#stream, this.#options);
    this.#capture = await acquireOrRelease(scope, capture, releaseCapture);
    // Disposed of since the scope said that it lasts.
    if (this.#isOver) throw cancelledFailure();
    const { sampleRate } = this.#capture;
    if (stopOnSilenceSeconds != null && sampleRate) {
      this.#endOfSpeech = new EndOfSpeechDetector(stopOnSilenceSeconds, sampleRate);
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
    this.#take ??= this.#createTake().catch((thrown) => {
      this.#take = undefined;
      throw this.#runtime.handle.toError(thrown);
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
    const discard = () => this.#capture?.discard();
    // A take that is being created still needs the recording.
    Promise.resolve(this.#take).then(discard, discard);
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
    if (this.#capture.stop(reason === "stop"))
      withTimeout(STOP_TIMEOUT_MS, this.ended).then(finish);
    else finish();
  }

  /** The `Take`, when there is nothing more to come. */
  async #createTake() {
    await this.ended;
    const stopReason = this.#reason;
    if (stopReason === "cancel") throw cancelledFailure();
    const prepared = await this.#capture.finish(this.#options.format);
    if (!prepared)
      throw recordingFailure("interrupted", "the recording ended before anything was captured");
    const take = createTake(prepared, { stopReason, elapsedSeconds: this.elapsedSeconds });
    this.#capture.discard();
    return take;
  }

  #listen() {
    const broken = () => this.#end("interrupted");
    for (const track of this.#stream.getAudioTracks()) track.onended = broken;
    globalThis.addEventListener?.("pagehide", this.#onPageHide);
    // Timers of hidden tabs fire once a second, or once a minute.
    const came = () => this.elapsedSeconds - this.#tickedSeconds >= TICK_MS / 1000 && this.#tick();
    this.#capture.start(() => this.#finish(), broken, came);
  }

  /**
   * The page is being left. It may come back, and then the take is there; the microphone is switched off in any case.
   */
  #onPageHide = () => {
    this.#end("page_hide");
    // Stops at once, even if the recording is already ending: no time is left for its tail.
    this.#capture.stop();
    switchOff(this.#stream);
  };

  /** Nothing more will come: everything is given back. */
  #finish() {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#runtime.recording = undefined;
    this.#stopwatch.hold();
    this.#release();
    // It stopped by itself when nobody asked it to.
    this.#reason ??= "interrupted";
    const end = { reason: this.#reason };
    this.#resolveEnded(end);
    if (end.reason !== "cancel") notify(this.#options.onStop, end);
  }

  #release() {
    clearInterval(this.#ticker);
    this.#capture?.close();
    this.#endOfSpeech?.free();
    this.#endOfSpeech = undefined;
    if (this.#stream) {
      for (const track of this.#stream.getAudioTracks()) track.onended = null;
      switchOff(this.#stream);
    }
    globalThis.removeEventListener?.("pagehide", this.#onPageHide);
  }

  #tick() {
    if (this.#reason) return;
    const { elapsedSeconds } = this;
    const seconds = elapsedSeconds - this.#tickedSeconds;
    this.#tickedSeconds = elapsedSeconds;
    if (elapsedSeconds >= (this.#options.maxSeconds ?? Infinity)) {
      this.#end("max_seconds");
    } else if (this.#hasNoInput(seconds)) {
      this.#end("interrupted");
    } else {
      this.#report(this.#capture.takeLevels(seconds), elapsedSeconds);
    }
  }

  #report(levels, elapsedSeconds) {
    if (!levels) return;
    const ends = (samples) => this.#endOfSpeech?.push(samples, levels.seconds);
    if (this.#stopwatch.isRunning && levels.blocks.some(ends)) {
      this.#end("silence");
      return;
    }
    const [rmsDbfs, peakDbfs] = levels.level;
    this.level = { rmsDbfs, peakDbfs, elapsedSeconds };
    notify(this.#options.onLevel, { ...this.level });
  }

  /** Whether the microphone gave nothing for long: a phone call, for one, mutes it without ending it. */
  #hasNoInput(seconds) {
    const isMuted = this.#stream.getAudioTracks().some(({ muted }) => muted);
    // Asked each time, since it looks back to when it was asked last.
    const gaveNothing = this.#capture.hasNoInput() || isMuted;
    const hasNone = gaveNothing && this.#stopwatch.isRunning;
    this.#silentSeconds = hasNone ? this.#silentSeconds + Math.min(seconds, MAX_TICK_SECONDS) : 0;
    return this.#silentSeconds >= MAX_SILENT_SECONDS;
  }
}

const microphoneFailures = { microphoneFailure, missingMicrophoneFailure };

function releaseCapture(capture) {
  capture.close();
  capture.discard();
}

const cancelledFailure = () => abortedFailure("the recording was cancelled");
