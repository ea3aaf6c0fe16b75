// What this page has kept before: the same recording, sent once more for the same, would lie there twice, and be sent and
// billed twice.

/** By the blob of the audio: by what it was sent for, the ids under which it was kept. */
const known = new WeakMap();

/** The ids under which the recording in `blob` was kept for this method and these fields: a set, to be kept up to date. */
export function earlierIds(blob, method, fields) {
  const ids = known.get(blob) ?? new Map();
  known.set(blob, ids);
  const purpose = JSON.stringify([method, fields]);
  if (!ids.has(purpose)) ids.set(purpose, new Set());
  return ids.get(purpose);
}
