// Creates the errors of the microphone, without the core.

import { memberOf } from "../client/untrusted-values.js";
import { MicrophoneError } from "../result/errors.js";
import { MISSING, REASONS, REFUSED, TEXTS } from "./microphone-errors.js";

/** @import { MicrophoneProblem } from "./microphone-problem.js" */

/** @param {MicrophoneProblem} problem */
export function createMicrophoneError({ reason, message, cause, isSecure }) {
  if (reason) return microphoneError(reason, message);
  if (isSecure && cause !== undefined) return errorOfException(cause);
  const missing = isSecure ? "unsupported" : "insecure_context";
  return microphoneError(missing, MISSING[missing]);
}

/** @param {unknown} cause */
function errorOfException(cause) {
  const [name = "", message = ""] = [memberOf(cause, "name"), memberOf(cause, "message")];
  const reason = /** @type {Map<unknown, keyof typeof TEXTS>} */ (REASONS).get(name);
  return microphoneError(reason ?? "unsupported", `${REFUSED}${name}: ${message}`, { cause });
}

/**
 * @param {keyof typeof TEXTS} reason
 * @param {string} [message]
 * @param {{ cause: unknown }} [cause]
 */
function microphoneError(reason, message, cause) {
  const fields = { ...TEXTS[reason], code: "MICROPHONE", origin: "client", message, ...cause };
  return new MicrophoneError(fields);
}
