// Recording by the browser's own recorder.

import { withTimeout } from "../client/timeout.js";
import { attempt } from "./attempt.js";
import { loadPcmCapture } from "./capture.js";
import { RECORDER_BITS_PER_SECOND, RECORDER_TYPES } from "./constants.js";
import { isFirefox, startWatcher } from "./firefox.js";
import { LevelMeter } from "./level-meter.js";
import { MicrophoneProblem } from "./microphone-problem.js";
import { isRecorderLossy } from "./webkit-gtk.js";

/** @import { Capture, CaptureHandlers, Core, OutputFormat } from "../internal.js" */
/** @import { LiveDecoder } from "./live-decoder.js" */

/** The interval in which the recorder delivers chunks. An interruption costs no more than this. */
const CHUNK_MS = 250;
/** The interval in which the first chunk is requested. */
const FIRST_CHUNK_MS = 5;
/** The time that a chunk may be late: a headset that is plugged in takes a while to deliver sound. */
const LATE_CHUNK_MS = 3_000;
/**
 * The longest time for which `stop()` goes on recording: Chromium's recorder encodes 60 ms at a
 * time, and drops what does not fill that.
 */
const TAIL_MS = 70;
/** The same for Opus, whose encoder may be behind, because the machine is busy. */
const OPUS_TAIL_MS = 150;
/** The same for a recorder that has delivered nothing yet. */
const EMPTY_TAIL_MS = 1_000;
/** The time that samples may take from the microphone to the recorder. */
const LATENCY_MS = 10;
/** The interval in which `stop()` requests the last chunks. */
const TAIL_CHUNK_MS = 1;
/** The time that the decoder may take for the last chunk. Then the recording is decoded again. */
const DECODING_MS = 3_000;

/** @implements {Capture} */
export class MediaRecorderCapture {
  #stream;
  #recorder;
  /** @type {LevelMeter | undefined} */
  #meter;
  /** @type {MediaRecorder | undefined} */
  #watcher;
  /** @type {Blob[]} */
  #chunks = [];
  /** The time of the last chunk, empty or not. Simulated recorders may fire none before the end. */
  #lastChunkMs = Infinity;
  /** True if the watcher has noticed sound, which the first chunk will contain. */
  #hasSound = false;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #firstChunkTimer;
  /** True from when a lossy recorder was asked for the chunks before the last fragment. */
  #isStopping = false;
  /** True if the next chunk with data is a fragment that ends after `stop()`. */
  #isLastFragmentAwaited = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #tailTimer;
  /** @type {LiveDecoder | undefined} */
  #decoder;
  #isClosed = false;

  /**
   * Throws a `MicrophoneProblem` if the browser cannot record the stream. `open()` must be called next.
   *
   * Firefox delivers sound in steps of 10 ms, and none before the task has ended. There, another
   * recorder, which notices the first packet, starts here, and that of the take in the next task. In
   * one task, both would get the sound 0.6 ms later. The response to a request for a chunk takes
   * 0.8 ms, and one recorder whose chunks are packets needs half as much CPU time again.
   * @param {MediaStream} stream
   * @param {boolean} wantsLevels
   */
  constructor(stream, wantsLevels) {
    this.#stream = stream;
    // First: Firefox loses sound while it opens an audio context.
    if (wantsLevels) this.#meter = LevelMeter.open(stream);
    try {
      this.#recorder = recorderTraits().isFirefox ? startWatcher(stream) : createRecorder(stream);
    } catch (cause) {
      this.#meter?.close();
      throw new MicrophoneProblem({ cause });
    }
  }

  /**
   * Resolves when `start()` can be called. Rejects with a `MicrophoneProblem`. Until then, `#recorder`
   * is the watcher in Firefox: what ends the recording meanwhile stops that.
   */
  async open() {
    if (!recorderTraits().isFirefox) return;
    this.#watcher = this.#recorder;
    // Before version 142, Firefox has none; it may be the page's. Timers wait for a page that loads.
    await globalThis.scheduler?.postTask?.(() => {});
    this.#recorder = orMicrophoneProblem(() => createRecorder(this.#stream));
  }

