// The choice between two ways to record: encoded by the browser's recorder, or as samples.

import { isRecorderLossy } from "./webkit-gtk.js";

/** @import { RecordOptions } from "../index.js" */

/**
 * Returns true if samples are recorded: by choice, or where the browser's recorder loses sound.
 * @param {RecordOptions["capture"]} capture
 */
export const recordsSamples = (capture) => capture === "pcm" || (!capture && isRecorderLossy());

/**
 * The module, when it has loaded: importing it again takes Firefox 0.2 ms.
 * @type {typeof import("./pcm-capture.js") | undefined}
 */
let pcmCapture;

/** Loads the capture of samples, a chunk of its own. */
export const loadPcmCapture = async () => (pcmCapture ??= await import("./pcm-capture.js"));

/**
 * Resolves to a capture of the samples of `stream`; to `undefined` if the browser or the page's
 * policy allows no reading of samples. Then the browser's recorder is used: a recording in another
 * format is better than none.
 * @param {MediaStream} stream
 */
export const openPcmCapture = (stream) =>
  loadPcmCapture()
    .then((pcm) => pcm.openPcmCapture(stream))
    .catch(() => undefined);
