// A way to notice the first samples in Firefox, which shows them nowhere else.

/** The length of a packet of Opus, in milliseconds. */
const PACKET_MS = 20;

/**
 * Returns true in Firefox, unless the page simulates recorders. Only errors of SpiderMonkey have a
 * property `fileName`.
 */
export const isFirefox = () =>
  "fileName" in new Error() && /native code/.test(String(globalThis.MediaRecorder));

/**
 * Starts a recorder whose chunks are packets: the first one shows that sound has arrived.
 * @param {MediaStream} stream
 */
export function startWatcher(stream) {
  const watcher = new MediaRecorder(stream);
  watcher.start(PACKET_MS);
  return watcher;
}
