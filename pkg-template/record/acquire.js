// Awaits resources of the browser, and releases those that arrive too late.

/** @import { Within } from "../internal.js" */

/**
 * Awaits `opening`. If the call ends first, releases the resource as soon as it arrives.
 * @template Resource
 * @param {Within} within
 * @param {Promise<Resource>} opening
 * @param {(resource: Resource) => void} release
 */
export async function acquireOrRelease(within, opening, release) {
  try {
    return await within(opening);
  } catch (thrown) {
    opening.then(release, () => {});
    throw thrown;
  }
}
