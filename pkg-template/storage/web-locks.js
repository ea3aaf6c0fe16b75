// One at a time: in this page, and, where the browser has Web Locks, in all of its tabs.

/** What this page has claimed, whichever client did; by the names of the locks. */
const claimed = new Set();

/**
 * Asks for the Web Lock `name`: a function that gives it back, `null` while another holds it (with `wait`, it is waited
 * for), `undefined` where there are no locks: insecure contexts, Node, sandboxed frames.
 */
export async function lock(name, wait) {
  const { locks } = globalThis.navigator ?? {};
  if (!locks) return undefined;
  return new Promise((resolve) => {
    const hold = (granted) =>
      granted ? new Promise((release) => resolve(release)) : resolve(null);
    locks.request(name, { ifAvailable: !wait }, hold).catch(() => resolve(undefined));
  });
}

/**
 * Claims to send the recording `id`: a function that gives it back; `undefined` while it is being sent, by anybody. Where
 * there are no locks, `lease` is asked for such a function.
 */
export async function claim(id, lease) {
  const name = lockName(id);
  if (claimed.has(name)) return undefined;
  claimed.add(name);
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
    release();
  };
}

/** Which recordings are being sent, as it is now: a function that says whether `id` is. */
export async function claims() {
  const names = new Set(await heldLocks());
  for (const name of claimed) names.add(name);
  return (id) => names.has(lockName(id));
}

/** The names of all locks that are held, in every tab. */
async function heldLocks() {
  try {
    const { held } = await navigator.locks.query();
    return held.map(({ name }) => name);
  } catch {
    return [];
  }
}

const lockName = (id) => `thetaone-web outbox ${id}`;
