// `ThetaOne.transcribeLong()`: splits a recording that is too long for one request in pauses, sends
// each part as a call, and joins the results. The core makes the decisions.
//
// split.js splits, upload-parts.js sends, and progress.js reports. result.js joins the results, or
// lists the missing parts in a `partial`, and resume.js reads a `partial` of an earlier call.

/** @import { LongRequestOptions, LongTranscript, Transcript } from "../index.js" */
/** @import { Runtime } from "../internal.js" */
/** @import { CancellationScope } from "../wasm/core.js" */
/** @import { SendPart } from "./upload-parts.js" */

import { ProgressAggregator } from "./progress.js";
import { toResult } from "./result.js";
import { readPartial } from "./resume.js";
import { partFile, splitRecording } from "./split.js";
import { uploadParts } from "./upload-parts.js";

/**
 * The limits of a call, as `longCallLimits` returns them.
 * @typedef {object} LongCallLimits
 * @property {number} [deadlineMs]
 * @property {number} maxAttempts
 * @property {number} maxConcurrent
 * @property {number} maxPartSeconds
 * @property {number} maxPartBytes
 */

/**
 * Transcribes all of `audio`; resolves to one result with all parts. Rejects with a `Failure`, or
 * with the error of a part, whose `partial` holds the results so far.
 * @param {Runtime} runtime
 * @param {unknown} audio
 * @param {unknown} options
 * @param {LongRequestOptions} request validated, except for `resume`
 * @param {LongCallLimits} limits
 * @param {CancellationScope} scope ends with the call
 * @returns {Promise<LongTranscript>}
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
    /** @type {SendPart} */
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

/**
 * Returns the deadline of a part, which is the one of the whole call. A deadline of 0 ms would be
 * invalid.
 * @param {CancellationScope} scope
 */
function remainingMs(scope) {
  const ms = scope.remainingMs();
  return ms === undefined ? undefined : Math.max(ms, 1);
}
