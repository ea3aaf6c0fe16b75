// Stores references after the page is left. If that fails, emits an event; the cost is another call.

import { REFERENCES, read, write } from "../storage/indexed-db.js";
import { emitStorageEvent } from "../storage/storage-events.js";

/** Resolves to the stored analysis of `key`, and marks it as used. */
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
  // The mark is not worth waiting for.
  marking.catch(() => {});
  return analysis;
}

/** Stores an analysis, and removes those that were not used for the longest time. */
export async function put(runtime, key, analysis) {
  const storing = write(REFERENCES, async (records) => {
    await records.put(createRecord(key, analysis));
    await records.evictOldest(runtime.handle.maxReferences);
  });
  await ignoreStorageErrors(runtime, storing);
}

const createRecord = (key, analysis) => ({ id: key, usedAt: Date.now(), analysis });

async function ignoreStorageErrors(runtime, work) {
  try {
    return await work;
  } catch ({ reason }) {
    emitStorageEvent(runtime, "references", reason ?? "unavailable");
    return undefined;
  }
}
