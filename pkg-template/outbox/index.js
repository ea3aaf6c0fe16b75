// The outbox: a recording is stored before it is sent, and until its result has arrived. entry.js
// handles one recording; here is the list of all. The core decides what is stored, and for how long.

import { isBlob } from "../client/untrusted-values.js";
import { configurationFailure } from "../result/failure.js";
import { OUTBOX, clear as clearStore, write } from "../storage/indexed-db.js";
import { emitStorageEvent } from "../storage/storage-events.js";
import { claims } from "../storage/web-locks.js";
import { knownIds } from "./dedupe.js";
import { OutboxEntry } from "./entry.js";
import { findRecord, toEntry, toUnsentRecording } from "./record.js";

/** Removes expired recordings when a client is created, even if the page never opens its outbox. */
export function open(runtime) {
  const expiring = claims().then((isClaimed) => removeExpired(runtime, isClaimed));
  // Whoever stores or lists a recording gets the error.
  expiring.catch(() => {});
}

/**
 * Calls an endpoint, and stores what is sent. `prepare` resolves to the content of the request; see
 * `ClientHandle.send`.
 */
export function send(runtime, audio, method, prepare, request, elapsedMs) {
  const entry = new OutboxEntry(runtime, method);
  const prepareAndStore = async (controller) => {
    const body = await prepare(controller);
    const source = runtime.shared.blobOf(audio) ?? audio;
    // Bytes that are no blob are never recognized: they may have changed.
    const ids = knownIds(isBlob(source) ? source : body.blob, method, body.fields);
    await entry.store(body, ids);
    return body;
  };
  return entry.finalize(runtime.handle.send(method, prepareAndStore, request, elapsedMs));
}

/** Sends a stored recording: the same bytes, the same text. */
export async function resume(runtime, id, request, elapsedMs) {
  const { entry, body } = await OutboxEntry.load(runtime, validateId(runtime, id));
  const prepare = async () => {
    entry.countAttempt();
    return body;
  };
  return entry.finalize(runtime.handle.send(entry.method, prepare, request, elapsedMs));
}

/** Resolves to the recordings in the outbox, the oldest first. */
export async function list(runtime) {
  throwIfOff(runtime);
  const isClaimed = await claims();
  const entries = runtime.shared.oldestFirst(await removeExpired(runtime, isClaimed));
  return entries.map((entry) => toUnsentRecording(runtime, entry)).filter(Boolean);
}

/** Resolves to the audio of a recording; `undefined` if there is none with this id. */
export async function get(runtime, id) {
  return (await findRecord(runtime, validateId(runtime, id)))?.audio;
}

/** Removes a recording, if it is there. */
export async function discard(runtime, id) {
  const validId = validateId(runtime, id);
  await write(OUTBOX, (records) => records.delete(validId));
}

/** Removes all recordings, even if the outbox is off by now. */
export const clear = () => clearStore(OUTBOX);

/** Removes expired recordings; resolves to the others. */
async function removeExpired(runtime, isClaimed) {
  const { expired, others } = await write(OUTBOX, async (records) => {
    const entries = (await records.all()).map((record) => toEntry(record, isClaimed));
    const expired = runtime.handle.expiredIds(entries);
    for (const id of expired) await records.delete(id);
    return { expired, others: entries.filter(({ id }) => !expired.includes(id)) };
  });
  for (const id of expired) emitStorageEvent(runtime, "outbox", "expired", id);
  return others;
}

function validateId(runtime, id) {
  throwIfOff(runtime);
  if (typeof id === "string") return id;
  throw configurationFailure("id must be a string, as list() gives it");
}

function throwIfOff({ handle }) {
  if (handle.hasOutbox) return;
  throw configurationFailure("options.outbox is off; set it to true to keep unsent recordings");
}
