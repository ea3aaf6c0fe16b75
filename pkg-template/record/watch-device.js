// Notices that the microphone of a recording was unplugged.

/**
 * Calls `onGone` when the browser lists the device of `track` no more. Firefox 153 records silence
 * then, and the track stays live if another microphone is there.
 * @param {MediaStreamTrack | undefined} track
 * @param {() => void} onGone
 * @param {Promise<unknown>} ended ends the watch
 */
export async function watchDevice(track, onGone, ended) {
  const devices = globalThis.navigator?.mediaDevices;
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
