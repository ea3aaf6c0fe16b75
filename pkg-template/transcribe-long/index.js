// Recordings that are too long for one request: cut in pauses, sent part by part as
// any other call, and put together again. What is decided about them stands in the core.
//
// split.js cuts, upload-parts.js sends, progress.js tells how far it is, result.js makes one
// result of all or says what is missing, and resume.js reads that again.

import { Board } from "./progress.js";
import { outcomeOf } from "./result.js";
import { cut, fileOf } from "./split.js";
import { resumed } from "./resume.js";
import { send } from "./upload-parts.js";

/**
 * Transcribes all of `audio`; gives one result with all of its parts. `audio` and `options` may be anything; `request` is
 * what the core has read, and `scope` ends with it. Rejects with a Failure, or with the error of a part, which then has what
 * is done so far as `partial`.
 */
export async function transcribeLong(core, audio, options, request, scope) {
  const {
    onProgress,
    resume,
    maxAttempts,
    maxConcurrent,
    maxPartSeconds,
    maxPartBytes,
    ...ofParts
  } = request;
  const cutting = new AbortController();
  try {
    const board = new Board(onProgress, maxAttempts);
    board.tell();
    // A mistake in the call is told before the recording is looked at.
    const fields = core.fields("transcribe", options);
    const earlier = resumed(core, resume);
    const recording = await scope.guard(
      cut(core, audio, { maxPartSeconds, maxPartBytes }, earlier, cutting.signal),
    );
    board.know(recording.parts);
    const call = (part, own) => {
      const contents = async () => ({ ...fileOf(core, recording, part), fields });
      return core.send("transcribe", contents, { ...ofParts, ...own, deadlineMs: leftOf(scope) });
    };
    const ending = await send(core, recording.parts, board, maxConcurrent, ofParts.signal, call);
    return outcomeOf(core, recording, ending);
  } finally {
    cutting.abort();
  }
}

/** The deadline of the whole is that of every part; a call may have none of 0 ms. */
function leftOf(scope) {
  const ms = scope.remainingMs();
  return ms === undefined ? undefined : Math.max(ms, 1);
}
