// What an earlier call left, carefully: it may have been stored, and be anything by now.

/** The lists of a `partial`. Each part is in one of them. */
const LISTS = ["parts", "failed", "notSent"];
/** More parts than any recording has; a list may claim any length. */
const MOST_PARTS = 100_000;

/**
 * The recording that `partial` is of: all of its parts in order, those that are done with their results, and their
 * `bounds`, by turns where one starts and ends.
 */
export function resumed(core, partial) {
  if (partial === undefined) return undefined;
  const { durationSeconds, parts } = read(partial) ?? { durationSeconds: NaN, parts: [] };
  const bounds = Float64Array.from(
    parts.flatMap(({ startSeconds, endSeconds }) => [startSeconds, endSeconds]),
  );
  core.refuseResume(bounds, durationSeconds);
  return { durationSeconds, parts, bounds };
}

/** `undefined` where it is nothing that an error has left. */
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
