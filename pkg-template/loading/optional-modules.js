// Pieces of wasm beside the core, fetched by those who need them. Apart from lazy-features.js, whose modules come back to the
// audio: of two that ask for each other, Parcel (2.16) loses one in workers.

/** Resolves to the loaded webcodecs-decoder.js, which takes recordings apart and decodes them; rejects with a WasmLoadError. */
export async function demuxing() {
  const demux = await import("../prepare/webcodecs-decoder.js");
  await demux.loadDemuxer();
  return demux;
}

/** An encoder of mono samples; rejects with a WasmLoadError; see mp3.js. */
export async function mp3Encoder(sampleRate, kbps) {
  const mp3 = await import("./mp3-encoder.js");
  return mp3.mp3Encoder(sampleRate, kbps);
}
