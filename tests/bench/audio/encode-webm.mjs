// Encodes a recording like that of Chromium's MediaRecorder, Opus in WebM, but faster than real
// time.

const BITS_PER_SECOND = 128_000;
const BLOCK_SECONDS = 0.1;
// The time of a block is relative to its cluster, in milliseconds with 16 bits.
const CLUSTER_MS = 5_000;

/** Encodes mono samples. */
export async function encodeWebm(samples, rate) {
  const packets = [];
  let head;
  const encoder = new AudioEncoder({
    output(chunk, metadata) {
      head ??= metadata?.decoderConfig?.description;
      const data = new Uint8Array(chunk.byteLength);
      chunk.copyTo(data);
      packets.push({ ms: Math.round(chunk.timestamp / 1_000), data });
    },
    error(error) {
      throw error;
    },
  });
  encoder.configure({
    codec: "opus",
    sampleRate: rate,
    numberOfChannels: 1,
    bitrate: BITS_PER_SECOND,
  });
  const block = rate * BLOCK_SECONDS;
  for (let at = 0; at < samples.length; at += block) {
    const data = samples.slice(at, at + block);
    const timestamp = Math.round((at / rate) * 1e6);
    const audio = new AudioData({
      format: "f32",
      sampleRate: rate,
      numberOfFrames: data.length,
      numberOfChannels: 1,
      timestamp,
      data,
    });
    encoder.encode(audio);
    audio.close();
  }
  await encoder.flush();
  encoder.close();
  return new Blob([webm(packets, new Uint8Array(head), rate)], { type: "audio/webm;codecs=opus" });
}

// Writes the elements of RFC 9559 (Matroska), of which WebM is a subset.
function webm(packets, codecPrivate, rate) {
  const text = (value) => new TextEncoder().encode(value);
  const header = element(
    [0x1a, 0x45, 0xdf, 0xa3],
    element([0x42, 0x82], text("webm")),
    element([0x42, 0x87], [4]),
    element([0x42, 0x85], [2]),
  );
  const millisecond = element([0x2a, 0xd7, 0xb1], number(1_000_000));
  const info = element(
    [0x15, 0x49, 0xa9, 0x66],
    millisecond,
    element([0x4d, 0x80], text("bench")),
    element([0x57, 0x41], text("bench")),
  );
  const hertz = new Uint8Array(8);
  new DataView(hertz.buffer).setFloat64(0, rate);
  const track = element(
    [0xae],
    element([0xd7], [1]),
    element([0x73, 0xc5], [1]),
    element([0x83], [2]),
    element([0x86], text("A_OPUS")),
    element([0x63, 0xa2], codecPrivate),
    element([0xe1], element([0xb5], hertz), element([0x9f], [1])),
  );
  const tracks = element([0x16, 0x54, 0xae, 0x6b], track);
  return concat([header, element([0x18, 0x53, 0x80, 0x67], info, tracks, ...clusters(packets))]);
}

function clusters(packets) {
  const groups = Map.groupBy(packets, ({ ms }) => Math.floor(ms / CLUSTER_MS) * CLUSTER_MS);
  return [...groups].map(([start, group]) => {
    const blocks = group.map(({ ms, data }) => {
      const time = ms - start;
      // Track 1; every packet is a key frame.
      return element([0xa3], [0x81, time >> 8, time & 0xff, 0x80], data);
    });
    return element([0x1f, 0x43, 0xb6, 0x75], element([0xe7], number(start)), ...blocks);
  });
}

function element(id, ...payload) {
  const size = payload.reduce((sum, part) => sum + part.length, 0);
  // Writes every size with eight bytes, which the first byte states.
  const length = new DataView(new ArrayBuffer(8));
  length.setBigUint64(0, BigInt(size));
  length.setUint8(0, 0x01);
  return concat([id, new Uint8Array(length.buffer), ...payload]);
}

function number(value) {
  const bytes = new DataView(new ArrayBuffer(4));
  bytes.setUint32(0, value);
  return new Uint8Array(bytes.buffer);
}

function concat(parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
