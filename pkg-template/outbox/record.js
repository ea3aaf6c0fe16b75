// The record of a recording in the outbox: the content of its request and its last error, and never
// a key, a header or an address.
//
// Anything on the page's origin can write to its database, so every member of a record is checked.

import { bytesIn } from "../client/untrusted-values.js";
import { OUTBOX, read } from "../storage/indexed-db.js";
import { MEDIA_TYPES } from "./constants.js";
import { isLeased } from "./lease.js";

/** Returns the record of a recording that is about to be sent for the first time. */
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

/** Returns the entry of a record, from which the core decides. */
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

/** When it was stored, in milliseconds since the Unix epoch. */
const createdMs = ({ createdAt }) => Date.parse(asText(createdAt) ?? "");

/** What it takes, text included, in bytes. */
export const bytesOf = (record) =>
  (asNumber(record.bytes) ?? 0) + new Blob(textFields(record).flat()).size;

/** Returns the content of the request; `undefined` if the record is none of this SDK's. */
export function toRequestBody({ shared }, record, blob) {
  const names = shared.fieldNames(asText(record.method) ?? "");
  const fields = textFields(record);
  if (!names || !MEDIA_TYPES.includes(blob.type) || !fields.every(([name]) => names.includes(name)))
    return undefined;
  return { blob, durationSeconds: asNumber(record.durationSeconds) ?? 0, fields };
}

/** Returns an element of `list()`; `undefined` if the record is none of this SDK's. */
export function toUnsentRecording({ shared }, { id, isBusy, record }) {
  const { method, durationSeconds, lastError } = record;
  const names = shared.fieldNames(asText(method) ?? "");
  const createdAt = asText(record.createdAt);
  const state = isBusy ? "sending" : asText(record.state);
  const bytes = asNumber(record.bytes);
  if (!names || createdAt === undefined || state === undefined || bytes === undefined)
    return undefined;
  return {
    ...{ id, createdAt, method, state, bytes },
    ...(asNumber(durationSeconds) !== undefined && { durationSeconds }),
    attempts: asNumber(record.attempts) ?? 0,
    options: optionsOf(record, names[0]),
    ...(typeof lastError === "object" && lastError && { lastError }),
  };
}

function optionsOf(record, field) {
  const [, json] = textFields(record).find(([name]) => name === field) ?? [];
  try {
    return JSON.parse(json);
  } catch {
    return {};
  }
}

/** Counts another call that sends the recording. */
export function countAttempt(record) {
  record.attempts = (asNumber(record.attempts) ?? 0) + 1;
}

/** Records that a call with the recording failed with this error. */
export function recordFailure({ shared }, record, { code, reason, status }) {
  record.lastError = { ...(asText(code) && { code }), ...(asText(reason) && { reason }) };
  record.state = shared.uploadState(asNumber(status));
}

/**
 * The audio of a record as it is stored. Not as a blob: Safari stores none in its private windows, and Firefox gives up
 * reading one whose record another tab removes.
 */
export async function audioToStore(id, blob) {
  return { id, type: blob.type, bytes: await blob.arrayBuffer() };
}

/** Returns the audio that was stored. */
function toBlob({ type, bytes }) {
  return bytesIn(bytes) && asText(type) !== undefined ? new Blob([bytes], { type }) : undefined;
}

/** Resolves to `{ record, audio }` of the recording `id`; `undefined` if there is none. */
export async function findRecord({ handle }, id) {
  const [record, stored] = await read(OUTBOX, async (records) => [
    await records.get(id),
    await records.audio(id),
  ]);
  // The next sweep removes an expired record; until then it counts as removed.
  if (!record || !stored || handle.isExpired(createdMs(record))) return undefined;
  const audio = toBlob(stored);
  return audio && { record, audio };
}

/** Returns the text fields, as `[name, text]`, without invalid ones. */
function textFields({ fields }) {
  if (!Array.isArray(fields)) return [];
  return fields.filter(
    (pair) => Array.isArray(pair) && asText(pair[0]) !== undefined && asText(pair[1]) !== undefined,
  );
}

const asText = (value) => (typeof value === "string" ? value : undefined);
const asNumber = (value) => (typeof value === "number" ? value : undefined);
