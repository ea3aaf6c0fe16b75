// Recognizes recordings that this page has stored before. A recording that is sent again with the
// same fields would otherwise be stored twice, sent twice and billed twice.

/**
 * Blob → method and fields → ids of the outbox records that hold this recording.
 * @type {WeakMap<Blob, Map<string, Set<string>>>}
 */
const known = new WeakMap();

/**
 * Returns the ids under which the recording in `blob` was stored for this method and these fields.
 * The caller updates the set.
 * @param {Blob} blob
 * @param {string} method
 * @param {[name: string, text: string][]} fields
 */
export function knownIds(blob, method, fields) {
  const ids = known.get(blob) ?? new Map();
  known.set(blob, ids);
  const purpose = JSON.stringify([method, fields]);
  if (!ids.has(purpose)) ids.set(purpose, new Set());
  return /** @type {Set<string>} */ (ids.get(purpose));
}
