// What stands between callers and the core: arguments that change or throw
// while they are read.

import { ThetaOneError } from "./errors.js";
import { configurationError } from "./options.js";

/**
 * A shallow copy: what the caller changes after the call has no effect on it, and a getter that throws does so here and
 * not inside the core.
 */
export function copied(name, value) {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
  try {
    const copy = { ...value };
    if (copy.retry !== null && typeof copy.retry === "object") copy.retry = { ...copy.retry };
    return copy;
  } catch (cause) {
    throw configurationError(`${name} could not be read: a getter threw`, cause);
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
    if (ThetaOneError.is(error)) throw error;
    throw configurationError(`an argument could not be used: ${error instanceof Error ? error.message : typeof error}`, error);
  }
}
