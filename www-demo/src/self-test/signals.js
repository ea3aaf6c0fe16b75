// Generated sounds, and WAV files of them.

/** The bytes of a WAV header without further chunks. */
const HEADER_BYTES = 44;
/** The format codes of WAV. */
const INTEGER_SAMPLES = 1;
const FLOAT_SAMPLES = 3;

/**
 * Returns a sound like a vowel, in syllables of 0.25 s: the SDK takes it for speech.
 * @param {number} seconds
 * @param {number} rate the sample rate, in Hz
 */
export function vowel(seconds, rate) {
  const samples = new Float32Array(Math.round(seconds * rate));
  for (let harmonic = 1; harmonic <= 24; harmonic++) {
    const frequency = 130 * harmonic;
    const gain = 0.12 / (1 + Math.abs(frequency - 700) / 250);
    for (let n = 0; n < samples.length; n++) {
      samples[n] += gain * Math.sin((2 * Math.PI * frequency * n) / rate);
    }
  }
  return samples.map((sample, n) => sample * Math.abs(Math.sin((4 * Math.PI * n) / rate)));
}

/**
 * Returns the sound with silence before and after it.
 * @param {Float32Array} samples
 * @param {number} silentSamples
 */
export function withSilence(samples, silentSamples) {
  const padded = new Float32Array(samples.length + 2 * silentSamples);
  padded.set(samples, silentSamples);
  return padded;
}

/**
 * Returns a mono WAV file with samples of 16 bits.
 * @param {Float32Array} samples
 * @param {number} rate
 */
export function wavOf(samples, rate) {
  const bytes = new DataView(new ArrayBuffer(HEADER_BYTES + 2 * samples.length));
  writeHeader(bytes, { format: INTEGER_SAMPLES, channels: 1, rate, bits: 16 });
  samples.forEach((sample, n) => {
    bytes.setInt16(HEADER_BYTES + 2 * n, Math.round(32767 * sample), true);
  });
  return new Blob([bytes.buffer], { type: "audio/wav" });
}

/**
 * Returns a stereo WAV file with samples of 32-bit floating point, the same in both channels.
 * @param {Float32Array} samples
 * @param {number} rate
 */
export function stereoFloatWavOf(samples, rate) {
  const bytes = new DataView(new ArrayBuffer(HEADER_BYTES + 8 * samples.length));
  writeHeader(bytes, { format: FLOAT_SAMPLES, channels: 2, rate, bits: 32 });
  samples.forEach((sample, n) => {
    bytes.setFloat32(HEADER_BYTES + 8 * n, sample, true);
    bytes.setFloat32(HEADER_BYTES + 8 * n + 4, sample, true);
  });
  return new Blob([bytes.buffer], { type: "audio/wav" });
}

/**
 * Returns the samples of a take in WAV, from -1 to 1.
 * @param {import("thetaone-web").Take} take
 */
export async function samplesOf(take) {
  const buffer = await take.blob.arrayBuffer();
  return Float32Array.from(new Int16Array(buffer, HEADER_BYTES), (sample) => sample / 32768);
}

/**
 * @param {DataView} bytes the whole file
 * @param {{ format: number, channels: number, rate: number, bits: number }} form
 */
function writeHeader(bytes, { format, channels, rate, bits }) {
  const frameBytes = (channels * bits) / 8;
  const text = (offset, characters) => {
    [...characters].forEach((character, n) => {
      bytes.setUint8(offset + n, character.charCodeAt(0));
    });
  };
  text(0, "RIFF");
  bytes.setUint32(4, bytes.byteLength - 8, true);
  text(8, "WAVEfmt ");
  bytes.setUint32(16, 16, true);
  bytes.setUint16(20, format, true);
  bytes.setUint16(22, channels, true);
  bytes.setUint32(24, rate, true);
  bytes.setUint32(28, rate * frameBytes, true);
  bytes.setUint16(32, frameBytes, true);
  bytes.setUint16(34, bits, true);
  text(36, "data");
  bytes.setUint32(40, bytes.byteLength - HEADER_BYTES, true);
}
