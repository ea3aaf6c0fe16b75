// The outbox: a recording is stored before it is sent, and until its result has arrived. entry.js
// handles one recording, and this file all of them. The core decides how long each is stored.

import { isBlob } from "../client/untrusted-values.js";
import { configurationFailure } from "../result/failure.js";
import { OUTBOX, clear as clearStore, write } from "../storage/indexed-db.js";
import { emitStorageEvent } from "../storage/storage-events.js";
import { claims } from "../storage/web-locks.js";
import { knownIds } from "./dedupe.js";
import { OutboxEntry } from "./entry.js";
import { findRecord, toEntry, toUnsentRecording } from "./record.js";

/**
 * @import { UnsentRecording } from "../index.js"
 * @import { EndpointMethod, RequestBody, Runtime } from "../internal.js"
 */

/**
 * Removes expired recordings when a client is created, even if the page never uses its outbox.
 * @param {Runtime} runtime
 */
export function open(runtime) {
  const expiring = claims().then((isClaimed) => removeExpired(runtime, isClaimed));
  // The next call that stores or lists recordings rejects with the error.
  expiring.catch(() => {});
}

/**
 * Calls an endpoint, and stores what is sent. `prepare` resolves to the content of the request; see
 * `ClientHandle.send`.
 * @param {Runtime} runtime
 * @param {any} audio the caller's audio; `prepare` rejects if it is invalid
 * @param {EndpointMethod} method
 * @param {(controller: AbortController) => Promise<RequestBody>} prepare
 * @param {unknown} request
 * @param {number} elapsedMs the time that the call has taken already
 */
export function send(runtime, audio, method, prepare, request, elapsedMs) {
  const entry = new OutboxEntry(runtime, method);
  /** @param {AbortController} controller */
  const prepareAndStore = async (controller) => {
    const body = await prepare(controller);
    const source = runtime.shared.blobOf(audio) ?? audio;
    // Only blobs are recognized, because other bytes may have changed.
    const ids = knownIds(isBlob(source) ? source : body.blob, method, body.fields);
    await entry.store(body, ids);
    return body;
  };
  return entry.finalize(runtime.handle.send(method, prepareAndStore, request, elapsedMs));
}

/**
 * Sends a stored recording, with the same bytes and the same text.
 * @param {Runtime} runtime
 * @param {unknown} id
 * @param {unknown} request
 * @param {number} elapsedMs the time that the call has taken already
 */
export async function resume(runtime, id, request, elapsedMs) {
  const { entry, body } = await OutboxEntry.load(runtime, validateId(runtime, id));
  const prepare = async () => {
    entry.countAttempt();
    return body;
  };
  return entry.finalize(runtime.handle.send(entry.method, prepare, request, elapsedMs));
}

/**
 * Resolves to the recordings in the outbox, the oldest first.
 * @param {Runtime} runtime
 * @returns {Promise<UnsentRecording[]>}
 */
export async function list(runtime) {
  throwIfOff(runtime);
  const isClaimed = await claims();
  const entries = runtime.shared.oldestFirst(await removeExpired(runtime, isClaimed));
  return /** @type {UnsentRecording[]} */ (
    entries.map((entry) => toUnsentRecording(runtime, entry)).filter(Boolean)
  );
}

/**
 * Resolves to the audio of a recording; `undefined` if there is none with this id.
 * @param {Runtime} runtime
 * @param {unknown} id
 */
export async function get(runtime, id) {
  return (await findRecord(runtime, validateId(runtime, id)))?.audio;
}

/**
 * Removes a recording, if it exists.
 * @param {Runtime} runtime
 * @param {unknown} id
 */
export async function discard(runtime, id) {
  const validId = validateId(runtime, id);
  await write(OUTBOX, (records) => records.delete(validId));
}

/** Removes all recordings, even if the outbox is off. */
export const clear = () => clearStore(OUTBOX);

/**
 * Removes expired recordings; resolves to the others.
 * @param {Runtime} runtime
 * @param {(id: string) => boolean} isClaimed
 */
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

/**
 * Returns `id`; throws a `Failure` if it is invalid or the outbox is off.
 * @param {Runtime} runtime
 * @param {unknown} id
 */
function validateId(runtime, id) {
  throwIfOff(runtime);
  if (typeof id === "string") return id;
  throw configurationFailure("id must be a string, as list() gives it");
}

/** @param {Runtime} runtime */
function throwIfOff({ handle }) {
  if (handle.hasOutbox) return;
  throw configurationFailure("options.outbox is off; set it to true to keep unsent recordings");
}
