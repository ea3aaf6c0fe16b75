// A microphone without a device, and the recorder and meter that hear it.

import { blobFrom, bytesOf } from "../prepare/blobs.js";
import { bytesIn, isBlob } from "../client/untrusted-values.js";
import { Replaced } from "./global-stubs.js";
import { Sound, toneWav } from "./wav.js";

/** What getUserMedia rejects with, by the `reason` that the SDK makes of it. */
const REFUSALS = {
  denied: ["NotAllowedError", "Permission denied"],
  not_found: ["NotFoundError", "Requested device not found"],
  busy: ["NotReadableError", "Could not start audio source"],
};
/** What pages lack that cannot even ask. */
const LACKS = ["insecure_context", "unsupported"];

/** How long nothing is heard before the sound starts, in seconds: people do not speak at once. */
const LEAD_SECONDS = 0.25;

/** What has handlers and listeners. Not derived from EventTarget: that of happy-dom calls the handlers, and others do not. */
class Emitter {
  #listeners = new EventTarget();

  addEventListener(...listener) {
    this.#listeners.addEventListener(...listener);
  }

  removeEventListener(...listener) {
    this.#listeners.removeEventListener(...listener);
  }

  dispatchEvent(event) {
    this[`on${event.type}`]?.(event);
    return this.#listeners.dispatchEvent(event);
  }
}

/** Calls the handler and the listeners of an event. */
function tell(target, type, more) {
  target.dispatchEvent(Object.assign(new Event(type), more));
}

class Track extends Emitter {
  kind = "audio";
  label = "fake microphone";
  enabled = true;
  muted = false;
  readyState = "live";
  onended = null;

  stop() {
    this.readyState = "ended";
  }
}

class Stream extends Emitter {
  #track = new Track();
  #since = performance.now();

  constructor(sound) {
    super();
    this.sound = sound;
  }

  get active() {
    return this.#track.readyState === "live";
  }

  /** Where in the sound it is, in seconds. */
  get position() {
    return (performance.now() - this.#since) / 1000 - LEAD_SECONDS;
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

class Recorder extends Emitter {
  static isTypeSupported = (type) => type === "audio/wav";

  state = "inactive";
  mimeType = "audio/wav";
  ondataavailable = null;
  onstop = null;
  onerror = null;
  #recordedMs = 0;
  #since = 0;

  constructor(stream) {
    super();
    this.stream = stream;
  }

  start() {
    this.#enter("recording", "inactive");
    tell(this, "start");
  }

  pause() {
    this.#enter("paused", "recording");
    tell(this, "pause");
  }

  resume() {
    this.#enter("recording", "paused");
    tell(this, "resume");
  }

  stop() {
    this.#enter("inactive", "recording", "paused");
    const data = this.stream.sound.recording(this.#recordedMs / 1000);
    // Later, as browsers do: who stops a recorder is still at work.
    queueMicrotask(() => {
      tell(this, "dataavailable", { data });
      tell(this, "stop");
    });
  }

  #enter(state, ...from) {
    if (!from.includes(this.state))
      throw new DOMException(`the recorder is ${this.state}`, "InvalidStateError");
    const now = performance.now();
    if (this.state === "recording") this.#recordedMs += now - this.#since;
    this.#since = now;
    this.state = state;
  }
}

/** As much of one as measures a level. Without worklets, `capture: "pcm"` records encoded, as in browsers that have none. */
class Context extends Emitter {
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

  createMediaStreamSource(stream) {
    return {
      connect: (node) => Object.assign(node, { stream }),
      disconnect() {},
    };
  }

  createAnalyser() {
    return {
      fftSize: 2048,
      getFloatTimeDomainData(block) {
        this.stream?.sound.play(this.stream.position, block);
      },
    };
  }
}

class FakeMicrophone {
  #audio;
  #refuse;
  #delayMs;
  #streams = [];
  #replaced = new Replaced("fake microphone");
  constraints = [];

  constructor({ audio, tone, refuse, delayMs = 0 }) {
    this.#audio = audio ?? toneWav(tone);
    this.#refuse = refuse;
    this.#delayMs = delayMs;
  }

  get isOn() {
    return this.#streams.some((stream) => stream.active);
  }

  install() {
    this.#replaced.begin();
    const put = (target, name, value) => this.#replaced.put(target, name, value);
    // Node 20 has no navigator.
    if (typeof globalThis.navigator !== "object") put(globalThis, "navigator", {});
    const lacks = LACKS.includes(this.#refuse);
    const mediaDevices = Object.assign(new Emitter(), {
      getUserMedia: (constraints) => this.#open(constraints),
      enumerateDevices: async () => this.#listed(),
    });
    put(globalThis.navigator, "mediaDevices", lacks ? undefined : mediaDevices);
    if (lacks) put(globalThis, "isSecureContext", this.#refuse !== "insecure_context");
    put(globalThis, "MediaRecorder", Recorder);
    put(globalThis, "AudioContext", Context);
    return this;
  }

  uninstall() {
    this.unplug();
    this.#replaced.end();
  }

  unplug() {
    for (const track of this.#tracks().filter(({ readyState }) => readyState === "live")) {
      track.stop();
      tell(track, "ended");
    }
  }

  mute(isMuted = true) {
    for (const track of this.#tracks()) {
      track.muted = isMuted;
      tell(track, isMuted ? "mute" : "unmute");
    }
  }

  async #open(constraints) {
    this.constraints.push(constraints);
    if (this.#delayMs > 0) await new Promise((resolve) => setTimeout(resolve, this.#delayMs));
    if (this.#refuse) {
      const [name, message] = REFUSALS[this.#refuse];
      throw new DOMException(message, name);
    }
    const stream = new Stream(new Sound(await bytesOf(await blobFrom(this.#audio))));
    this.#streams.push(stream);
    return stream;
  }

  /** As browsers do, with names only once it was granted. */
  #listed() {
    if (this.#refuse === "not_found") return [];
    const [deviceId, label] = this.#streams.length > 0 ? ["fake", "fake microphone"] : ["", ""];
    return [{ kind: "audioinput", deviceId, label, groupId: "" }];
  }

  #tracks() {
    return this.#streams.flatMap((stream) => stream.getTracks());
  }
}

/** A microphone that hears what it is given, or is refused; see testing.d.ts. */
export function fakeMicrophone(options = {}) {
  const { audio, tone, refuse } = options;
  if (audio !== undefined && tone !== undefined)
    throw new TypeError("fakeMicrophone: give audio or a tone, not both");
  if (audio !== undefined && !isBlob(audio) && !bytesIn(audio)) {
    throw new TypeError(
      "fakeMicrophone: audio must be a Blob, an ArrayBuffer or a view of one, which hold a WAV file",
    );
  }
  const reasons = [...Object.keys(REFUSALS), ...LACKS];
  if (refuse !== undefined && !reasons.includes(refuse)) {
    throw new TypeError(`fakeMicrophone: refuse must be one of ${reasons.join(", ")}`);
  }
  return new FakeMicrophone(options);
}
