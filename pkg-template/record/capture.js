// From the microphone's stream to a recording: encoded by the browser's recorder, or as samples.

import { MediaRecorderCapture } from "./media-recorder-capture.js";
import { isRecorderLossy } from "./webkit-gtk.js";
import { WorkletCapture } from "./worklet-capture.js";

/** @import { RecordOptions } from "../index.js" */

/**
 * Prepares to record `stream`. Without an audio worklet, or if the page's policy forbids it,
 * samples cannot be captured. Then the browser's recorder is used, because a recording in another
 * format is better than none. Where that recorder loses sound, samples are the default.
 * @param {MediaStream} stream
 * @param {RecordOptions} options
 */
export async function openCapture(stream, { capture, onLevel, stopOnSilenceSeconds }) {
  if ((capture ?? (isRecorderLossy() && "pcm")) === "pcm") {
    const worklet = await WorkletCapture.open(stream).catch(() => undefined);
    if (worklet) return worklet;
  }
  return new MediaRecorderCapture(stream, onLevel != null || stopOnSilenceSeconds != null);
}
