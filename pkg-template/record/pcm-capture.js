// Reading the samples of a microphone. This module and those that it imports are one chunk.

import { TrackCapture } from "./track-capture.js";
import { WorkletCapture } from "./worklet-capture.js";

export { watchFirstSamples } from "./first-samples.js";

/**
 * Resolves to a capture of the samples of `stream`. Rejects if this page can have none.
 * @param {MediaStream} stream
 */
export const openPcmCapture = async (stream) =>
  typeof MediaStreamTrackProcessor === "function"
    ? new TrackCapture(stream)
    : WorkletCapture.open(stream);
