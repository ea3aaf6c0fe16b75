// Leases of recordings, for browsers without Web Locks: pages without HTTPS, older WebViews and
// sandboxed frames. The page with the lease sends the recording.
//
// The lease is part of the record. It is written in the transaction that reads it, so that only one
// page gets it. A page that was killed no longer renews its lease, and another page can send the
// recording when the lease has expired.

import { OUTBOX, write } from "../storage/indexed-db.js";

/** @import { StoredRecord } from "../storage/indexed-db.js" */

/** The duration of a lease. Longer than a minute, because hidden tabs run timers once a minute. */
const LEASE_MS = 90_000;
const RENEWAL_MS = 20_000;

/** The id of this page among the pages that share the database. */
const PAGE = crypto.getRandomValues(new Uint32Array(4)).join(" ");

/**
 * True if another page has the lease of the recording.
 * @param {{ lease?: any }} record a stored record, whose lease may be anything
 */
export function isLeased({ lease }) {
  // The absolute value, so that a clock that was set back does not prolong a lease.
  const ageMs = Math.abs(Date.now() - lease?.at);
  return lease?.page !== PAGE && ageMs < LEASE_MS;
}

/**
 * Writes a lease of this page into a record.
 * @param {object} record
 */
export const markLeased = (record) =>
  Object.assign(record, { lease: { page: PAGE, at: Date.now() } });

/**
 * Takes the lease of a recording. Resolves to a function that releases it, or to `undefined` while
 * another page has it.
 * @param {string} id
 */
export async function takeLease(id) {
  const isTaken = await write(OUTBOX, async (records) => {
    const record = await records.get(id);
    if (record && isLeased(record)) return false;
    if (record) await records.put(markLeased(record));
    return true;
  });
  return isTaken ? renewLease(id) : undefined;
}

/**
 * Renews the lease of a recording. Returns a function that stops renewing, and releases the lease.
 * @param {string} id
 */
export function renewLease(id) {
  const timer = setInterval(() => change(id, markLeased), RENEWAL_MS);
  const release = () => {
    clearInterval(timer);
    globalThis.removeEventListener?.("pagehide", onPageHide);
    change(id, (record) => delete record.lease);
  };
  // Without this, a user who comes back would wait until the lease expires. A page in the
  // back/forward cache may continue, and keeps its lease.
  /** @param {PageTransitionEvent} event */
  const onPageHide = ({ persisted }) => persisted || release();
  globalThis.addEventListener?.("pagehide", onPageHide);
  return release;
}

/**
 * Changes a record if it exists and this page still has its lease.
 * @param {string} id
 * @param {(record: StoredRecord) => void} edit
 */
function change(id, edit) {
  const changing = write(OUTBOX, async (records) => {
    const record = await records.get(id);
    if (/** @type {any} */ (record)?.lease?.page !== PAGE) return;
    edit(record);
    await records.put(record);
  });
  // A lease that cannot be changed expires.
  changing.catch(() => {});
}
