// Calls what may throw: recorders, and streams and signals of the page, which may be anything that
// looks like one.

/**
 * Returns the result of `call`; `undefined` if it throws.
 * @template Result
 * @param {() => Result} call
 */
export function attempt(call) {
  try {
    return call();
  } catch {
    return undefined;
  }
}
