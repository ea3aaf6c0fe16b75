// What all parts come to: a part that is done has a `result`, one that failed an
// `error`, and one that was not sent, or given up, neither.

import { secondsOf } from "./progress.js";

/**
 * The result of all parts of a recording; or throws the error of the first that failed, with what is done so far. The
 * error that ended all, if one did, comes before any other.
 */
export function outcomeOf(core, { parts, durationSeconds }, ending) {
  const error = ending ?? parts.find(({ error }) => error !== undefined)?.error;
  if (error === undefined) {
    const { estimatedCredits, ...whole } = core.transcript(
      parts.map(({ result }) => result),
      secondsOf(parts),
    );
    return { ...whole, parts: parts.map(done), durationSeconds, estimatedCredits };
  }
  const value = {
    durationSeconds,
    parts: parts.filter(({ result }) => result !== undefined).map(done),
    failed: parts
      .filter(({ error }) => error !== undefined)
      .map((part) => ({ ...span(part), error: part.error })),
    notSent: parts
      .filter(({ result, error }) => result === undefined && error === undefined)
      .map(span),
  };
  // Not enumerable, as toJSON leaves it out: what was said is for the page, and not for the logs that errors end up in.
  Reflect.defineProperty(error, "partial", { value, writable: true, configurable: true });
  throw error;
}

const span = ({ index, startSeconds, endSeconds, cutMidSpeech }) => ({
  index,
  startSeconds,
  endSeconds,
  cutMidSpeech,
});

function done(part) {
  const { result } = part;
  const { text, text_type } = result;
  return { ...span(part), text, ...(text_type !== undefined && { text_type }), result };
}
