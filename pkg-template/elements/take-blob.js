// The audio of a take.

import { isBlob, memberOf } from "../client/untrusted-values.js";
import { Take } from "../prepare/take.js";

/**
 * Returns the audio of a take or a blob, and `undefined` for anything else.
 * @param {unknown} value
 * @returns {Blob | undefined}
 */
export function blobOf(value) {
  const blob = Take.is(value) ? memberOf(value, "blob") : value;
  return isBlob(blob) ? blob : undefined;
}
