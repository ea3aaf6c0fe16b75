// The result of all parts. A part that is done has a `result`, one that failed has an `error`, and
// one that was not sent, or was abandoned, has neither.

import { totalSeconds } from "./progress.js";

/**
 * Returns the result of a recording. If a part has failed, throws its error with the results so far;
 * a `fatalError`, which ended all parts, comes before any other.
 */
export function toResult({ shared }, { parts, durationSeconds }, fatalError) {
  const error = fatalError ?? parts.find(({ error }) => error !== undefined)?.error;
  if (error === undefined) {
    const { estimatedCredits, ...whole } = shared.joinTranscripts(
      parts.map(({ result }) => result),
      totalSeconds(parts),
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
