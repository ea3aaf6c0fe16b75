// WAV files for tests: 16-bit PCM, which the SDK sends as it is.

/** @typedef {{ channels: number, sampleRate: number, data: DataView<ArrayBuffer> }} Pcm */

const HEADER_BYTES = 44;
const SAMPLE_RATE = 16_000;
/** The rate at which the fake AudioContext plays, in Hz. */
const PLAYBACK_RATE = 48_000;
const MIME_TYPE = { type: "audio/wav" };
/**
 * The noise that a microphone records in a quiet room, at -70 dBFS. Voice activity is detected by
 * its level above this noise.
 */
const ROOM_NOISE = Float32Array.from(
  { length: 4_096 },
  (_, n) => 0.000_55 * (((n * n * 7_919) % 4_093) / 2_046.5 - 1),
);

/**
 * Returns the header of a WAV file.
 * @param {number} channels
 * @param {number} sampleRate
 * @param {number} dataBytes
 */
function wavHeader(channels, sampleRate, dataBytes) {
  const view = new DataView(new ArrayBuffer(HEADER_BYTES));
  /** @type {(at: number, text: string) => void} */
  const setText = (at, text) => {
    for (let n = 0; n < text.length; n++) view.setUint8(at + n, text.charCodeAt(n));
  };
  setText(0, "RIFF");
  view.setUint32(4, HEADER_BYTES - 8 + dataBytes, true);
  setText(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * channels * 2, true);
  view.setUint16(32, channels * 2, true);
  view.setUint16(34, 16, true);
  setText(36, "data");
  view.setUint32(40, dataBytes, true);
  return view;
}

/** @type {typeof import("../testing.js").toneWav} */
export function toneWav({ seconds = 1, hertz = 440, amplitude = 0.3 } = {}) {
  const samples = new DataView(new ArrayBuffer(Math.round(seconds * SAMPLE_RATE) * 2));
  for (let n = 0; n < samples.byteLength / 2; n++) {
    const value = amplitude * Math.sin((2 * Math.PI * hertz * n) / SAMPLE_RATE);
    samples.setInt16(n * 2, Math.max(-1, Math.min(1, value)) * 32767, true);
  }
  return new Blob([wavHeader(1, SAMPLE_RATE, samples.byteLength), samples], MIME_TYPE);
}

/** @type {Pcm} */
const SILENCE = { channels: 1, sampleRate: SAMPLE_RATE, data: new DataView(new ArrayBuffer(0)) };

/**
 * The audio of a fake microphone. Only 16-bit WAV is parsed, so that it has levels and can be
 * extended by silence. Any other file is recorded as it is.
 */
export class WavPlayer {
  #bytes;
  #pcm;

  /** @param {Uint8Array<ArrayBuffer>} bytes */
  constructor(bytes) {
    this.#bytes = bytes;
    this.#pcm = parsePcm(bytes);
  }

  /**
   * Fills `block` with the samples up to `seconds`, at 48 kHz.
   * @param {number} seconds
   * @param {Float32Array} block
   */
  play(seconds, block) {
    const { channels, sampleRate, data } = this.#pcm ?? SILENCE;
    const start = seconds - block.length / PLAYBACK_RATE;
    for (let n = 0; n < block.length; n++) {
      const at = Math.floor((start + n / PLAYBACK_RATE) * sampleRate) * channels * 2;
      const sample = at >= 0 && at + 1 < data.byteLength ? data.getInt16(at, true) / 32768 : 0;
      block[n] = sample + (ROOM_NOISE[n % ROOM_NOISE.length] ?? 0);
    }
  }

  /**
   * Returns a file of the whole audio, followed by silence if the recording ran for longer.
   * @param {number} seconds the duration of the recording
   */
  record(seconds) {
    if (!this.#pcm) return new Blob([this.#bytes], MIME_TYPE);
    const { channels, sampleRate, data } = this.#pcm;
    const missingBytes = Math.round(seconds * sampleRate) * channels * 2 - data.byteLength;
    if (missingBytes <= 0) return new Blob([this.#bytes], MIME_TYPE);
    const header = wavHeader(channels, sampleRate, data.byteLength + missingBytes);
    return new Blob([header, data, new Uint8Array(missingBytes)], MIME_TYPE);
  }
}

/**
 * Returns the samples of a 16-bit PCM WAV file, or `undefined` for any other file.
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @returns {Pcm | undefined}
 */
function parsePcm(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  /** @type {(at: number, name: string) => boolean} */
  const hasName = (at, name) =>
    String.fromCharCode(...bytes.subarray(at, at + name.length)) === name;
  if (!hasName(0, "RIFF") || !hasName(8, "WAVE")) return undefined;
  let format;
  for (let at = 12; at + 8 <= view.byteLength; ) {
    const [start, length] = [at + 8, view.getUint32(at + 4, true)];
    if (hasName(at, "fmt ") && start + 16 <= view.byteLength) {
      const [coding, bits] = [view.getUint16(start, true), view.getUint16(start + 14, true)];
      if (coding !== 1 || bits !== 16) return undefined;
      format = {
        channels: view.getUint16(start + 2, true),
        sampleRate: view.getUint32(start + 4, true),
      };
    }
    if (hasName(at, "data") && format) {
      const dataBytes = Math.min(length, view.byteLength - start);
      return { ...format, data: new DataView(view.buffer, view.byteOffset + start, dataBytes) };
    }
    // Chunks start at even offsets.
    at = start + length + (length % 2);
  }
  return undefined;
}
