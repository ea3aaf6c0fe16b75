// Failures of the package's JavaScript, before they become errors of the package. The core has the
// table of errors, and creates the error that reaches the caller.

import { messageOf } from "../client/untrusted-values.js";
import { ThetaOneError } from "./errors.js";

/**
 * A failure that names a row of the error table, by its class and reason. Use the functions below,
 * one for each class.
 */
export class Failure {
  /** Marks instances: `instanceof` runs code of the value, which may be a Proxy that throws. */
  #brand = true;

  /**
   * @param {string} className the class of the error
   * @param {string | undefined} reason the `reason` of the error
   * @param {string} message a message for developers
   * @param {unknown} [cause] the exception of the browser
   */
  constructor(className, reason, message, cause) {
    this.className = className;
    this.reason = reason;
    this.message = message;
    this.cause = cause;
  }

  /**
   * @param {unknown} value
   * @returns {value is Failure}
   */
  static is(value) {
    return typeof value === "object" && value !== null && #brand in value;
  }
}

/** True if `value` is a `Failure`, which the core can read. */
export const isFailure = Failure.is;

/** True if `value` is an error of the package already. */
export const isError = ThetaOneError.is;

/**
 * Returns a failure by a mistake of the page's code.
 * @param {string} message
 * @param {unknown} [cause]
 */
export const configurationFailure = (message, cause) =>
  new Failure("ConfigurationError", undefined, message, cause);

/**
 * Returns a failure by audio that cannot be used.
 * @param {"empty" | "silent" | "truncated" | "undecodable" | "unknown_format" |
 *   "unsupported_codec" | "unsupported_format"} reason
 * @param {string} message
 * @param {unknown} [cause]
 */
export const audioFailure = (reason, message, cause) =>
  new Failure("InvalidAudioError", reason, message, cause);

/**
 * Returns a failure of IndexedDB.
 * @param {"quota" | "unavailable"} reason
 * @param {string} message
 * @param {unknown} [cause]
 */
export const storageFailure = (reason, message, cause) =>
  new Failure("StorageError", reason, message, cause);

/**
 * Returns a failure of a module of the package.
 * @param {string} message
 * @param {unknown} [cause]
 */
export const wasmLoadFailure = (message, cause) =>
  new Failure("WasmLoadError", undefined, message, cause);

/**
 * Returns a failure by a `file` of the package that did not load.
 * @param {string} file
 * @param {unknown} cause
 */
export function notLoaded(file, cause) {
  const causeMessage = messageOf(cause);
  // Names the file, because WebKit does not say which file it could not import.
  const message = causeMessage.includes(file)
    ? causeMessage
    : `${file} was not loaded: ${causeMessage}`;
  return wasmLoadFailure(message, cause);
}
