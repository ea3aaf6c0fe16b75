// Notices that the microphone of a recording was unplugged.

/**
 * Calls `onGone` when the browser lists the device of `stream` no more. Firefox 153 records silence
 * then, and the track stays live if another microphone is there.
 * @param {MediaStream} stream
 * @param {() => void} onGone
 * @param {Promise<unknown>} ended ends the watch
 */
export async function watchDevice(stream, onGone, ended) {
  const devices = globalThis.navigator?.mediaDevices;
  const [track] = stream.getAudioTracks();
  const isListed = async () => {
    const { deviceId } = track?.getSettings() ?? {};
    return (await devices.enumerateDevices()).some((device) => device.deviceId === deviceId);
  };
  // A device that was never listed is not gone.
  const wasListed = isListed().catch(() => false);
  const check = async () => {
    if ((await wasListed) && !(await isListed().catch(() => true))) onGone();
  };
  devices?.addEventListener?.("devicechange", check);
  await ended;
  devices?.removeEventListener?.("devicechange", check);
}
