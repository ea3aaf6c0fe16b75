// From the microphone's stream to a recording: encoded by the browser's recorder, or as samples.

import { MediaRecorderCapture } from "./media-recorder-capture.js";
import { isRecorderLossy } from "./webkit-gtk.js";

/** @import { RecordOptions } from "../index.js" */

/**
 * Returns true if samples are recorded: by choice, or where the browser's recorder loses sound.
 * @param {RecordOptions["capture"]} capture
 */
const recordsSamples = (capture) => capture === "pcm" || (!capture && isRecorderLossy());

/** Loads the capture of samples, a chunk of its own. */
export const loadPcmCapture = () => import("./pcm-capture.js");

/**
 * Prepares to record `stream`. If the browser or the page's policy allows no reading of samples,
 * the browser's recorder is used: a recording in another format is better than none.
 * @param {MediaStream} stream
 * @param {RecordOptions} options
 */
export async function openCapture(stream, { capture, onLevel, stopOnSilenceSeconds }) {
  if (recordsSamples(capture)) {
    const pcm = await loadPcmCapture()
      .then(({ openPcmCapture }) => openPcmCapture(stream))
      .catch(() => undefined);
    if (pcm) return pcm;
  }
  return new MediaRecorderCapture(stream, onLevel != null || stopOnSilenceSeconds != null);
}
