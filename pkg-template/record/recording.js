// One recording, from its start to its end.

import { withTimeout } from "../client/timeout.js";
import { openPcmCapture, recordsSamples } from "./capture.js";
import { LiveAnalysis } from "./live-analysis.js";
import { MediaRecorderCapture } from "./media-recorder-capture.js";
import { MicrophoneProblem, toMicrophoneError } from "./microphone-problem.js";
import { Stopwatch } from "./stopwatch.js";

/** @import { RecordOptions, StopReason, Take } from "../index.js" */
/** @import { Capture, Core, LiveSamples, RecordingHost } from "../internal.js" */

/** The interval in which levels are reported and the time is checked, in milliseconds. */
const TICK_MS = 40;
/** The time after which a microphone without input counts as gone, in seconds. */
const MAX_SILENT_SECONDS = 2;
/** The highest share of one tick in that time: a page that was busy has heard nothing either. */
const MAX_TICK_SECONDS = 0.5;
/**
 * The time that the first samples may take, and the last ones, in milliseconds. Bluetooth headsets
 * take a second.
 */
const SAMPLES_TIMEOUT_MS = 5_000;

export class Recording {
  #host;
  #options;
  /** @type {MediaStreamTrack[]} */
  #tracks = [];
  /** @type {Capture | undefined} */
  #capture;
  #analysis;
  #stopwatch = new Stopwatch();
  /**
   * The reason for which the recording has ended or is about to; the first one counts.
   * @type {StopReason | "cancel" | undefined}
   */
  #reason;
  #isOver = false;
  /**
   * Resolves to the reason, when no more input will arrive.
   * @type {Promise<{ reason: StopReason | "cancel" }>}
   */
  ended;
  /** @type {(end: { reason: StopReason | "cancel" }) => void} */
  #resolveEnded = () => {};
  /** @type {Promise<Take> | undefined} */
  #take;
  /** @type {Promise<Take> | undefined} */
  #preparing;
  /**
   * Ends the preparation of a take that nobody waits for any more. Created on demand, because
   * `record()` would wait for it.
   * @type {AbortController | undefined}
   */
  #cancellation;
  #hasLoaded = false;
  #silentSeconds = 0;
  /** The recorded time at the last tick. */
  #tickedSeconds = 0;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #ticker;
  /** The level that was measured last; see `Level` in index.d.ts. */
  level = { rmsDbfs: -100, peakDbfs: -100, elapsedSeconds: 0 };

