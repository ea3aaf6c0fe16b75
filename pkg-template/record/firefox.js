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
 * Starts a second recorder of the same stream, and calls `start` in the next task, which starts
 * `recorder`. Calls `onArrived` when the second one has encoded a packet. Returns that one, which stops
 * by itself.
 *
 * Firefox delivers sound in steps of 10 ms, and none before the task has ended: started in one task,
 * both would get it 0.6 ms later. Each chunk of the second one is a packet. The chunks of the first one
 * are longer, and the response to a request for one takes 0.8 ms. With chunks of a packet, it needs
 * half as much CPU time again.
 * @param {MediaRecorder} recorder
 * @param {() => void} start
 * @param {() => void} onBroken is called if `start` throws in the next task
 * @param {() => void} onArrived
 */
export function startWatched(recorder, start, onBroken, onArrived) {
  // Before version 142, Firefox has none; it may be the page's. Timers wait for a page that loads.
  const { scheduler } = globalThis;
  if (!scheduler?.postTask) start();
  const watcher = new MediaRecorder(recorder.stream);
  watcher.ondataavailable = ({ data }) => {
    // A busy page may get the packet first. Then another one counts, which the recorder gets too.
    if (data.size === 0 || recorder.state !== "recording") return;
    onArrived();
    watcher.stop();
  };
  watcher.start(PACKET_MS);
  scheduler?.postTask?.(start).catch(onBroken);
  return watcher;
}
