// Notices when a microphone delivers its first samples.

/**
 * Calls `onArrived` when `stream` delivers samples. Rejects if the browser cannot read them. Chromium
 * can, and its recorder delivers the first chunk 60 ms later.
 * @param {MediaStream} stream
 * @param {() => void} onArrived
 */
export async function watchFirstSamples(stream, onArrived) {
  const [track] = stream.getAudioTracks();
  const processor = new MediaStreamTrackProcessor({ track, maxBufferSize: 1 });
  const reader = processor.readable.getReader();
  const { value } = await reader.read();
  if (value) onArrived();
  value?.close();
  await reader.cancel();
}
