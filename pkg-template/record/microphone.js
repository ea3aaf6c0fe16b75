// Opens the microphone and switches it off.

import { MicrophoneProblem } from "./microphone-problem.js";

/** @import { RecordOptions } from "../index.js" */

/**
 * Opens the microphone. Rejects with a `MicrophoneProblem`.
 * @param {Pick<RecordOptions, "constraints" | "deviceId">} [options]
 * @returns {Promise<MediaStream>}
 */
export async function openMicrophone({ constraints, deviceId } = {}) {
  const devices = globalThis.navigator?.mediaDevices;
  if (
    typeof devices?.getUserMedia !== "function" ||
    typeof globalThis.MediaRecorder !== "function"
  ) {
    // Pages without https have no mediaDevices at all.
    throw new MicrophoneProblem();
  }
  /**
   * A bare value is a wish: a stereo microphone is accepted, and downmixed later.
   * @type {MediaTrackConstraints}
   */
  const audio = { channelCount: 1, ...constraints };
  if (deviceId != null) audio.deviceId = { exact: deviceId };
  try {
    return await devices.getUserMedia({ audio });
  } catch (cause) {
    throw new MicrophoneProblem({ cause });
  }
}

/**
 * Switches the microphone off.
 * @param {MediaStream} stream
 */
export function switchOff(stream) {
  for (const track of stream.getAudioTracks()) track.stop();
}
