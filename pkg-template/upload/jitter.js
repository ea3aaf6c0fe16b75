// The random part of a retry's delay.

/**
 * Returns a random number. Returns 1, for the longest delay, if the page has replaced `Math.random`
 * by a function that fails. The core limits the number to 0 to 1.
 */
export function jitter() {
  try {
    return +Math.random() || 1;
  } catch {
    return 1;
  }
}
