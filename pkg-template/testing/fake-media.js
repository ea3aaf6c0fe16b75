// Fakes of the media objects of browsers, as far as the SDK uses them.

/** @import { WavPlayer } from "./wav.js" */

/** How long silence precedes the audio, in seconds, because people do not speak at once. */
const LEAD_SECONDS = 0.25;

/**
 * An object with event handlers and listeners. Not derived from `EventTarget`, because that of
 * happy-dom calls the handlers itself.
 */
export class Emitter {
  #target = new EventTarget();

  /** @param {Parameters<EventTarget["addEventListener"]>} listener */
  addEventListener(...listener) {
    this.#target.addEventListener(...listener);
  }

  /** @param {Parameters<EventTarget["removeEventListener"]>} listener */
  removeEventListener(...listener) {
    this.#target.removeEventListener(...listener);
  }

  /** @param {Event} event */
  dispatchEvent(event) {
    /** @type {any} */ (this)[`on${event.type}`]?.(event);
    return this.#target.dispatchEvent(event);
  }
}

/**
 * Dispatches an event.
 * @param {Emitter} target
 * @param {string} type
 * @param {object} [members] members to add to the event
 */
export function dispatch(target, type, members) {
  target.dispatchEvent(Object.assign(new Event(type), members));
}

/** A fake `MediaStreamTrack`. */
export class FakeTrack extends Emitter {
  kind = "audio";
  label = "fake microphone";
  enabled = true;
  muted = false;
  readyState = "live";
  onended = null;
  #deviceId;

  /** @param {string} deviceId */
  constructor(deviceId) {
    super();
    this.#deviceId = deviceId;
  }

  getSettings() {
    return { deviceId: this.#deviceId };
  }

  stop() {
    this.readyState = "ended";
  }
}

/** A fake `MediaStream` that plays the audio of a `WavPlayer`. */
export class FakeStream extends Emitter {
  #track;
  #startMs = performance.now();

  /**
   * @param {WavPlayer} player
   * @param {string} deviceId
   */
  constructor(player, deviceId) {
    super();
    this.#track = new FakeTrack(deviceId);
    this.player = player;
  }

  get active() {
    return this.#track.readyState === "live";
  }

  /** The position in the audio, in seconds. */
  get positionSeconds() {
    return (performance.now() - this.#startMs) / 1000 - LEAD_SECONDS;
  }

  getTracks() {
    return [this.#track];
  }

  getAudioTracks() {
    return [this.#track];
  }

  getVideoTracks() {
    return [];
  }
}

/** A fake `MediaRecorder`, which records WAV. */
export class FakeMediaRecorder extends Emitter {
  /** @param {string} type */
  static isTypeSupported = (type) => type === "audio/wav";

  state = "inactive";
  mimeType = "audio/wav";
  ondataavailable = null;
  onstop = null;
  onerror = null;
  #recordedMs = 0;
  #stateSinceMs = 0;

  /** @param {FakeStream} stream */
  constructor(stream) {
    super();
    this.stream = stream;
  }

  start() {
    this.#enter("recording", "inactive");
    dispatch(this, "start");
  }

  pause() {
    this.#enter("paused", "recording");
    dispatch(this, "pause");
  }

  resume() {
    this.#enter("recording", "paused");
    dispatch(this, "resume");
  }

  stop() {
    this.#enter("inactive", "recording", "paused");
    const data = this.stream.player.record(this.#recordedMs / 1000);
    // Later, as in browsers, so that the caller of `stop()` can continue first.
    queueMicrotask(() => {
      dispatch(this, "dataavailable", { data });
      dispatch(this, "stop");
    });
  }

  /**
   * @param {string} state
   * @param {string[]} from the states in which the call is allowed
   */
  #enter(state, ...from) {
    if (!from.includes(this.state))
      throw new DOMException(`the recorder is ${this.state}`, "InvalidStateError");
    const nowMs = performance.now();
    if (this.state === "recording") this.#recordedMs += nowMs - this.#stateSinceMs;
    this.#stateSinceMs = nowMs;
    this.state = state;
  }
}

/**
 * A fake `AudioContext`, as far as level meters use it. It has no worklets, so `capture: "pcm"`
 * records with the fake `MediaRecorder`, as in browsers without worklets.
 */
export class FakeAudioContext extends Emitter {
  state = "suspended";
  sampleRate = 48_000;
  destination = {};

  get currentTime() {
    return performance.now() / 1000;
  }

  async resume() {
    if (this.state === "suspended") this.state = "running";
  }

  async close() {
    this.state = "closed";
  }

  /** @param {FakeStream} stream */
  createMediaStreamSource(stream) {
    return {
      connect: (/** @type {object} */ node) => Object.assign(node, { stream }),
      disconnect() {},
    };
  }

  createAnalyser() {
    return {
      fftSize: 2048,
      stream: /** @type {FakeStream | undefined} */ (undefined),
      /** @param {Float32Array} block */
      getFloatTimeDomainData(block) {
        this.stream?.player.play(this.stream.positionSeconds, block);
      },
    };
  }
}
