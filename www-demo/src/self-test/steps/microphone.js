// Permission for the microphone, and its settings.

import { microphones } from "thetaone-web";
import { round, timed } from "../time.js";

/** @import { Tools } from "../run.js" */

/** The settings that the report contains; those that identify a device are left out. */
const SETTINGS = [
  "autoGainControl",
  "channelCount",
  "echoCancellation",
  "latency",
  "noiseSuppression",
  "sampleRate",
  "sampleSize",
];

/** Turns off what would remove the tones that the page plays. */
export const NO_PROCESSING = {
  autoGainControl: false,
  echoCancellation: false,
  noiseSuppression: false,
};

/**
 * Requests the microphone, and reads its settings without processing.
 * @param {Tools} tools
 */
export async function openMicrophone({ onEnd, ask }) {
  const permissionBefore = await microphones.permission();
  if (permissionBefore !== "granted") ask("allowMicrophone");
  const { ms: requestMs } = await timed(() => microphones.request());
  const permissionAfter = await microphones.permission();
  const devices = await microphones.list();
  const { value: stream, ms: openMs } = await timed(() =>
    navigator.mediaDevices.getUserMedia({ audio: NO_PROCESSING }),
  );
  const [track] = stream.getAudioTracks();
  onEnd(() => track?.stop());
  const settings = /** @type {Record<string, unknown>} */ (track?.getSettings() ?? {});
  return {
    permissionBefore,
    permissionAfter,
    requestMs: round(requestMs),
    openMs: round(openMs),
    devices: devices.length,
    ...Object.fromEntries(
      SETTINGS.filter((name) => name in settings).map((name) => [name, settings[name]]),
    ),
  };
}
