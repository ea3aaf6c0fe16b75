// Reads the `partial` of an earlier error. The page may have stored it, and it may be anything.

/** The lists of a `partial`. Each part is in one of them. */
const LISTS = ["parts", "failed", "notSent"];
/** More parts than any recording has; a list may claim any length. */
const MOST_PARTS = 100_000;

/**
 * Returns the recording that a `partial` describes: all of its parts in order, those that are done
 * with their results, and their `bounds`, the start and end of each.
 */
export function readPartial({ shared }, partial) {
  const { durationSeconds, parts } = read(partial) ?? { durationSeconds: NaN, parts: [] };
  const bounds = Float64Array.from(
    parts.flatMap(({ startSeconds, endSeconds }) => [startSeconds, endSeconds]),
  );
  shared.assertResumable(bounds, durationSeconds);
  return { durationSeconds, parts, bounds };
}

/** Returns `undefined` if it is no `partial` of an error. */
function read(partial) {
  try {
    const lists = LISTS.map((name) => partial[name]);
    if (!lists.every(Array.isArray)) return undefined;
    const count = lists.reduce((sum, { length }) => sum + length, 0);
    if (count > MOST_PARTS) return undefined;
    const parts = Array(count).fill(undefined);
    for (const list of lists) {
      for (const item of list) {
        const part = partOf(item, list === lists[0]);
        if (!(part.index >= 0 && part.index < count)) return undefined;
        parts[part.index] = part;
      }
    }
    // What is missing was in no list, or had to give way to one like it.
    return parts.includes(undefined)
      ? undefined
      : { durationSeconds: number(partial.durationSeconds), parts };
  } catch {
    return undefined;
  }
}

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

const number = (value) => (typeof value === "number" ? value : NaN);
