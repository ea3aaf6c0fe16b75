// Pieces of wasm beside the core, fetched by those who need them. Apart from platform.js, whose modules come back to the
// audio: of two that ask for each other, Parcel (2.16) loses one in workers.

/** A recording to be taken apart and decoded; rejects with a WasmLoadError; see demux.js. */
export async function decoding(container, totalBytes, read) {
  const { Decoding } = await import("./demux.js");
  return Decoding.open(container, totalBytes, read);
}

/** An encoder of mono samples; rejects with a WasmLoadError; see mp3.js. */
export async function mp3Encoder(sampleRate, kbps) {
  const mp3 = await import("./mp3.js");
  return mp3.mp3Encoder(sampleRate, kbps);
}
