// Awaits resources of the browser, and releases those that arrive too late.

/** Awaits `opening` within `scope`. If the scope ends first, releases the resource as soon as it arrives. */
export async function acquireOrRelease(scope, opening, release) {
  try {
    return await scope.run(opening);
  } catch (thrown) {
    opening.then(release, () => {});
    throw thrown;
  }
}
