// One recording that lies in the outbox.

import { OUTBOX, read } from "../storage/indexed-db.js";
import { audioOfStored, createdMs } from "./record.js";

/** What is known of the recording `id`, and its audio; `undefined` where there is none. */
export async function found(core, id) {
  const [record, stored] = await read(OUTBOX, async (records) => [
    await records.get(id),
    await records.audio(id),
  ]);
  // The next sweep removes it; until then it is as good as gone.
  if (!record || !stored || core.isPast(createdMs(record))) return undefined;
  const audio = audioOfStored(stored);
  return audio && { record, audio };
}
