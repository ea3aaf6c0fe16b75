// Stores references for later visits. A failure emits an event, and costs another call later.

import { REFERENCES, read, write } from "../storage/indexed-db.js";
import { emitStorageEvent } from "../storage/storage-events.js";

/** @import { Runtime } from "../internal.js" */

/**
 * Resolves to the stored analysis of `key`, and marks it as used.
 * @param {Runtime} runtime
 * @param {string} key
 */
export async function get(runtime, key) {
  const record = await ignoreStorageErrors(
    runtime,
    read(REFERENCES, (records) => records.get(key)),
  );
  const analysis = record?.analysis;
  if (typeof analysis !== "object" || !analysis) return undefined;
  const marking = write(REFERENCES, async (records) => {
    if (await records.get(key)) await records.put(createRecord(key, analysis));
  });
  // Not awaited, because a reference without the mark is only evicted earlier.
  marking.catch(() => {});
  return analysis;
}

/**
 * Stores an analysis, and removes the least recently used ones.
 * @param {Runtime} runtime
 * @param {string} key
 * @param {unknown} analysis
 */
export async function put(runtime, key, analysis) {
  const storing = write(REFERENCES, async (records) => {
    await records.put(createRecord(key, analysis));
    await records.evictOldest(runtime.handle.maxReferences);
  });
  await ignoreStorageErrors(runtime, storing);
}

/**
 * @param {string} key
 * @param {unknown} analysis
 */
const createRecord = (key, analysis) => ({ id: key, usedAt: Date.now(), analysis });

/**
 * Resolves to the outcome of `work`. If it rejects, emits an event and resolves to `undefined`.
 * @template Result
 * @param {Runtime} runtime
 * @param {Promise<Result>} work
 */
async function ignoreStorageErrors(runtime, work) {
  try {
    return await work;
  } catch (/** @type {any} A Failure of the storage. */ { reason }) {
    emitStorageEvent(runtime, "references", reason ?? "unavailable");
    return undefined;
  }
}
