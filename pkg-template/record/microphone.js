// Opening the microphone.

/**
 * Asks for the microphone; resolves to its stream. `failures` creates what it rejects with:
 * functions of the core, or of microphones.js, which works without the core.
 */
export async function openMicrophone(failures, deviceId) {
  const devices = globalThis.navigator?.mediaDevices;
  if (
    typeof devices?.getUserMedia !== "function" ||
    typeof globalThis.MediaRecorder !== "function"
  ) {
    // Pages without https have no mediaDevices at all.
    throw failures.missingMicrophoneFailure(globalThis.isSecureContext !== false);
  }
  // "Ideal" by being bare: a stereo microphone is taken, and downmixed later.
  const audio = { channelCount: 1 };
  if (deviceId != null) audio.deviceId = { exact: deviceId };
  try {
    return await devices.getUserMedia({ audio });
  } catch (cause) {
    throw failures.microphoneFailure(cause);
  }
}

/** Switches the microphone off. */
export function switchOff(stream) {
  for (const track of stream.getAudioTracks()) track.stop();
}
