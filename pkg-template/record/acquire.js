// What the browser takes its time to give, and what must not be kept when it comes too late.

/** What `opening` gives. Where `scope` ends before, what comes later is given back at once. */
export async function obtained(scope, opening, giveBack) {
  try {
    return await scope.guard(opening);
  } catch (thrown) {
    opening.then(giveBack, () => {});
    throw thrown;
  }
}
