// What went wrong, before it is one of the package's errors: the core, which has the table of them, makes one of it.

import { ThetaOneError } from "./errors.js";

/** `className` and `reason` name a row of the table; `message` is for developers; `cause` is what the browser threw. */
export class Failure {
  constructor(className, reason, message, cause) {
    this.className = className;
    this.reason = reason;
    this.message = message;
    this.cause = cause;
  }
}

/** Whether the core knows how to read `value`, which may be anything: a revoked Proxy throws at `instanceof`. */
export const isFailure = (value) => isSafely(() => value instanceof Failure);

/** Whether the core need not make an error of `value`, since it is one. */
export const isError = (value) => isSafely(() => ThetaOneError.is(value));

function isSafely(asked) {
  try {
    return asked();
  } catch {
    return false;
  }
}

/** `file` of the package did not load; `cause` says why. */
export function notLoaded(file, cause) {
  const said = String(cause?.message ?? "");
  // Said here, because WebKit does not say which file it could not import.
  const message = said.includes(file) ? said : `${file} was not loaded: ${said}`;
  return new Failure("WasmLoadError", undefined, message, cause);
}
