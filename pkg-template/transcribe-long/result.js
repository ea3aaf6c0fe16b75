// The result of all parts. A part that is done has a `result`, one that failed has an `error`, and
// one that was not sent, or was abandoned, has neither.

/** @import { LongPart, LongTranscript, PartialTranscript, TranscribedPart } from "../index.js" */
/** @import { Transcript } from "../index.js" */
/** @import { Runtime } from "../internal.js" */
/** @import { Part, SplitRecording } from "./split.js" */

import { totalSeconds } from "./progress.js";

/**
 * Returns the result of a recording. If a part has failed, throws its error with the results so
 * far; a `fatalError`, which ended all parts, comes before any other.
 * @param {Runtime} runtime
 * @param {SplitRecording} recording
 * @param {unknown} fatalError
 * @returns {LongTranscript}
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
  // Not enumerable, and left out by toJSON: the transcript is for the page, and not for the logs
  // that errors are written to.
  Reflect.defineProperty(/** @type {object} */ (error), "partial", {
    value,
    writable: true,
    configurable: true,
  });
  throw error;
}

/**
 * @param {Part} part
 * @returns {LongPart}
 */
const span = ({ index, startSeconds, endSeconds, cutMidSpeech }) => ({
  index,
  startSeconds,
  endSeconds,
  cutMidSpeech,
});

/**
 * Returns a part that is done. The `text_type` is left out where the response has none.
 * @param {Part} part
 */
function done(part) {
  const { result } = /** @type {Required<Part>} */ (part);
  const { text, text_type } = result;
  return /** @type {TranscribedPart} */ ({
    ...span(part),
    text,
    ...(text_type !== undefined && { text_type }),
    result,
  });
}
