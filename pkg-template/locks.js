// Web Locks: what is done by one tab at a time, and given back by a browser
// that kills the tab.

/**
 * Asks for the lock `name`: a function that gives it back, `null` while another holds it (with `wait`, it is waited
 * for), `undefined` where there are no locks: insecure contexts, Node, sandboxed frames.
 */
export function lock(name, wait) {
  const { locks } = globalThis.navigator ?? {};
  if (!locks) return undefined;
  return new Promise((resolve) => {
    const held = (granted) => (granted ? new Promise((release) => resolve(release)) : resolve(null));
    locks.request(name, { ifAvailable: !wait }, held).catch(() => resolve(undefined));
  });
}

/** The names of all locks that are held, in every tab. */
export async function heldLocks() {
  try {
    const { held } = await navigator.locks.query();
    return held.map(({ name }) => name);
  } catch {
    return [];
  }
}
