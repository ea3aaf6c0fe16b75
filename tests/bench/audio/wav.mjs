// WAV files as every contender gets and gives them.

import { wavHeader } from "../../support/wav.js";

const FLOAT = 3;
const HEADER_BYTES = 44;

/** Interleaved samples in a file; `repeats` says how often, without a copy of them in memory. */
export function wavOf(samples, { rate, channels, repeats = 1 }) {
  const isFloat = samples instanceof Float32Array;
  const bits = samples.BYTES_PER_ELEMENT * 8;
  const header = wavHeader({
    rate,
    channels,
    bits,
    isFloat,
    dataBytes: samples.byteLength * repeats,
  });
  const part = new Blob([samples]);
  return new Blob([header, ...Array(repeats).fill(part)], { type: "audio/wav" });
}

/** The samples of a file that [`wavOf`] has made, as a view. */
export async function samplesOf(blob) {
  const buffer = await blob.arrayBuffer();
  const isFloat = new DataView(buffer).getUint16(20, true) === FLOAT;
  return isFloat ? new Float32Array(buffer, HEADER_BYTES) : new Int16Array(buffer, HEADER_BYTES);
}

/** What the peers lack, written as an application would: mono 16-bit PCM. */
export function encoded(samples, rate) {
  const file = new ArrayBuffer(HEADER_BYTES + samples.length * 2);
  new Uint8Array(file).set(wavHeader({ rate, dataBytes: samples.length * 2 }));
  const out = new Int16Array(file, HEADER_BYTES);
  for (let at = 0; at < samples.length; at++) {
    out[at] = Math.round(Math.max(-1, Math.min(1, samples[at])) * 32_767);
  }
  return new Blob([file], { type: "audio/wav" });
}
