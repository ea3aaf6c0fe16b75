// References that outlast the page. Storage that fails is told, and costs a call.

import { notice } from "../storage/storage-events.js";
import { REFERENCES, read, write } from "../storage/indexed-db.js";

/** What is known of `key`, which is thereby used. */
export async function get(core, key) {
  const found = await told(
    core,
    read(REFERENCES, (records) => records.get(key)),
  );
  const analysis = found?.analysis;
  if (typeof analysis !== "object" || !analysis) return undefined;
  const using = write(REFERENCES, async (records) => {
    if (await records.get(key)) await records.put(recordOf(key, analysis));
  });
  // That it was used is not worth waiting for.
  using.catch(() => {});
  return analysis;
}

/** Puts the analysis there; what was not used for the longest time makes room. */
export async function put(core, key, analysis) {
  const storing = write(REFERENCES, async (records) => {
    await records.put(recordOf(key, analysis));
    await records.keepLatest(core.maxReferences);
  });
  await told(core, storing);
}

const recordOf = (key, analysis) => ({ id: key, usedAt: Date.now(), analysis });

async function told(core, work) {
  try {
    return await work;
  } catch ({ reason }) {
    notice(core, "references", reason ?? "unavailable");
    return undefined;
  }
}
