// What went wrong, before it is one of the package's errors: the core, which has the table of them, makes one of it.

import { ThetaOneError } from "./errors.js";
import { messageOf } from "../client/untrusted-values.js";

/** `className` and `reason` name a row of the table; `message` is for developers; `cause` is what the browser threw. */
export class Failure {
  /** Shows that it was made here: `instanceof` asks the value, which may be a Proxy that throws. */
  #made = true;

  constructor(className, reason, message, cause) {
    this.className = className;
    this.reason = reason;
    this.message = message;
    this.cause = cause;
  }

  static is(value) {
    return typeof value === "object" && value !== null && #made in value;
  }
}

/** Whether the core knows how to read `value`. */
export const isFailure = Failure.is;

/** Whether the core need not make an error of `value`, since it is one. */
export const isError = ThetaOneError.is;

/** `file` of the package did not load; `cause` says why. */
export function notLoaded(file, cause) {
  const said = messageOf(cause);
  // Said here, because WebKit does not say which file it could not import.
  const message = said.includes(file) ? said : `${file} was not loaded: ${said}`;
  return new Failure("WasmLoadError", undefined, message, cause);
}
