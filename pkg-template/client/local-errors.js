// Errors that are created without the core: before it has loaded, or because it cannot load.

import { AbortedError, ConfigurationError, TimeoutError, WasmLoadError } from "../result/errors.js";
import { CALL_ABORTED, CLIENT_DISPOSED, DEADLINE_EXCEEDED, TEXTS } from "../catalogue.js";
import { memberOf } from "./untrusted-values.js";

/** @import { ErrorFields } from "../internal.js" */
/** @import { ThetaOneError } from "../result/errors.js" */

/**
 * @param {string} message
 * @param {unknown} [cause]
 */
export const configurationError = (message, cause) =>
  createError(ConfigurationError, "CONFIGURATION", message, cause);

/**
 * @param {string} message
 * @param {unknown} [cause]
 */
export const wasmLoadError = (message, cause) =>
  createError(WasmLoadError, "WASM_LOAD_FAILED", message, cause);

/**
 * Returns the error of a call whose signal was aborted for `cause`.
 * @param {unknown} cause
 */
export const callAbortedError = (cause) =>
  createError(
    AbortedError,
    memberOf(cause, "name") === "TimeoutError" ? "ABORTED_TIMEOUT" : "ABORTED",
    CALL_ABORTED,
    cause,
  );

/** Returns the error of a call whose client was disposed of. */
export const disposedError = () => createError(AbortedError, "ABORTED", CLIENT_DISPOSED);

/** @param {number} ms */
export const deadlineError = (ms) =>
  createError(TimeoutError, "TIMEOUT", `${DEADLINE_EXCEEDED}${ms} ms`);

/**
 * @template {ThetaOneError} Instance
 * @param {new (fields: ErrorFields) => Instance} Class
 * @param {keyof typeof TEXTS} code
 * @param {string} message
 * @param {unknown} [cause]
 */
function createError(Class, code, message, cause) {
  const fields = { code, ...TEXTS[code], origin: "client", message };
  return new Class(cause === undefined || containsKey(cause) ? fields : { ...fields, cause });
}

/**
 * True if an exception quotes an API key. redact.js, which loads with the core,
 * looks more closely.
 * @param {any} cause an exception of the caller's code; a read that throws is caught
 */
function containsKey(cause) {
  try {
    return /sk-theta-\w/.test(`${cause.message ?? cause}${cause.stack}`);
  } catch {
    return false;
  }
}
