// The random part of a retry's delay.

/**
 * Returns a random number from 0 to 1. Returns 1, for the longest delay, if the page has replaced
 * `Math.random` by a function that fails.
 */
export function jitter() {
  try {
    return +Math.random() || 1;
  } catch {
    return 1;
  }
}
