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
 * Starts a second recorder of `stream`, and calls `onArrived` when it has encoded a packet. Each of
 * its chunks is a packet. The chunks of the first recorder are longer, and the response to a request
 * for one takes 0.8 ms. With chunks of a packet, it needs half as much CPU time again. Returns the
 * second recorder, which stops by itself.
 * @param {MediaStream} stream
 * @param {() => void} onArrived
 */
export function watchFirstPacket(stream, onArrived) {
  const recorder = new MediaRecorder(stream);
  recorder.ondataavailable = ({ data }) => {
    if (data.size === 0) return;
    recorder.stop();
    onArrived();
  };
  recorder.start(PACKET_MS);
  return recorder;
}
