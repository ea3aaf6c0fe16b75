// Which page sends a recording, where the browser has no Web Locks: pages without HTTPS, older WebViews, sandboxed frames.
// Noted in the record itself, within the transaction that reads it, so that of several pages one gets it. A page that
// dies renews its lease no more, and another can send the recording then.

import { OUTBOX, write } from "../storage/indexed-db.js";

/** Hidden tabs run their timers once a minute; a lease has to last longer. */
const LEASE_MS = 90_000;
const RENEWAL_MS = 20_000;

/** This page, among those that share the database. */
const PAGE = crypto.getRandomValues(new Uint32Array(4)).join(" ");

/** Whether another page sends the recording. */
export function isLeased({ lease }) {
  // A clock that was set back makes no lease last longer.
  const ageMs = Math.abs(Date.now() - lease?.at);
  return lease?.page !== PAGE && ageMs < LEASE_MS;
}

/** Notes in a record that is about to be stored that this page sends it. */
export const markLeased = (record) =>
  Object.assign(record, { lease: { page: PAGE, at: Date.now() } });

/** Takes the lease of a recording; resolves to a function that gives it back, or to nothing while another page has it. */
export async function takeLease(id) {
  const isTaken = await write(OUTBOX, async (records) => {
    const record = await records.get(id);
    if (record && isLeased(record)) return false;
    if (record) await records.put(markLeased(record));
    return true;
  });
  return isTaken ? renewLease(id) : undefined;
}

/** Renews a lease until the function that this returns is called, which gives it back. */
export function renewLease(id) {
  const timer = setInterval(() => change(id, markLeased), RENEWAL_MS);
  const release = () => {
    clearInterval(timer);
    globalThis.removeEventListener?.("pagehide", onPageHide);
    change(id, (record) => delete record.lease);
  };
  // Releases the lease, so that a user who comes back need not wait for its end. A page that is kept may go on.
  const onPageHide = ({ persisted }) => persisted || release();
  globalThis.addEventListener?.("pagehide", onPageHide);
  return release;
}

/** Changes the record, if it is there and the lease is still this page's. */
function change(id, edit) {
  const changing = write(OUTBOX, async (records) => {
    const record = await records.get(id);
    if (record?.lease?.page !== PAGE) return;
    edit(record);
    await records.put(record);
  });
  // It ends by itself.
  changing.catch(() => {});
}
