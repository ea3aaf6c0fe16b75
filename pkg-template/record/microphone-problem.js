// The reasons for which there is no recording, before they become a `MicrophoneError`.

/** A reason for a `MicrophoneError`. The texts of the error are loaded when they are needed. */
export class MicrophoneProblem {
  /** Whether the page is a secure context. Browsers hide the microphone from other pages. */
  isSecure = globalThis.isSecureContext !== false;

  /**
   * @param {object} problem nothing of it if the environment lacks the recording APIs
   * @param {"busy" | "interrupted"} [problem.reason]
   * @param {string} [problem.message]
   * @param {unknown} [problem.cause] an exception of the recording APIs, which implies the reason
   */
  constructor({ reason, message, cause } = {}) {
    this.reason = reason;
    this.message = message;
    this.cause = cause;
  }
}

/** Loads what creates the errors. Most pages never need it: 1 kB. */
export const loadErrors = () => import("./create-microphone-error.js");

/** @import { RecordingHost } from "../internal.js" */

/**
 * Resolves to the error of the package for something that was thrown. Does not reject.
 * @param {unknown} thrown
 * @param {Pick<RecordingHost, "wasmLoadError">} host
 */
export async function toMicrophoneError(thrown, { wasmLoadError }) {
  if (!(thrown instanceof MicrophoneProblem)) return thrown;
  try {
    return (await loadErrors()).createMicrophoneError(thrown);
  } catch (cause) {
    const { message } = /** @type {Error} */ (cause);
    return wasmLoadError(`record/create-microphone-error.js was not loaded: ${message}`, cause);
  }
}
