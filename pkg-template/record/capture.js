// From the microphone's stream to a recording: encoded by the browser's recorder, or as samples.

import { withTimeout } from "../client/timeout.js";
import { closeContext, openContext } from "./audio-context.js";
import { MediaRecorderCapture } from "./media-recorder-capture.js";
import { isRecorderLossy } from "./webkit-gtk.js";

/** @import { RecordOptions } from "../index.js" */

/** The time that a context has to start. Before the first click on the page, it does not start. */
const CONTEXT_START_MS = 1_000;

/**
 * Prepares to record `stream`. Without an audio worklet, or if the page's policy forbids it,
 * samples cannot be captured. Then the browser's recorder is used, because a recording in another
 * format is better than none. Where that recorder loses sound, samples are the default.
 * @param {MediaStream} stream
 * @param {RecordOptions} options
 */
export async function openCapture(stream, { capture, onLevel, stopOnSilenceSeconds }) {
  if ((capture ?? (isRecorderLossy() && "pcm")) === "pcm") {
    const worklet = await openWorklet(stream).catch(() => undefined);
    if (worklet) return worklet;
  }
  return new MediaRecorderCapture(stream, onLevel != null || stopOnSilenceSeconds != null);
}

/**
 * Opens a capture of samples, whose module loads on demand: few pages need it. Rejects if worklets
 * are missing or forbidden, or the context does not start.
 * @param {MediaStream} stream
 */
async function openWorklet(stream) {
  const context = openContext();
  try {
    await withTimeout(CONTEXT_START_MS, context.resume()).catch(() => {});
    if (context.state !== "running") throw new Error(context.state);
    const { WorkletCapture } = await import("./worklet-capture.js");
    return await WorkletCapture.open(stream, context);
  } catch (cause) {
    closeContext(context);
    throw cause;
  }
}
