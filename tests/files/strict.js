// Strict readers, one of which must accept every uploaded file. They run in Node and in pages.

const text = (bytes, at) => String.fromCharCode(...bytes.subarray(at, at + 4));

function ensure(holds, problem) {
  if (!holds) throw new Error(`not a strict file: ${problem}`);
}

/**
 * Returns the 16-bit samples of a WAV file, interleaved, as `{ rate, channels, samples }`. Throws
 * if anything deviates from the standard.
 */
export function strictWav(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  ensure(bytes.length >= 44, "no room for a header");
  ensure(text(bytes, 0) === "RIFF" && text(bytes, 8) === "WAVE", "no RIFF WAVE");
  ensure(view.getUint32(4, true) + 8 === bytes.length, "RIFF size");
  let format;
  let data;
  for (let at = 12; at < bytes.length; ) {
    ensure(at + 8 <= bytes.length, "bytes that are no chunk");
    const [id, size, body] = [text(bytes, at), view.getUint32(at + 4, true), at + 8];
    at = body + size + (size & 1);
    ensure(at <= bytes.length, `${id} passes the end`);
    ensure(/^[ -~]{4}$/.test(id), "a chunk's name");
    if (id === "fmt ") {
      ensure(!format, "two formats");
      ensure(
        size === 16 || (size === 18 && view.getUint16(body + 16, true) === 0),
        "size of the format",
      );
      format = {
        tag: view.getUint16(body, true),
        channels: view.getUint16(body + 2, true),
        rate: view.getUint32(body + 4, true),
        bytesPerSecond: view.getUint32(body + 8, true),
        blockAlign: view.getUint16(body + 12, true),
        bits: view.getUint16(body + 14, true),
      };
    } else if (id === "data") {
      ensure(!data, "two data chunks");
      ensure(format, "data before the format");
      data = bytes.slice(body, body + size);
    }
  }
  ensure(format && data, "no format or no data");
  const { tag, channels, rate, bytesPerSecond, blockAlign, bits } = format;
  ensure(tag === 1 && bits === 16, "16-bit PCM");
  ensure(channels > 0 && blockAlign === channels * 2, "block align");
  ensure(rate >= 8_000 && rate <= 192_000, "rate");
  ensure(bytesPerSecond === rate * blockAlign, "byte rate");
  ensure(data.length > 0 && data.length % blockAlign === 0, "whole frames");
  return { rate, channels, samples: new Int16Array(data.buffer, 0, data.length / 2) };
}

const KBPS = {
  1: [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  2: [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
};

/** Returns the frames of an MP3 file. Throws if there is anything else in the file. */
export function strictMp3(bytes) {
  const frames = [];
  for (let at = 0; at < bytes.length; ) {
    const [sync, kind, rates] = bytes.subarray(at, at + 3);
    ensure(sync === 0xff && (kind & 0xe6) === 0xe2, `no layer III frame at ${at}`);
    const version = (kind >> 3) & 3;
    const rate = [44_100, 48_000, 32_000][(rates >> 2) & 3] / [4, NaN, 2, 1][version];
    const kbps = KBPS[version === 3 ? 1 : 2][rates >> 4];
    ensure(kbps > 0 && rate > 0, `no frame at ${at}`);
    const size = Math.floor(((version === 3 ? 144 : 72) * kbps * 1000) / rate) + ((rates >> 1) & 1);
    ensure(at + size <= bytes.length, "the last frame is cut off");
    frames.push(bytes.subarray(at, at + size));
    at += size;
  }
  ensure(frames.length > 0, "no frames");
  return frames;
}

/** Reads an upload with the strict reader for its format, which its bytes show. */
export const strictly = (bytes) =>
  bytes[0] === 0xff ? { frames: strictMp3(bytes) } : strictWav(bytes);

/**
 * Reads every file that is added to a form from now on with the strict readers. Every upload of the
 * package is such a form, with any `fetch`. Returns a function that waits for all of them and
 * resolves to the problems found.
 */
export function watchForms() {
  const { append } = FormData.prototype;
  const reading = [];
  const problems = [];
  FormData.prototype.append = function (name, value, ...more) {
    if (value instanceof Blob) {
      const read = value.arrayBuffer().then((buffer) => strictly(new Uint8Array(buffer)));
      reading.push(read.catch(({ message }) => problems.push(message)));
    }
    return append.call(this, name, value, ...more);
  };
  return async () => {
    await Promise.all(reading);
    return problems;
  };
}
