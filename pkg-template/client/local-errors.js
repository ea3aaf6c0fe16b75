// Errors that are made without the core: before it is there, or because it does not come.

import { AbortedError, ConfigurationError, TimeoutError, WasmLoadError } from "../result/errors.js";
import { CALL_ABORTED, CLIENT_DISPOSED, DEADLINE_EXCEEDED, TEXTS } from "../catalogue.js";
import { memberOf } from "./untrusted-values.js";

export const configurationError = (message, cause) =>
  early(ConfigurationError, "CONFIGURATION", message, cause);

export const wasmLoadError = (message, cause) =>
  early(WasmLoadError, "WASM_LOAD_FAILED", message, cause);

/** Returns the error of a call whose signal was aborted for `cause`. */
export const callAbortedError = (cause) =>
  early(
    AbortedError,
    memberOf(cause, "name") === "TimeoutError" ? "ABORTED_TIMEOUT" : "ABORTED",
    CALL_ABORTED,
    cause,
  );

/** Returns the error of a call whose client was disposed of. */
export const disposedError = () => early(AbortedError, "ABORTED", CLIENT_DISPOSED);

export const deadlineError = (ms) => early(TimeoutError, "TIMEOUT", `${DEADLINE_EXCEEDED}${ms} ms`);

function early(Class, code, message, cause) {
  const fields = { code, ...TEXTS[code], origin: "client", message };
  return new Class(cause === undefined || quotesKey(cause) ? fields : { ...fields, cause });
}

/** Whether an exception of the caller's quotes a key; redact.js, which comes with the core, looks more closely. */
function quotesKey(cause) {
  try {
    return /sk-theta-\w/.test(`${cause.message ?? cause}${cause.stack}`);
  } catch {
    return false;
  }
}
