// Loads the limiter that tabs share; only clients with `shareAcrossTabs` need it.

/** @import { CrossTabLimiter, OnRemoteEvent } from "./cross-tab-limiter.js" */

/**
 * Resolves to a limiter, or to `undefined` if this browser cannot share limits or the module does
 * not load.
 * @param {string} name
 * @param {number} slots
 * @param {OnRemoteEvent} onRemoteEvent
 * @returns {Promise<CrossTabLimiter | undefined>}
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
