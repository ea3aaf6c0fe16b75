// What only some pages need: fetched when it is asked for, so that bundlers put
// it into chunks that nobody downloads before.
//
// Rust binds this file instead of those behind it. Its browser tests are served
// only files that are bound; a test binds the pieces that it needs.

/** The lock `name`, as a function that gives it back; see locks.js. */
export async function lock(name, wait) {
  const locks = await import("./locks.js");
  return locks.lock(name, wait);
}

/** The names of all locks that are held; see locks.js. */
export async function heldLocks() {
  const locks = await import("./locks.js");
  return locks.heldLocks();
}

/** A node that posts what the microphone hears; see worklet.js. */
export async function captureNode(context) {
  const worklet = await import("./worklet.js");
  return worklet.captureNode(context);
}

/** A recording to be decoded in a worker; rejects with a WasmLoadError; see demux.js. */
export async function decoding() {
  const { Decoding, loadDemuxer } = await import("./demux.js");
  await loadDemuxer();
  return new Decoding();
}

/** An encoder of mono samples; rejects with a WasmLoadError; see mp3.js. */
export async function mp3Encoder(sampleRate, kbps) {
  const mp3 = await import("./mp3.js");
  return mp3.mp3Encoder(sampleRate, kbps);
}

/** The tabs that use `name`, `undefined` where the browser has nothing to share; see tabs.js. */
export async function tabs(name, places, hear) {
  const { Tabs } = await import("./tabs.js");
  return Tabs.canBeShared() ? new Tabs(name, places, hear) : undefined;
}
