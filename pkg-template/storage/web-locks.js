// Mutual exclusion: in this page, and, if the browser has Web Locks, in all tabs of the origin.

/** @typedef {(value?: unknown) => void} Release */

/** The names of the locks that clients of this page have claimed. */
const claimed = new Set();

/**
 * Requests the Web Lock `name`. Resolves to a function that releases the lock, or to `null` if
 * another page holds it. Resolves to `undefined` if there are no locks: in insecure contexts, Node
 * and sandboxed frames.
 * @param {string} name
 * @param {boolean} wait waits for the lock instead of resolving to `null`
 * @returns {Promise<Release | null | undefined>}
 */
export async function lock(name, wait) {
  const { locks } = globalThis.navigator ?? {};
  if (!locks) return undefined;
  return new Promise((resolve) => {
    /** @param {Lock | null} granted */
    const hold = (granted) =>
      granted ? new Promise((release) => resolve(release)) : resolve(null);
    locks.request(name, { ifAvailable: !wait }, hold).catch(() => resolve(undefined));
  });
}

/**
 * Claims the recording `id` in order to send it. Resolves to a function that releases the claim, or
 * to `undefined` while another call is sending the recording.
 * @param {string} id
 * @param {() => Promise<Release | undefined> | Release} lease called if there are no locks; returns
 *   the function that releases the claim
 */
export async function claim(id, lease) {
  const name = lockName(id);
  if (claimed.has(name)) return undefined;
  claimed.add(name);
  /** @type {Release | null | undefined} */
  let release;
  try {
    release = await lock(name, false);
    if (release === undefined) release = await lease();
  } finally {
    if (!release) claimed.delete(name);
  }
  if (!release) return undefined;
  return () => {
    claimed.delete(name);
    /** @type {Release} */ (release)();
  };
}

/**
 * Resolves to a function that returns true if the recording `id` was being sent at this moment.
 * @returns {Promise<(id: string) => boolean>}
 */
export async function claims() {
  const names = new Set(await heldLocks());
  for (const name of claimed) names.add(name);
  return (id) => names.has(lockName(id));
}

/** Resolves to the names of the locks that are held in all tabs. */
async function heldLocks() {
  try {
    const { held } = await navigator.locks.query();
    return /** @type {LockInfo[]} */ (held).map(({ name }) => name);
  } catch {
    return [];
  }
}

/** @param {string} id */
const lockName = (id) => `thetaone-web outbox ${id}`;
