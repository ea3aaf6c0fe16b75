// Reads the `partial` of an earlier error. The page may have stored it, and it may be anything.

/** @import { PartialTranscript, TranscribedPart } from "../index.js" */
/** @import { Runtime } from "../internal.js" */
/** @import { Part } from "./split.js" */

/**
 * The recording of an earlier call.
 * @typedef {object} EarlierRecording
 * @property {number} durationSeconds
 * @property {Part[]} parts all parts in order; those that are done have their results
 * @property {Float64Array} bounds the start and end of each part
 */

/**
 * The lists of a `partial`. Each part is in one of them.
 * @type {("parts" | "failed" | "notSent")[]}
 */
const LISTS = ["parts", "failed", "notSent"];
/** The highest number of parts, more than any recording has. A list may claim any length. */
const MAX_PARTS = 100_000;

/**
 * Returns the recording that a `partial` describes; throws if there is none.
 * @param {Runtime} runtime
 * @param {unknown} partial
 * @returns {EarlierRecording}
 */
export function readPartial({ shared }, partial) {
  const { durationSeconds, parts } = read(partial) ?? { durationSeconds: NaN, parts: [] };
  const bounds = Float64Array.from(
    parts.flatMap(({ startSeconds, endSeconds }) => [startSeconds, endSeconds]),
  );
  shared.assertResumable(bounds, durationSeconds);
  return { durationSeconds, parts, bounds };
}

/**
 * Returns `undefined` if `value` is no `partial` of an error.
 * @param {unknown} value
 */
function read(value) {
  try {
    const lists = LISTS.map((name) => /** @type {PartialTranscript} */ (value)[name]);
    if (!lists.every(Array.isArray)) return undefined;
    const count = lists.reduce((sum, { length }) => sum + length, 0);
    if (count > MAX_PARTS) return undefined;
    /** @type {Part[]} */
    const parts = Array(count).fill(undefined);
    for (const list of lists) {
      for (const item of list) {
        const part = partOf(/** @type {TranscribedPart} */ (item), list === lists[0]);
        if (!(part.index >= 0 && part.index < count)) return undefined;
        parts[part.index] = part;
      }
    }
    // A part that is missing was in no list, or another part had the same index.
    return parts.includes(/** @type {never} */ (undefined))
      ? undefined
      : {
          durationSeconds: number(/** @type {PartialTranscript} */ (value).durationSeconds),
          parts,
        };
  } catch {
    return undefined;
  }
}

/**
 * Returns a part of a list, whose index is NaN if the part cannot be used.
 * @param {TranscribedPart} item
 * @param {boolean} isDone
 * @returns {Part}
 */
function partOf({ index, startSeconds, endSeconds, cutMidSpeech, result }, isDone) {
  const isUsable = Number.isInteger(index) && (!isDone || typeof result.text === "string");
  return {
    index: isUsable ? index : NaN,
    startSeconds: number(startSeconds),
    endSeconds: number(endSeconds),
    cutMidSpeech: Boolean(cutMidSpeech),
    ...(isDone && { result }),
  };
}

/** @param {unknown} value */
const number = (value) => (typeof value === "number" ? value : NaN);
