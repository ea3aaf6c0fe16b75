// Pieces of wasm beside the core, fetched by those who need them. Apart from platform.js, whose modules come back to the
// audio: of two that ask for each other, Parcel (2.16) loses one in workers.

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
