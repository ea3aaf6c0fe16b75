// A recording as it lies in the outbox: what is sent and what became of it, and never a key, a header or an address.
//
// Anything on the page's origin can write to its database, so nothing of a record is taken for granted.

import { bytesIn } from "../client/untrusted-values.js";
import { isLeased } from "./lease.js";

/** What is sent goes up as one of these. */
const TYPES = ["audio/wav", "audio/mpeg"];

/** The record of what is about to be sent for the first time. */
export function recordOf(core, id, method, { blob, durationSeconds, fields }) {
  const createdAt = new Date().toISOString();
  return {
    id,
    createdAt,
    method,
    state: core.standing(),
    bytes: blob.size,
    durationSeconds,
    attempts: 1,
    fields,
  };
}

/** What the decisions have to know of a record. */
export function entryOf(record, isClaimed) {
  const id = text(record.id) ?? "";
  return {
    id,
    createdMs: createdMs(record),
    bytes: bytesOf(record),
    isBusy: isClaimed(id) || isLeased(record),
    record,
  };
}

/** When it was stored, in milliseconds since the Unix epoch. */
export const createdMs = ({ createdAt }) => Date.parse(text(createdAt) ?? "");

/** What it takes, text included, in bytes. */
export const bytesOf = (record) =>
  (number(record.bytes) ?? 0) + new Blob(pairs(record).flat()).size;

/** What is sent; `undefined` where it is none of this SDK's records. */
export function contentsOf(core, record, blob) {
  const names = core.fieldNames(text(record.method) ?? "");
  const fields = pairs(record);
  if (!names || !TYPES.includes(blob.type) || !fields.every(([name]) => names.includes(name)))
    return undefined;
  return { blob, durationSeconds: number(record.durationSeconds) ?? 0, fields };
}

/** What `list()` tells; `undefined` where it is none of this SDK's records. */
export function listed(core, { id, isBusy, record }) {
  const { method, durationSeconds, lastError } = record;
  const names = core.fieldNames(text(method) ?? "");
  const createdAt = text(record.createdAt);
  const state = isBusy ? "sending" : text(record.state);
  const bytes = number(record.bytes);
  if (!names || createdAt === undefined || state === undefined || bytes === undefined)
    return undefined;
  return {
    ...{ id, createdAt, method, state, bytes },
    ...(number(durationSeconds) !== undefined && { durationSeconds }),
    attempts: number(record.attempts) ?? 0,
    options: optionsOf(record, names[0]),
    ...(typeof lastError === "object" && lastError && { lastError }),
  };
}

function optionsOf(record, field) {
  const [, json] = pairs(record).find(([name]) => name === field) ?? [];
  try {
    return JSON.parse(json);
  } catch {
    return {};
  }
}

/** Counts another call that sends it. */
export function countAttempt(record) {
  record.attempts = (number(record.attempts) ?? 0) + 1;
}

/** Notes that a call with it failed with this error. */
export function noteFailure(core, record, { code, reason, status }) {
  record.lastError = { ...(text(code) && { code }), ...(text(reason) && { reason }) };
  record.state = core.standing(number(status));
}

/**
 * The audio of a record as it is stored. Not as a blob: Safari stores none in its private windows, and Firefox gives up
 * reading one whose record another tab removes.
 */
export async function audioToStore(id, blob) {
  return { id, type: blob.type, bytes: await blob.arrayBuffer() };
}

/** The audio, of what was stored. */
export function audioOfStored({ type, bytes }) {
  return bytesIn(bytes) && text(type) !== undefined ? new Blob([bytes], { type }) : undefined;
}

/** The text fields, as `[name, text]`; what is none is left out. */
function pairs({ fields }) {
  if (!Array.isArray(fields)) return [];
  return fields.filter(
    (pair) => Array.isArray(pair) && text(pair[0]) !== undefined && text(pair[1]) !== undefined,
  );
}

const text = (value) => (typeof value === "string" ? value : undefined);
const number = (value) => (typeof value === "number" ? value : undefined);
