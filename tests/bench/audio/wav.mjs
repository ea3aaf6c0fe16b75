// Reads and writes the WAV files that all competitors use.

import { wavHeader } from "../../support/wav.js";

const FLOAT = 3;
const HEADER_BYTES = 44;

/** Creates a file of interleaved samples, `repeats` times, without copies of them in memory. */
export function createWav(samples, { rate, channels, repeats = 1 }) {
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

/** Returns a view of the samples of a file that `createWav` has created. */
export async function readSamples(blob) {
  const buffer = await blob.arrayBuffer();
  const isFloat = new DataView(buffer).getUint16(20, true) === FLOAT;
  return isFloat ? new Float32Array(buffer, HEADER_BYTES) : new Int16Array(buffer, HEADER_BYTES);
}

/** Encodes mono 16-bit PCM as an application would, because the peers do not. */
export function encodeWav(samples, rate) {
  const file = new ArrayBuffer(HEADER_BYTES + samples.length * 2);
  new Uint8Array(file).set(wavHeader({ rate, dataBytes: samples.length * 2 }));
  const out = new Int16Array(file, HEADER_BYTES);
  for (let at = 0; at < samples.length; at++) {
    out[at] = Math.round(Math.max(-1, Math.min(1, samples[at])) * 32_767);
  }
  return new Blob([file], { type: "audio/wav" });
}
