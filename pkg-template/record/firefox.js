// A way to notice the first samples in Firefox, which shows them nowhere else.

/** The length of a packet of Opus, in milliseconds. */
const PACKET_MS = 20;

/** Returns true in Firefox. Only errors of SpiderMonkey have a property `fileName`. */
export const isFirefox = () => "fileName" in new Error();

/**
 * Calls `onArrived` when a second recorder of `stream` has encoded a packet. Each of its chunks is a
 * packet. Those of the first recorder are longer, and the answer to a request for one takes 0.8 ms.
 * Rejects if the browser does not record.
 * @param {MediaStream} stream
 * @param {() => void} onArrived
 */
export async function watchFirstPacket(stream, onArrived) {
  const recorder = new MediaRecorder(stream);
  recorder.ondataavailable = ({ data }) => {
    // A recorder that has stopped delivers what is left.
    if (data.size > 0 && recorder.state === "recording") {
      recorder.stop();
      onArrived();
    }
  };
  recorder.start(PACKET_MS);
}
