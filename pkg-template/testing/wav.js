// WAV files for tests: 16-bit PCM, which the SDK takes as it is.

const HEADER_BYTES = 44;
const RATE = 16_000;
/** What a microphone hears of a quiet room, at -70 dBFS; what is told from speech by its level is told from that. */
const HISS = Float32Array.from(
  { length: 4_096 },
  (_, n) => 0.000_55 * (((n * n * 7_919) % 4_093) / 2_046.5 - 1),
);

function header(channels, rate, dataBytes) {
  const bytes = new DataView(new ArrayBuffer(HEADER_BYTES));
  const text = (at, value) =>
    [...value].forEach((letter, index) => bytes.setUint8(at + index, letter.charCodeAt(0)));
  text(0, "RIFF");
  bytes.setUint32(4, HEADER_BYTES - 8 + dataBytes, true);
  text(8, "WAVEfmt ");
  bytes.setUint32(16, 16, true);
  bytes.setUint16(20, 1, true);
  bytes.setUint16(22, channels, true);
  bytes.setUint32(24, rate, true);
  bytes.setUint32(28, rate * channels * 2, true);
  bytes.setUint16(32, channels * 2, true);
  bytes.setUint16(34, 16, true);
  text(36, "data");
  bytes.setUint32(40, dataBytes, true);
  return bytes;
}

/** A tone at 16 kHz, mono; see testing.d.ts. */
export function toneWav({ seconds = 1, hertz = 440, amplitude = 0.3 } = {}) {
  const samples = new DataView(new ArrayBuffer(Math.round(seconds * RATE) * 2));
  for (let n = 0; n < samples.byteLength / 2; n++) {
    const value = amplitude * Math.sin((2 * Math.PI * hertz * n) / RATE);
    samples.setInt16(n * 2, Math.max(-1, Math.min(1, value)) * 32767, true);
  }
  return new Blob([header(1, RATE, samples.byteLength), samples], { type: "audio/wav" });
}

const SILENCE = { channels: 1, rate: RATE, data: new DataView(new ArrayBuffer(0)) };

/** What a microphone plays: the sound of 16-bit WAV can be looked into and continued, anything else is handed on as it is. */
export class Sound {
  #bytes;
  #wav;

  constructor(bytes) {
    this.#bytes = bytes;
    this.#wav = pcmOf(bytes);
  }

  /** Fills `block` with what sounded until `seconds`, at 48 kHz. */
  play(seconds, block) {
    const { channels, rate, data } = this.#wav ?? SILENCE;
    const start = seconds - block.length / 48_000;
    for (let n = 0; n < block.length; n++) {
      const at = Math.floor((start + n / 48_000) * rate) * channels * 2;
      const sample = at >= 0 && at + 1 < data.byteLength ? data.getInt16(at, true) / 32768 : 0;
      block[n] = sample + HISS[n % HISS.length];
    }
  }

  /** As a file, with silence behind it where the recording ran for longer. */
  recording(seconds) {
    const { channels, rate, data } = this.#wav ?? { data: this.#bytes };
    const missing = this.#wav ? Math.round(seconds * rate) * channels * 2 - data.byteLength : 0;
    if (missing <= 0) return new Blob([this.#bytes], { type: "audio/wav" });
    return new Blob(
      [header(channels, rate, data.byteLength + missing), data, new Uint8Array(missing)],
      { type: "audio/wav" },
    );
  }
}

/** The samples of a 16-bit PCM WAV, from a Uint8Array; `undefined` for anything else. */
function pcmOf(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const is = (at, name) => String.fromCharCode(...bytes.subarray(at, at + name.length)) === name;
  if (!is(0, "RIFF") || !is(8, "WAVE")) return undefined;
  let format;
  for (let at = 12; at + 8 <= view.byteLength; ) {
    const [start, length] = [at + 8, view.getUint32(at + 4, true)];
    if (is(at, "fmt ") && start + 16 <= view.byteLength) {
      const [coding, bits] = [view.getUint16(start, true), view.getUint16(start + 14, true)];
      if (coding !== 1 || bits !== 16) return undefined;
      format = { channels: view.getUint16(start + 2, true), rate: view.getUint32(start + 4, true) };
    }
    if (is(at, "data") && format) {
      const data = new DataView(
        view.buffer,
        view.byteOffset + start,
        Math.min(length, view.byteLength - start),
      );
      return { ...format, data };
    }
    // Chunks start at even places.
    at = start + length + (length % 2);
  }
  return undefined;
}
