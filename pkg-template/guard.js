// What stands between callers and the core: arguments that change or throw
// while they are read.

import { configurationError } from "./early-errors.js";
import { ThetaOneError } from "./errors.js";

/**
 * A copy: what the caller changes after the call has no effect on it, and a getter that throws does so here and not inside
 * the core. What is `undefined` was not given.
 */
export function copied(name, value) {
  if (value === null || typeof value !== "object") return value;
  try {
    if (Array.isArray(value)) return value;
    const copy = given(value);
    if (copy.retry !== null && typeof copy.retry === "object") copy.retry = given(copy.retry);
    if (Array.isArray(copy.native_speech_components)) copy.native_speech_components = written(copy.native_speech_components);
    return copy;
  } catch (cause) {
    throw configurationError(`${name} could not be read: a getter threw`, cause);
  }
}

export const isRecord = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** A copy of the members that are not `undefined`. */
export const given = (options) => Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));

/** As it is sent; what cannot be written, the core refuses. */
function written(components) {
  try {
    return JSON.stringify(components);
  } catch {
    return components;
  }
}

/** Bytes that the caller may change, as they are now. */
export function frozen(audio) {
  try {
    return audio instanceof ArrayBuffer || ArrayBuffer.isView(audio) ? new Blob([audio]) : audio;
  } catch {
    // Nor can it be read later, which is told then.
    return audio;
  }
}

/**
 * The core rejects with errors of the SDK only; anything else was thrown by an object of the caller's, and is named as
 * such.
 */
export async function guarded(call) {
  try {
    return await call();
  } catch (error) {
    throw ofArgument(error);
  }
}

/** The package's error of what an object of the caller's threw. */
export function ofArgument(error) {
  if (ThetaOneError.is(error)) return error;
  return configurationError(`an argument could not be used: ${error instanceof Error ? error.message : typeof error}`, error);
}
