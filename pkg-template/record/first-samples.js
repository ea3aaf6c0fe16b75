// Notices when a microphone delivers its first samples.

/**
 * Calls `onArrived` when `stream` delivers samples, if the browser tells it: Chromium does, and its
 * recorder delivers the first chunk 60 ms later. Returns a function that ends the wait.
 * @param {MediaStream} stream
 * @param {() => void} onArrived
 */
export function watchFirstSamples(stream, onArrived) {
  /** @type {ReadableStreamDefaultReader<AudioData> | undefined} */
  let reader;
  const stop = () => void reader?.cancel().catch(() => {});
  try {
    const [track] = stream.getAudioTracks();
    reader = new MediaStreamTrackProcessor({ track, maxBufferSize: 1 }).readable.getReader();
    reader.read().then(({ value }) => {
      value?.close();
      stop();
      if (value) onArrived();
    }, stop);
  } catch {
    // Firefox and WebKit have no such processor, and simulated tracks cannot be read.
  }
  return stop;
}
