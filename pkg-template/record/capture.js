// What turns the microphone's stream into a recording: the browser's recorder, which encodes, or samples as they are.

import { Encoded } from "./media-recorder-capture.js";
import { Pcm } from "./worklet-capture.js";

/**
 * Gets ready to record `stream`. Where samples cannot be had as they are, for want of an audio worklet or by the page's
 * policy, the browser's recorder does it: a recording in another format beats none.
 */
export async function openCapture(core, stream, { capture, onLevel, stopOnSilenceSeconds }) {
  if (capture === "pcm") {
    const pcm = await Pcm.open(core, stream).catch(() => undefined);
    if (pcm) return pcm;
  }
  return new Encoded(core, stream, onLevel != null || stopOnSilenceSeconds != null);
}
