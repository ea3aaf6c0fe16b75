// The record of a recording in the outbox: the content of its request and its last error, and never
// a key, a header or an address.
//
// Any script of the origin can write to its database, so every member of a record is checked.

import { bytesIn } from "../client/untrusted-values.js";
import { OUTBOX, read } from "../storage/indexed-db.js";
import { MEDIA_TYPES } from "./constants.js";
import { isLeased } from "./lease.js";

/**
 * @import { UnsentRecording } from "../index.js"
 * @import { EndpointMethod, RequestBody, Runtime } from "../internal.js"
 * @import { StoredRecord } from "../storage/indexed-db.js"
 */
/**
 * A record, and the members by which the core decides what to remove.
 * @typedef {object} Entry
 * @property {string} id
 * @property {number} createdMs
 * @property {number} bytes
 * @property {boolean} isBusy true if a call is sending the recording
 * @property {StoredRecord} record
 */
/** @typedef {{ id: string, type: string, bytes: ArrayBuffer }} StoredAudio */

/**
 * Returns the record of a recording that is about to be sent for the first time.
 * @param {Runtime} runtime
 * @param {string} id
 * @param {EndpointMethod} method
 * @param {RequestBody} body
 */
export function createRecord({ shared }, id, method, { blob, durationSeconds, fields }) {
  const createdAt = new Date().toISOString();
  return {
    id,
    createdAt,
    method,
    state: shared.uploadState(),
    bytes: blob.size,
    durationSeconds,
    attempts: 1,
    fields,
  };
}

/**
 * @param {StoredRecord} record
 * @param {(id: string) => boolean} isClaimed
 * @returns {Entry}
 */
export function toEntry(record, isClaimed) {
  const id = asText(record.id) ?? "";
  return {
    id,
    createdMs: createdMs(record),
    bytes: bytesOf(record),
    isBusy: isClaimed(id) || isLeased(record),
    record,
  };
}

/**
 * Returns the time when a record was stored, in milliseconds since the Unix epoch.
 * @param {StoredRecord} record
 */
const createdMs = ({ createdAt }) => Date.parse(asText(createdAt) ?? "");

/**
 * Returns the size of a recording with its text, in bytes.
 * @param {StoredRecord} record
 */
export const bytesOf = (record) =>
  (asNumber(record.bytes) ?? 0) + new Blob(textFields(record).flat()).size;

/**
 * Returns the content of the request; `undefined` if the record is invalid.
 * @param {Runtime} runtime
 * @param {StoredRecord} record
 * @param {Blob} blob
 * @returns {RequestBody | undefined}
 */
export function toRequestBody({ shared }, record, blob) {
  const names = shared.fieldNames(asText(record.method) ?? "");
  const fields = textFields(record);
  if (!names || !MEDIA_TYPES.includes(blob.type) || !fields.every(([name]) => names.includes(name)))
    return undefined;
  return { blob, durationSeconds: asNumber(record.durationSeconds) ?? 0, fields };
}

/**
 * Returns an element of `list()`; `undefined` if the record is invalid.
 * @param {Runtime} runtime
 * @param {Entry} entry
 */
export function toUnsentRecording({ shared }, { id, isBusy, record }) {
  const { method, durationSeconds, lastError } = record;
  const names = shared.fieldNames(asText(method) ?? "");
  const createdAt = asText(record.createdAt);
  const state = isBusy ? "sending" : asText(record.state);
  const bytes = asNumber(record.bytes);
  if (!names || createdAt === undefined || state === undefined || bytes === undefined)
    return undefined;
  return /** @type {UnsentRecording} */ ({
    ...{ id, createdAt, method, state, bytes },
    ...(asNumber(durationSeconds) !== undefined && { durationSeconds }),
    attempts: asNumber(record.attempts) ?? 0,
    options: optionsOf(record, names[0]),
    ...(typeof lastError === "object" && lastError && { lastError }),
  });
}

/**
 * Returns the options of the method, from the text field that holds them.
 * @param {StoredRecord} record
 * @param {string} field
 * @returns {unknown}
 */
function optionsOf(record, field) {
  const [, json] = textFields(record).find(([name]) => name === field) ?? [];
  try {
    return JSON.parse(/** @type {string} */ (json));
  } catch {
    return {};
  }
}

/**
 * Counts another call that sends the recording.
 * @param {StoredRecord} record
 */
export function countAttempt(record) {
  record.attempts = (asNumber(record.attempts) ?? 0) + 1;
}

/**
 * Records that a call with the recording failed with this error.
 * @param {Runtime} runtime
 * @param {StoredRecord} record
 * @param {{ code?: unknown, reason?: unknown, status?: unknown }} error
 */
export function recordFailure({ shared }, record, { code, reason, status }) {
  record.lastError = { ...(asText(code) && { code }), ...(asText(reason) && { reason }) };
  record.state = shared.uploadState(asNumber(status));
}

/**
 * Resolves to the audio of a record as it is stored. Not as a blob, because Safari stores no blobs
 * in private windows, and Firefox cannot read a blob after another tab has removed its record.
 * @param {string} id
 * @param {Blob} blob
 * @returns {Promise<StoredAudio>}
 */
export async function audioToStore(id, blob) {
  return { id, type: blob.type, bytes: await blob.arrayBuffer() };
}

/**
 * Returns the audio that was stored; `undefined` if it is invalid.
 * @param {any} audio `bytes` is checked by `bytesIn`
 */
function toBlob({ type, bytes }) {
  return bytesIn(bytes) && asText(type) !== undefined ? new Blob([bytes], { type }) : undefined;
}

/**
 * Resolves to a recording; `undefined` if there is none with this id.
 * @param {Pick<Runtime, "handle">} runtime
 * @param {string} id
 */
export async function findRecord({ handle }, id) {
  const [record, stored] = await read(
    OUTBOX,
    async (records) => /** @type {const} */ ([await records.get(id), await records.audio(id)]),
  );
  // An expired record counts as removed, even before it is.
  if (!record || !stored || handle.isExpired(createdMs(record))) return undefined;
  const audio = toBlob(stored);
  return audio && { record, audio };
}

/**
 * Returns the text fields without invalid ones.
 * @param {StoredRecord} record
 * @returns {RequestBody["fields"]}
 */
function textFields({ fields }) {
  if (!Array.isArray(fields)) return [];
  return fields.filter(
    (pair) => Array.isArray(pair) && asText(pair[0]) !== undefined && asText(pair[1]) !== undefined,
  );
}

/** @param {unknown} value */
const asText = (value) => (typeof value === "string" ? value : undefined);
/** @param {unknown} value */
const asNumber = (value) => (typeof value === "number" ? value : undefined);
