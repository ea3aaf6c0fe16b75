// Loads the limiter that tabs share; only clients with `shareAcrossTabs` need it.

/**
 * Resolves to a `CrossTabLimiter`, or to `undefined` if this browser cannot share limits or the
 * module does not load. `onRemoteEvent(sentAt, pausedUntil)` is called with epoch milliseconds;
 * NaN stands for the one that is missing.
 */
export async function joinTabs(name, slots, onRemoteEvent) {
  try {
    const { CrossTabLimiter } = await import("./cross-tab-limiter.js");
    if (!(await CrossTabLimiter.isSupported())) return undefined;
    return new CrossTabLimiter(name, slots, onRemoteEvent);
  } catch {
    return undefined;
  }
}
