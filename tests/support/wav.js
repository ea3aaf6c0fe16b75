// Writes the WAV files of the tests. Runs in Node, in pages and in workers.

const HEADER_BYTES = 44;
const INTEGER = 1;
const FLOAT = 3;

/**
 * Returns the 44 bytes before `dataBytes` of interleaved samples. `isFloat` decides between
 * integers and floats.
 */
export function wavHeader({ rate = 16_000, channels = 1, bits = 16, isFloat = false, dataBytes }) {
  const header = new DataView(new ArrayBuffer(HEADER_BYTES));
  const frameBytes = (channels * bits) / 8;
  const put = (at, text) => {
    [...text].forEach((letter, n) => {
      header.setUint8(at + n, letter.charCodeAt(0));
    });
  };
  put(0, "RIFF");
  header.setUint32(4, HEADER_BYTES - 8 + dataBytes, true);
  put(8, "WAVEfmt ");
  header.setUint32(16, 16, true);
  header.setUint16(20, isFloat ? FLOAT : INTEGER, true);
  header.setUint16(22, channels, true);
  header.setUint32(24, rate, true);
  header.setUint32(28, rate * frameBytes, true);
  // The field has 16 bits. A frame of more bytes than that wraps around, as hostile files do it.
  header.setUint16(32, frameBytes, true);
  header.setUint16(34, bits, true);
  put(36, "data");
  header.setUint32(40, dataBytes, true);
  return new Uint8Array(header.buffer);
}

/**
 * Returns a file of interleaved samples: an Int16Array as integers, a Float32Array or Float64Array
 * as floats.
 */
export function wavFile(samples, { rate = 16_000, channels = 1 } = {}) {
  const isFloat = !(samples instanceof Int16Array);
  const bits = samples.BYTES_PER_ELEMENT * 8;
  const file = new Uint8Array(HEADER_BYTES + samples.byteLength);
  file.set(wavHeader({ rate, channels, bits, isFloat, dataBytes: samples.byteLength }));
  file.set(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength), HEADER_BYTES);
  return file;
}

const tone = (n) => 8000 * Math.sin(n / 5);

/** Returns a tone of this many samples: 16 kHz, mono, 16 bits, which is sent as it is. */
export function toneWav(samples) {
  return wavFile(Int16Array.from({ length: samples }, (_, n) => tone(n)));
}

/** Returns phrases and pauses by turns, in seconds, the first a phrase. */
export function talkWav(turns, { rate = 16_000, channels = 1 } = {}) {
  const length = turns.reduce((sum, seconds) => sum + seconds * rate, 0) * channels;
  const samples = Int16Array.from({ length }, (_, n) => tone(n));
  let at = 0;
  turns.forEach((seconds, turn) => {
    const end = at + seconds * rate * channels;
    if (turn % 2 === 1) samples.fill(0, at, end);
    at = end;
  });
  return wavFile(samples, { rate, channels });
}

/** Returns a tone of half amplitude: 48 kHz, stereo, floats, which the SDK has to convert. */
export function floatWav(seconds) {
  const rate = 48_000;
  const samples = Float32Array.from(
    { length: rate * seconds * 2 },
    (_, n) => 0.5 * Math.sin(n / 40),
  );
  return wavFile(samples, { rate, channels: 2 });
}
