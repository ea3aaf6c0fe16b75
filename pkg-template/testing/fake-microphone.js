// A microphone without a device.

import { bytesIn, isBlob } from "../client/untrusted-values.js";
import { blobFrom, bytesOf } from "../prepare/blobs.js";
import { FakeDevices } from "./fake-devices.js";
import { dispatch, FakeAudioContext, FakeMediaRecorder, FakeStream } from "./fake-media.js";
import { GlobalStubs } from "./global-stubs.js";
import { toneWav, WavPlayer } from "./wav.js";

/** @import { FakeMicrophoneDevice, FakeMicrophoneOptions } from "../testing.js" */

/**
 * The exceptions of `getUserMedia`, by the `reason` of the SDK's error.
 * @type {Record<string, [name: string, message: string]>}
 */
const EXCEPTIONS = {
  denied: ["NotAllowedError", "Permission denied"],
  not_found: ["NotFoundError", "Requested device not found"],
  busy: ["NotReadableError", "Could not start audio source"],
};
/** The reasons for which a page has no `getUserMedia` at all. */
const MISSING_API_REASONS = ["insecure_context", "unsupported"];

class FakeMicrophone {
  #audio;
  #reason;
  #delayMs;
  #devices;
  /** @type {{ stream: FakeStream, deviceId: string }[]} */
  #opened = [];
  #stubs = new GlobalStubs("fake microphone");
  /** @type {MediaStreamConstraints[]} */
  constraints = [];

  /** @param {FakeMicrophoneOptions} options */
  constructor({ audio, tone, refuse, delayMs = 0, devices, permission }) {
    const noDevices = refuse === "not_found" ? [] : undefined;
    this.#devices = new FakeDevices({ devices: devices ?? noDevices, permission });
    this.#audio = audio ?? toneWav(tone);
    this.#reason = refuse;
    this.#delayMs = delayMs;
  }

  get isOn() {
    return this.#opened.some(({ stream }) => stream.active);
  }

  install() {
    this.#stubs.install();
    // Node 20 has no navigator.
    if (typeof globalThis.navigator !== "object") this.#stubs.stub(globalThis, "navigator", {});
    const isMissing = MISSING_API_REASONS.includes(this.#reason ?? "");
    const mediaDevices = Object.assign(this.#devices.mediaDevices, {
      getUserMedia: (/** @type {MediaStreamConstraints} */ constraints) => this.#open(constraints),
      enumerateDevices: async () => this.#devices.list(),
    });
    this.#stubs.stub(globalThis.navigator, "mediaDevices", isMissing ? undefined : mediaDevices);
    const { permissions } = this.#devices;
    if (permissions) this.#stubs.stub(globalThis.navigator, "permissions", permissions);
    if (isMissing) {
      const isSecureContext = this.#reason !== "insecure_context";
      this.#stubs.stub(globalThis, "isSecureContext", isSecureContext);
    }
    this.#stubs.stub(globalThis, "MediaRecorder", FakeMediaRecorder);
    this.#stubs.stub(globalThis, "AudioContext", FakeAudioContext);
    return this;
  }

  uninstall() {
    this.#endTracks();
    this.#stubs.restore();
  }

  /** @param {FakeMicrophoneDevice} device */
  plugIn(device) {
    this.#devices.plugIn(device);
  }

  /** @param {string} [deviceId] */
  unplug(deviceId) {
    this.#endTracks(deviceId);
    this.#devices.unplug(deviceId);
  }

  /** @param {NonNullable<FakeMicrophoneOptions["permission"]>} permission */
  setPermission(permission) {
    this.#devices.setPermission(permission);
    if (permission !== "granted") this.#endTracks();
  }

  mute(isMuted = true) {
    for (const track of this.#tracks()) {
      track.muted = isMuted;
      dispatch(track, isMuted ? "mute" : "unmute");
    }
  }

  /** @param {MediaStreamConstraints} constraints */
  async #open(constraints) {
    this.constraints.push(constraints);
    if (this.#delayMs > 0) await new Promise((resolve) => setTimeout(resolve, this.#delayMs));
    const [name, message] = EXCEPTIONS[this.#reason ?? ""] ?? [];
    if (name) throw new DOMException(message, name);
    const player = new WavPlayer(await bytesOf(await blobFrom(this.#audio)));
    const { deviceId } = this.#devices.open(constraints);
    const stream = new FakeStream(player, deviceId);
    this.#opened.push({ stream, deviceId });
    return stream;
  }

  /**
   * Ends the tracks of a device, or all of them, as browsers do.
   * @param {string} [deviceId]
   */
  #endTracks(deviceId) {
    for (const track of this.#tracks(deviceId).filter(({ readyState }) => readyState === "live")) {
      track.stop();
      dispatch(track, "ended");
    }
  }

  /** @param {string} [wanted] */
  #tracks(wanted) {
    return this.#opened
      .filter(({ deviceId }) => wanted === undefined || deviceId === wanted)
      .flatMap(({ stream }) => stream.getTracks());
  }
}

/** @type {typeof import("../testing.js").fakeMicrophone} */
export function fakeMicrophone(options = {}) {
  const { audio, tone, refuse } = options;
  if (audio !== undefined && tone !== undefined)
    throw new TypeError("fakeMicrophone: give audio or a tone, not both");
  if (audio !== undefined && !isBlob(audio) && !bytesIn(audio)) {
    throw new TypeError(
      "fakeMicrophone: audio must be a Blob, an ArrayBuffer or a view of one, " +
        "which hold a WAV file",
    );
  }
  const reasons = [...Object.keys(EXCEPTIONS), ...MISSING_API_REASONS];
  if (refuse !== undefined && !reasons.includes(refuse)) {
    throw new TypeError(`fakeMicrophone: refuse must be one of ${reasons.join(", ")}`);
  }
  return new FakeMicrophone(options);
}
