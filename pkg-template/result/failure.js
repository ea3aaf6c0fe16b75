// Failures of the package's JavaScript, of which the core, which has the table of errors, creates
// the errors that reach the caller.

import { messageOf } from "../client/untrusted-values.js";
import { ThetaOneError } from "./errors.js";

/** A failure that names a row of the error table. */
export class Failure {
  /** Marks instances: `instanceof` runs code of the value, which may be a Proxy that throws. */
  #brand = true;

  /**
   * @param {string} className the class of the error
   * @param {string | undefined} reason the `reason` of the error; with `className`, names the row
   * @param {string} [message] a message for developers
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
 * Returns the failure for a `file` of the package that did not load.
 * @param {string} file
 * @param {unknown} cause
 */
export function notLoaded(file, cause) {
  const causeMessage = messageOf(cause);
  // Names the file, because WebKit does not say which file it could not import.
  const message = causeMessage.includes(file)
    ? causeMessage
    : `${file} was not loaded: ${causeMessage}`;
  return new Failure("WasmLoadError", undefined, message, cause);
}
