// `microphones`: permission and devices, without the wasm.

import { notify } from "../client/untrusted-values.js";
import { describeType } from "../client/describe-type.js";
import { configurationError, wasmLoadError } from "../client/local-errors.js";
import { loadRecorder } from "./load-recorder.js";

/** @import { MicrophonePermission } from "../index.js" */

const mediaDevices = () => globalThis.navigator?.mediaDevices;

/** Resolves to the `PermissionStatus`; to `undefined` if the browser has none for microphones. */
async function permissionStatus() {
  try {
    // Firefox before 131 throws a TypeError for this name, and WebKitGTK rejects.
    return await globalThis.navigator?.permissions?.query({ name: "microphone" });
  } catch {
    return undefined;
  }
}

/** @type {import("../index.js").Microphones} */
export const microphones = {
  async permission() {
    /** @type {MicrophonePermission[]} */
    const known = ["granted", "denied", "prompt"];
    const state = (await permissionStatus())?.state;
    return known.find((permission) => permission === state) ?? "unknown";
  },

  async list() {
    let devices;
    try {
      devices = (await mediaDevices()?.enumerateDevices?.()) ?? [];
    } catch (cause) {
      const { MicrophoneProblem, toMicrophoneError } = await loadRecorder();
      throw await toMicrophoneError(new MicrophoneProblem({ cause }), { wasmLoadError });
    }
    const inputs = devices.filter(({ kind }) => kind === "audioinput");
    // Chromium lists the default as an extra device; in other browsers it comes first.
    const standard = inputs.find(({ deviceId }) => deviceId === "default") ?? inputs[0];
    return inputs.map((input) => ({
      deviceId: input.deviceId,
      label: input.label,
      isDefault: input === standard,
    }));
  },

  async request() {
    const { requestMicrophone, toMicrophoneError } = await loadRecorder();
    try {
      await requestMicrophone();
    } catch (thrown) {
      throw await toMicrophoneError(thrown, { wasmLoadError });
    }
  },

  subscribe(listener) {
    if (typeof listener !== "function") {
      throw configurationError(
        `microphones.subscribe() takes a function, got ${describeType(listener)}`,
      );
    }
    const subscription = new AbortController();
    const { signal } = subscription;
    const changed = () => notify(listener, undefined);
    mediaDevices()?.addEventListener?.("devicechange", changed, { signal });
    void permissionStatus().then((status) => {
      if (!signal.aborted) status?.addEventListener?.("change", changed, { signal });
    });
    return () => subscription.abort();
  },
};
