// `microphones`: permission and devices, without the wasm.

import { notify } from "../client/untrusted-values.js";
import { describeType } from "../client/describe-type.js";
import { configurationError, wasmLoadError } from "../client/local-errors.js";
import { MicrophoneError } from "../result/errors.js";
import { openMicrophone, switchOff } from "./microphone.js";

/** An error of `openMicrophone`, thrown here instead of one that the core would make. */
class Refusal {
  constructor(isSecure, cause) {
    this.isSecure = isSecure;
    this.cause = cause;
  }
}
const refusals = {
  missingMicrophoneFailure: (isSecure) => new Refusal(isSecure),
  microphoneFailure: (cause) => new Refusal(true, cause),
};

/** The texts of the errors, which most pages never need: 1 kB. */
const loadTexts = () => import("./microphone-errors.js");

/** Makes the error that `record()` would reject with. */
async function microphoneError({ isSecure, cause }, loading) {
  let texts;
  try {
    texts = await loading;
  } catch (failed) {
    return wasmLoadError(`record/microphone-errors.js was not loaded: ${failed?.message}`, failed);
  }
  const { MISSING, REASONS, REFUSED, TEXTS } = texts;
  const { name = "", message = "" } = cause ?? {};
  const reason = isSecure ? (REASONS.get(name) ?? "unsupported") : "insecure_context";
  const fields = { ...TEXTS[reason], code: "MICROPHONE", origin: "client" };
  if (cause === undefined) return new MicrophoneError({ ...fields, message: MISSING[reason] });
  return new MicrophoneError({ ...fields, message: `${REFUSED}${name}: ${message}`, cause });
}

const mediaDevices = () => globalThis.navigator?.mediaDevices;

/** Resolves to the browser's `PermissionStatus`, or to `undefined` where it has none for microphones. */
async function permissionStatus() {
  try {
    // Firefox before 131 throws a TypeError for this name, and WebKitGTK rejects.
    return await globalThis.navigator?.permissions?.query({ name: "microphone" });
  } catch {
    return undefined;
  }
}

export const microphones = {
  async permission() {
    const state = (await permissionStatus())?.state;
    return ["granted", "denied", "prompt"].includes(state) ? state : "unknown";
  },

  async list() {
    let devices;
    try {
      devices = (await mediaDevices()?.enumerateDevices?.()) ?? [];
    } catch (cause) {
      throw await microphoneError(refusals.microphoneFailure(cause), loadTexts());
    }
    const inputs = devices.filter(({ kind }) => kind === "audioinput");
    // Chromium has an entry of its own for the default; elsewhere the default comes first.
    const standard = inputs.find(({ deviceId }) => deviceId === "default") ?? inputs[0];
    return inputs.map((input) => ({
      deviceId: input.deviceId,
      label: input.label,
      isDefault: input === standard,
    }));
  },

  async request() {
    const loading = loadTexts();
    // The user takes longer to answer, and may have no network by then; if the answer is yes, nobody needs them.
    loading.catch(() => {});
    let stream;
    try {
      stream = await openMicrophone(refusals);
    } catch (refusal) {
      throw await microphoneError(refusal, loading);
    }
    switchOff(stream);
  },

  subscribe(listener) {
    if (typeof listener !== "function") {
      throw configurationError(
        `microphones.subscribe() takes a function, got ${describeType(listener)}`,
      );
    }
    const subscription = new AbortController();
    const { signal } = subscription;
    const changed = () => notify(listener);
    mediaDevices()?.addEventListener?.("devicechange", changed, { signal });
    void permissionStatus().then((status) => {
      if (!signal.aborted) status?.addEventListener?.("change", changed, { signal });
    });
    return () => subscription.abort();
  },
};
