// Recordings that are too long for one request: split in pauses, sent part by part like any other
// call, and joined again. The core makes the decisions.
//
// split.js splits, upload-parts.js sends, progress.js reports, result.js joins the results or lists
// what is missing, and resume.js reads that list again.

import { ProgressAggregator } from "./progress.js";
import { toResult } from "./result.js";
import { readPartial } from "./resume.js";
import { partFile, splitRecording } from "./split.js";
import { uploadParts } from "./upload-parts.js";

/**
 * Transcribes all of `audio`; resolves to one result with all parts. `audio` and `options` may be
 * anything; `request` is validated, `limits` are those of `longCallLimits`, and `scope` ends with
 * the call. Rejects with a `Failure`, or with the error of a part, whose `partial` holds the results
 * so far.
 */
export async function transcribeLong(runtime, audio, options, request, limits, scope) {
  const { handle, shared } = runtime;
  const { signal, onProgress, attemptTimeoutMs, uploadStallMs, retry, resume } = request;
  const splitting = new AbortController();
  try {
    const progress = new ProgressAggregator(onProgress, limits.maxAttempts);
    progress.emit();
    // A mistake in the call is reported before the recording is read.
    const fields = shared.textFields("transcribe", options);
    const earlier = resume == null ? undefined : readPartial(runtime, resume);
    const recording = await scope.run(
      splitRecording(runtime, audio, limits, earlier, splitting.signal),
    );
    progress.setParts(recording.parts);
    const call = (part, partRequest) => {
      const prepare = async () => ({ ...partFile(runtime, recording, part), fields });
      const own = { attemptTimeoutMs, uploadStallMs, retry, ...partRequest };
      return handle.send("transcribe", prepare, { ...own, deadlineMs: remainingMs(scope) }, 0);
    };
    const { maxConcurrent } = limits;
    const fatalError = await uploadParts(
      runtime,
      recording.parts,
      progress,
      maxConcurrent,
      signal,
      call,
    );
    return toResult(runtime, recording, fatalError);
  } finally {
    splitting.abort();
  }
}

/** Returns the deadline of a part, which is that of the whole call. A call may have none of 0 ms. */
function remainingMs(scope) {
  const ms = scope.remainingMs();
  return ms === undefined ? undefined : Math.max(ms, 1);
}