  /**
   * @param {RecordingHost} host
   * @param {RecordOptions} options valid options
   */
  constructor(host, options) {
    this.#host = host;
    this.#options = options;
    this.#analysis = new LiveAnalysis(options.stopOnSilenceSeconds);
    this.ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
    // Now already: a page that comes back from the browser's cache must not find its microphone on,
    // although it was left during the permission prompt.
    globalThis.addEventListener?.("pagehide", this.#onPageHide);
  }

  /**
   * Starts to record; resolves when sound arrives, and `run()` must be called. After a rejection,
   * `cancel()` releases everything.
   *
   * Firefox delivers sound in steps of 10 ms: 2 ms of scripts here make it arrive 3 ms later.
   * @param {MediaStream} stream
   */
  async start(stream) {
    this.#tracks = stream.getAudioTracks();
    // The browser cannot be told to stop asking for permission, and may open the microphone later.
    this.#assertGoesOn(stream);
    this.#host.recording = this;
    const { capture, onLevel, stopOnSilenceSeconds } = this.#options;
    if (recordsSamples(capture)) {
      this.#capture = await openPcmCapture(stream);
      this.#assertGoesOn(stream);
    }
    if (!this.#capture) {
      const wantsLevels = (onLevel ?? stopOnSilenceSeconds) != null;
      const encoded = new MediaRecorderCapture(stream, wantsLevels);
      this.#capture = encoded;
      await encoded.open();
      this.#assertGoesOn(stream);
    }
    /** @type {Promise<true>} */
    const started = new Promise((resolve) => {
      this.#startCapture(() => resolve(true));
    });
    // If the recording ends first, `run()` throws.
    const outcome = Promise.race([started, this.ended]);
    const hasStarted = await withTimeout(SAMPLES_TIMEOUT_MS, outcome);
    if (!hasStarted) throw interruption();
  }

  /**
   * Releases everything and throws if the recording has ended, or its client was disposed of, or the
   * tracks of `stream` have ended: then they fire no event, and a worklet gets silence of them.
   * @param {MediaStream} [stream]
   */
  #assertGoesOn(stream) {
    const { disposal } = this.#host;
    if (!this.#reason && !disposal && stream?.active !== false) return;
    this.cancel();
    throw disposal ?? interruption();
  }

  /** Counts the time from now on, and calls `onStart`. Throws if the recording has ended. */
  run() {
    this.#assertGoesOn();
    this.#stopwatch.run();
    // The interval keeps the recording alive: a page that only waits for `onStop` may have dropped
    // its `Recorder`.
    this.#ticker = setInterval(() => this.#tick(), TICK_MS);
    this.#host.notify(this.#options.onStart);
  }

  /** @returns {"recording" | "paused" | "stopped" | "cancelled"} */
  get state() {
    if (this.#reason) return this.#reason === "cancel" ? "cancelled" : "stopped";
    return this.#stopwatch.isRunning ? "recording" : "paused";
  }

  /** The recorded time so far, in seconds, without pauses. */
  get elapsedSeconds() {
    return this.#stopwatch.seconds;
  }

  /**
   * Ends the recording and resolves to its `Take`. A second call returns the same promise; after an
   * error it tries again, because the recording is still there.
   */
  stop() {
    this.#end("stop");
    this.#take ??= this.#createTake();
    return this.#take;
  }

  /** Ends the recording and discards it. */
  cancel() {
    this.#reason = "cancel";
    this.#cancellation ??= new AbortController();
    this.#cancellation.abort("the recording was cancelled");
    this.#capture?.stop();
    // Does not wait for the last samples, which are not needed.
    this.#finish();
    this.#release();
    const discard = () => this.#capture?.discard();
    // A take that is being prepared still needs the recording.
    Promise.resolve(this.#preparing).then(discard, discard);
  }

  pause() {
    if (!this.#reason && this.#capture?.pause()) this.#stopwatch.pause();
  }

  resume() {
    if (!this.#reason && this.#capture?.resume()) this.#stopwatch.run();
  }

  /** @param {StopReason} reason */
  #end(reason) {
    // A recording that is ending already must get its last samples.
    if (this.#reason) return;
    this.#reason = reason;
    this.#stopwatch.pause();
    const finish = () => this.#finish();
    // WebKit's recorder may never report that it has stopped if its microphone went away meanwhile.
    if (this.#capture?.stop(reason === "stop" || this.#capture.awaitsFirstChunk))
      void withTimeout(SAMPLES_TIMEOUT_MS, this.ended).then(finish);
    else finish();
  }

  /**
   * Loads what a recording does not need at its start, once. On a slow phone, the core would delay
   * the first samples; in Firefox, these lines take 0.3 ms, for which `record()` would wait.
   */
  #loadDeferred() {
    if (this.#hasLoaded) return;
    this.#hasLoaded = true;
    this.#attachCore().catch(() => this.#analysis.close());
    import("./watch-device.js")
      .then(({ watchDevice }) => watchDevice(this.#tracks[0], this.#onBroken, this.ended))
      .catch(() => {});
  }

  /** Loads the core, and passes it the samples so far. */
  async #attachCore() {
    const { shared } = (await this.#host.load()).runtime;
    const { kbps } = this.#outputFormat(shared);
    // `stop()` loads it again, and reports a failure.
    if (kbps !== undefined) shared.loadEncoder(kbps).catch(() => {});
    if (this.#isOver) return;
    this.#analysis.attach(shared);
    this.#capture?.attach?.(shared);
  }

  /** Resolves to the `Take`, when no more input will arrive. */
  async #createTake() {
    this.#cancellation ??= new AbortController();
    const { signal } = this.#cancellation;
    try {
      await this.ended;
      // A signal that is aborted already ends the wait with an AbortedError.
      if (signal.aborted) return await this.#host.within(new Promise(() => {}), signal);
      // A preparation goes on when its caller no longer waits. The recording is gone afterwards.
      this.#preparing ??= this.#prepareTake().catch((error) => {
        this.#preparing = undefined;
        throw error;
      });
      return await this.#host.within(this.#preparing, signal);
    } catch (thrown) {
      this.#take = undefined;
      throw this.#host.localize(await toMicrophoneError(thrown, this.#host));
    }
  }

  async #prepareTake() {
    const capture = this.#capture;
    if (!capture || capture.isEmpty) throw interruption();
    const { handle, shared } = (await this.#host.load()).runtime;
    try {
      const prepared = await capture.finish(shared, this.#outputFormat(shared));
      if (!prepared) throw interruption();
      const stopReason = /** @type {StopReason} */ (this.#reason);
      const take = shared.createTake(prepared, { stopReason, elapsedSeconds: this.elapsedSeconds });
      capture.discard();
      return take;
    } catch (thrown) {
      throw thrown instanceof MicrophoneProblem ? thrown : handle.toError(thrown);
    }
  }

  /** @param {Pick<Core, "recordOutputFormat">} core */
  #outputFormat({ recordOutputFormat }) {
    const { trimSilence, format, bitrateKbps } = this.#options;
    return recordOutputFormat({ trimSilence, format, bitrateKbps });
  }

  /** @param {() => void} onStarted is called when the first samples have arrived */
  #startCapture(onStarted) {
    this.#listenToTracks(true);
    this.#capture?.start({
      onStarted,
      // Timers of hidden tabs fire once a second, or once a minute.
      onInput: () => {
        if (this.elapsedSeconds - this.#tickedSeconds >= TICK_MS / 1000) this.#tick();
      },
      onStopped: () => this.#finish(),
      onBroken: this.#onBroken,
    });
  }

  #onBroken = () => this.#end("interrupted");

  /**
   * Listens for the end of the tracks, or no longer. The handlers of a stream belong to its caller.
   * @param {boolean} isOn
   */
  #listenToTracks(isOn) {
    for (const track of this.#tracks) {
      if (!this.#options.stream) track.onended = isOn ? this.#onBroken : null;
      else if (isOn) track.addEventListener("ended", this.#onBroken);
      else track.removeEventListener("ended", this.#onBroken);
    }
  }

  /** Switches the microphone off. The page may come back, and then the take is there. */
  #onPageHide = () => {
    this.#end("page_hide");
    // Stops at once, even if the recording is already ending: there is no time for its tail.
    this.#capture?.stop();
    this.#switchOff();
  };

  /** Releases everything, when no more input will arrive. */
  #finish() {
    if (this.#isOver) return;
    this.#isOver = true;
    if (this.#host.recording === this) {
      this.#host.recording = undefined;
      this.#host.claim = undefined;
    }
    this.#stopwatch.pause();
    this.#release();
    // A capture that stops without being asked was interrupted.
    this.#reason ??= "interrupted";
    const reason = this.#reason;
    this.#resolveEnded({ reason });
    // Has started, and `onStart` was called, if there is a ticker.
    if (this.#ticker !== undefined && reason !== "cancel")
      this.#host.notify(this.#options.onStop, { reason });
  }

  #release() {
    globalThis.removeEventListener?.("pagehide", this.#onPageHide);
    clearInterval(this.#ticker);
    this.#capture?.close();
    this.#analysis.close();
    this.#switchOff();
    // Last: a stream of the caller may throw.
    this.#listenToTracks(false);
  }

  /** Switches the microphone off; a stream of the caller stays as it is. */
  #switchOff() {
    if (!this.#options.stream) for (const track of this.#tracks) track.stop();
  }

  #tick() {
    if (this.#reason) return;
    this.#loadDeferred();
    const { elapsedSeconds } = this;
    const seconds = elapsedSeconds - this.#tickedSeconds;
    this.#tickedSeconds = elapsedSeconds;
    if (elapsedSeconds >= (this.#options.maxSeconds ?? Infinity)) {
      this.#end("max_seconds");
    } else if (this.#hasNoInput(seconds)) {
      this.#end("interrupted");
    } else {
      this.#report(this.#capture?.takeSamples(seconds), elapsedSeconds);
    }
  }

  /**
   * @param {LiveSamples | undefined} samples
   * @param {number} elapsedSeconds
   */
  #report(samples, elapsedSeconds) {
    if (!samples) return;
    const isRunning = this.#stopwatch.isRunning;
    if (isRunning && this.#analysis.detectEnd(samples, this.#capture?.sampleRate)) {
      this.#end("silence");
      return;
    }
    const level = this.#analysis.measure(samples);
    if (!level) return;
    this.level = { ...level, elapsedSeconds };
    this.#host.notify(this.#options.onLevel, { ...this.level });
  }

  /**
   * Returns true if the microphone has delivered nothing for long. A phone call, for example, mutes
   * it without ending it.
   * @param {number} seconds
   */
  #hasNoInput(seconds) {
    const isMuted = this.#tracks.some(({ muted }) => muted);
    // Called at each tick, because it reports on the time since the last call.
    const isSilent = this.#capture?.hasNoInput() || isMuted;
    const hasNone = isSilent && this.#stopwatch.isRunning;
    this.#silentSeconds = hasNone ? this.#silentSeconds + Math.min(seconds, MAX_TICK_SECONDS) : 0;
    return this.#silentSeconds >= MAX_SILENT_SECONDS;
  }
}

const interruption = () =>
  new MicrophoneProblem({
    reason: "interrupted",
    message: "the recording ended before anything was captured",
  });
