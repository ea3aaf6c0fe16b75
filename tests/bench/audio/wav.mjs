// Reads and writes the WAV files that all competitors use.

const PCM = 1;
const FLOAT = 3;
const HEADER_BYTES = 44;

/** Creates a file of interleaved samples, `repeats` times, without copies of them in memory. */
export function createWav(samples, { rate, channels, repeats = 1 }) {
  const tag = samples instanceof Float32Array ? FLOAT : PCM;
  const header = wavHeader(
    tag,
    rate,
    channels,
    samples.BYTES_PER_ELEMENT,
    samples.byteLength * repeats,
  );
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
  new Uint8Array(file).set(wavHeader(PCM, rate, 1, 2, samples.length * 2));
  const out = new Int16Array(file, HEADER_BYTES);
  for (let at = 0; at < samples.length; at++) {
    out[at] = Math.round(Math.max(-1, Math.min(1, samples[at])) * 32_767);
  }
  return new Blob([file], { type: "audio/wav" });
}

function wavHeader(tag, rate, channels, sampleBytes, dataBytes) {
  const header = new DataView(new ArrayBuffer(HEADER_BYTES));
  const text = (at, letters) =>
    [...letters].forEach((letter, i) => header.setUint8(at + i, letter.charCodeAt(0)));
  text(0, "RIFF");
  header.setUint32(4, dataBytes + HEADER_BYTES - 8, true);
  text(8, "WAVEfmt ");
  header.setUint32(16, 16, true);
  header.setUint16(20, tag, true);
  header.setUint16(22, channels, true);
  header.setUint32(24, rate, true);
  header.setUint32(28, rate * channels * sampleBytes, true);
  header.setUint16(32, channels * sampleBytes, true);
  header.setUint16(34, sampleBytes * 8, true);
  text(36, "data");
  header.setUint32(40, dataBytes, true);
  return new Uint8Array(header.buffer);
}