  /** @param {CaptureHandlers} handlers */
  start({ onStarted, onInput, onStopped, onBroken }) {
    const recorder = this.#recorder;
    recorder.ondataavailable = ({ data }) => {
      this.#lastChunkMs = performance.now();
      if (data?.size > 0) {
        clearInterval(this.#firstChunkTimer);
        this.#chunks.push(data);
        this.#decoder?.push(data, performance.now());
        onStarted();
        if (this.#isLastFragmentAwaited) this.stop();
      }
      this.#isLastFragmentAwaited = this.#isStopping;
      onInput();
    };
    recorder.onstop = onStopped;
    recorder.onerror = onBroken;
    // Simulated recorders may deliver nothing before the end.
    if (!this.#deliversOnRequest()) recorder.onstart = onStarted;
    orMicrophoneProblem(() => recorder.start(CHUNK_MS));
    const watcher = this.#watcher;
    if (watcher)
      watcher.ondataavailable = ({ data }) => {
        if (data.size > 0) {
          this.#hasSound = true;
          onStarted();
          watcher.stop();
        }
      };
    // Simulated recorders may stop at once.
    if (watcher || this.#isClosed) return;
    // Later than the recorder, which gets the samples that are noticed, too.
    loadPcmCapture()
      .then((pcm) => pcm.watchFirstSamples(this.#stream, onStarted))
      .catch(() => {});
    // Until the first chunk has arrived, which shows that sound does, too.
    if (this.awaitsFirstChunk)
      this.#firstChunkTimer = setInterval(this.#requestChunk, FIRST_CHUNK_MS);
  }

  /** True if nothing was recorded. */
  get isEmpty() {
    return this.#chunks.length === 0;
  }

  /** True if the recorder can be asked for its first chunk. Some deliver all of it at the end. */
  get awaitsFirstChunk() {
    return this.isEmpty && !this.#hasSound && this.#deliversOnRequest();
  }

  pause() {
    return this.#recorder.state === "recording" && succeeds(() => this.#recorder.pause());
  }

  resume() {
    this.#decoder?.resume();
    return this.#recorder.state === "paused" && succeeds(() => this.#recorder.resume());
  }

  /**
   * Requests the last chunk. Returns true if it will arrive: a recorder whose tracks have all ended
   * has stopped by itself, and has delivered it. With `tail`, records the end of what is being
   * spoken: for `TAIL_MS`, or until the next fragment if the recorder would lose that.
   * @param {boolean} [tail]
   */
  stop(tail) {
    const { state, mimeType } = this.#recorder;
    if (!tail || state !== "recording" || !/opus|mp4/.test(mimeType)) {
      return state !== "inactive" && succeeds(() => this.#recorder.stop());
    }
    this.#isStopping = isRecorderLossy() && this.#requestChunk();
    if (this.#isStopping) return true;
    let tailMs = TAIL_MS;
    if (mimeType.includes("opus") && this.#deliversOnRequest()) {
      tailMs = this.awaitsFirstChunk ? EMPTY_TAIL_MS : OPUS_TAIL_MS;
      this.#stopAfterNextPacket();
    }
    this.#tailTimer = setTimeout(() => this.stop(), tailMs);
    return true;
  }

  /**
   * Decodes the recording while it arrives, if possible.
   * @param {Core} core
   */
  attach(core) {
    import("./live-decoder.js")
      .then(({ openLiveDecoder }) => {
        const { mimeType } = this.#recorder;
        if (!this.#isClosed) this.#decoder = openLiveDecoder(core, mimeType, this.#chunks);
      })
      .catch(() => {});
  }

  /**
   * Returns the samples since the last call, which was `seconds` ago; `undefined` if no levels are
   * wanted. The browser does not keep all samples of a longer time.
   * @param {number} seconds
   */
  takeSamples(seconds) {
    if (!this.#meter) return undefined;
    const { latest, unread } = this.#meter.read();
    return { latest, blocks: [unread], seconds };
  }

  /** The sample rate of the meter, in Hz. */
  get sampleRate() {
    return this.#meter?.sampleRate;
  }

  /**
   * Returns true if the recorder has delivered no chunk for long, not even an empty one: Chromium's
   * delivers none while the device delivers nothing.
   */
  hasNoInput() {
    return performance.now() - this.#lastChunkMs > LATE_CHUNK_MS;
  }

  close() {
    this.#isClosed = true;
    clearInterval(this.#firstChunkTimer);
    clearTimeout(this.#tailTimer);
    this.#watcher?.stop();
    this.#meter?.close();
    this.#meter = undefined;
    this.#recorder.ondataavailable = null;
  }

  discard() {
    this.#chunks = [];
    this.#decoder?.close();
    this.#decoder = undefined;
  }

  /**
   * Resolves to the prepared recording. The chunks stay, for another call.
   * @param {Core} core
   * @param {OutputFormat} format
   */
  async finish(core, format) {
    const decoded = this.#decoder && (await withTimeout(DECODING_MS, this.#decoder.finish()));
    if (decoded) return decoded.finish(format);
    const blob = new Blob(this.#chunks, { type: this.#recorder.mimeType });
    return core.prepareAudio(blob, format, { isRecorded: true });
  }

  /**
   * Stops when the recorder has encoded another packet: it has what was spoken before. Requests
   * chunks to notice the packet. An encoder that is behind may need several packets. Without a
   * decoder that knows how far it is, waits for one packet more.
   */
  #stopAfterNextPacket() {
    clearInterval(this.#firstChunkTimer);
    const stoppedMs = performance.now();
    /** When the recorder had no more data. */
    let emptiedMs = stoppedMs;
    const recorder = this.#recorder;
    const { ondataavailable } = recorder;
    recorder.ondataavailable = async (event) => {
      ondataavailable?.call(recorder, event);
      const waitedMs = emptiedMs - stoppedMs;
      emptiedMs = performance.now();
      const isNext = event.data?.size > 0 && waitedMs >= LATENCY_MS;
      const reached = isNext && this.#decoder?.hasReached(stoppedMs + LATENCY_MS);
      const isComplete = (await reached) ?? waitedMs >= TAIL_MS;
      if (recorder.state !== "recording") return;
      if (isComplete) this.stop();
      else setTimeout(this.#requestChunk, TAIL_CHUNK_MS);
    };
    this.#requestChunk();
  }

  #deliversOnRequest = () => typeof this.#recorder.requestData === "function";

  /** Returns true if the recorder will deliver what it has. */
  #requestChunk = () => succeeds(() => this.#recorder.requestData());
}

/** @param {MediaStream} stream */
function createRecorder(stream) {
  const { mimeType } = /** @type {{ mimeType: string }} */ (recorderTraits());
  return new MediaRecorder(stream, { audioBitsPerSecond: RECORDER_BITS_PER_SECOND, mimeType });
}

/**
 * @template Result
 * @param {() => Result} action
 */
function orMicrophoneProblem(action) {
  try {
    return action();
  } catch (cause) {
    throw new MicrophoneProblem({ cause });
  }
}

/** @param {() => void} action */
const succeeds = (action) =>
  attempt(() => {
    action();
    return true;
  }) ?? false;

/**
 * @typedef {object} RecorderTraits
 * @property {unknown} Recorder the class
 * @property {string | undefined} mimeType the type that it records
 * @property {boolean} isFirefox whether it is Firefox's own
 */
/** @type {Partial<RecorderTraits>} */
let traits = {};

/**
 * Returns the traits of the browser's recorder. Determines them once for each class, which a page may
 * replace: that takes 0.2 ms, for which each click would wait.
 */
export function recorderTraits() {
  const Recorder = globalThis.MediaRecorder;
  if (traits.Recorder !== Recorder)
    traits = { Recorder, mimeType: negotiateType(), isFirefox: isFirefox() };
  return traits;
}

/**
 * Returns the first type that this browser records and can also play: what it cannot play it cannot
 * decode either. `undefined` leaves the choice to the browser, as where recorders are simulated.
 */
const negotiateType = () =>
  attempt(() => {
    const audio = new Audio();
    return RECORDER_TYPES.find(
      (type) => MediaRecorder.isTypeSupported(type) && audio.canPlayType(type) !== "",
    );
  });
