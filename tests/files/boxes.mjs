// Small writers of containers, and readers of the fixtures, with which tests create awkward files.

const ascii = (text) => Buffer.from(text, "latin1");

/** Big-endian numbers of `size` bytes each, or all of those in an array. */
export function be(size, ...numbers) {
  const values = typeof numbers[0] === "object" ? numbers[0] : numbers;
  const bytes = Buffer.alloc(size * values.length);
  values.forEach((value, index) => {
    let rest = BigInt.asUintN(size * 8, BigInt(value));
    for (let at = size - 1; at >= 0; at--) {
      bytes[index * size + at] = Number(rest & 0xffn);
      rest >>= 8n;
    }
  });
  return bytes;
}

export function le(size, ...values) {
  const bytes = be(size, ...values);
  for (let at = 0; at < bytes.length; at += size) bytes.subarray(at, at + size).reverse();
  return bytes;
}

// Ogg

function crc32(page) {
  let sum = 0;
  for (const byte of page) {
    sum ^= byte << 24;
    for (let bit = 0; bit < 8; bit++) sum = (sum << 1) ^ (sum < 0 ? 0x04c11db7 : 0);
  }
  return sum >>> 0;
}

/** The pages of an Ogg file: `{ flags, position, serial, sequence, segments, body }`. */
export function oggPages(bytes) {
  const pages = [];
  for (let at = 0; at + 27 <= bytes.length; ) {
    const count = bytes[at + 26];
    const segments = bytes.subarray(at + 27, at + 27 + count);
    const size = segments.reduce((sum, segment) => sum + segment, 0);
    const body = bytes.subarray(at + 27 + count, at + 27 + count + size);
    pages.push({
      flags: bytes[at + 5],
      position: bytes.readBigInt64LE(at + 6),
      serial: bytes.readUInt32LE(at + 14),
      sequence: bytes.readUInt32LE(at + 18),
      segments,
      body,
    });
    at += 27 + count + size;
  }
  return pages;
}

/** An Ogg file of pages; `sum` changes the checksum that is written. */
export function ogg(pages, sum = (right) => right) {
  return Buffer.concat(
    pages.map(({ flags, position, serial, sequence, segments, body }) => {
      const head = [
        ascii("OggS\0"),
        be(1, flags),
        le(8, position),
        le(4, serial, sequence, 0),
        be(1, segments.length),
      ];
      const page = Buffer.concat([...head, segments, body]);
      page.writeUInt32LE(sum(crc32(page)) >>> 0, 22);
      return page;
    }),
  );
}

// MP4

export const box = (name, ...content) => {
  const all = Buffer.concat(content);
  return Buffer.concat([be(4, all.length + 8), ascii(name), all]);
};
const full = (name, flags, ...content) => box(name, be(4, flags), ...content);

/** The boxes in bytes, by name: the content of each. */
export function boxes(bytes) {
  const found = {};
  for (let at = 0; at + 8 <= bytes.length; ) {
    const size = bytes.readUInt32BE(at);
    const name = bytes.toString("latin1", at + 4, at + 8);
    found[name] ??= [];
    found[name].push(bytes.subarray(at + 8, at + size));
    at += size;
  }
  return found;
}

/** The packets of an MP4 with one track and one chunk after another, by its tables. */
export function mp4Packets(bytes) {
  const inside = (content, ...names) =>
    names.reduce((inner, name) => boxes(inner)[name][0], content);
  const table = inside(bytes, "moov", "trak", "mdia", "minf", "stbl");
  const { stsz, stco, stsc, stsd } = boxes(table);
  const count = stsz[0].readUInt32BE(8);
  const sizes = Array.from({ length: count }, (_, index) => stsz[0].readUInt32BE(12 + 4 * index));
  const packets = [];
  for (let chunk = 0, entry = 0; chunk < stco[0].readUInt32BE(4); chunk++) {
    while (
      entry + 1 < stsc[0].readUInt32BE(4) &&
      stsc[0].readUInt32BE(8 + 12 * (entry + 1)) <= chunk + 1
    )
      entry++;
    let at = stco[0].readUInt32BE(8 + 4 * chunk);
    for (let n = stsc[0].readUInt32BE(12 + 12 * entry); n > 0 && packets.length < count; n--) {
      const size = sizes[packets.length];
      packets.push(bytes.subarray(at, at + size));
      at += size;
    }
  }
  return { packets, entry: stsd[0].subarray(8) };
}

/** Returns a sound description of version 0, followed by `children`. */
export const soundEntry = (name, { rate, channels = 1, bits = 16 }, ...children) =>
  box(
    name,
    be(4, 0),
    be(2, 0, 1),
    be(4, 0, 0),
    be(2, channels, bits, 0, 0),
    be(4, rate * 65_536),
    ...children,
  );

/** Returns an elementary stream descriptor of this object type. `config` may be empty. */
export function esds(objectType, config = Buffer.alloc(0)) {
  const tag = (number, ...content) => {
    const all = Buffer.concat(content);
    return Buffer.concat([be(1, number, all.length), all]);
  };
  const specific = config.length > 0 ? [tag(5, config)] : [];
  const decoder = tag(4, be(1, objectType, 0x15), be(3, 0), be(4, 0, 0), ...specific);
  return full("esds", 0, tag(3, be(2, 1), be(1, 0), decoder, tag(6, be(1, 2))));
}

/** An edit list: `{ time, duration }` in ticks of the media and milliseconds. */
const edits = (list) =>
  box(
    "edts",
    full(
      "elst",
      0,
      be(4, list.length),
      ...list.map(({ time, duration }) => be(4, duration, time, 0x10000)),
    ),
  );

/**
 * Returns an MP4 of one track, with the index at its start or end, and with or without an edit
 * list. `fixedBytes` is the size of every sample, if all have the same size.
 */
export function mp4(
  packets,
  { entry, scale, ticks, edit, isIndexBehind = false, fixedBytes, extra = [] },
) {
  const count = fixedBytes
    ? packets.reduce((sum, { length }) => sum + length, 0) / fixedBytes
    : packets.length;
  const data = Buffer.concat(packets);
  const ftyp = box("ftyp", ascii("isom"), be(4, 512), ascii("isommp42"));
  const milliseconds = Math.round((count * ticks * 1_000) / scale);
  const index = (start) => {
    const tables = box(
      "stbl",
      full("stsd", 0, be(4, 1), entry),
      full("stts", 0, be(4, 1, count, ticks)),
      full("stsc", 0, be(4, 1, 1, count, 1)),
      full(
        "stsz",
        0,
        be(4, fixedBytes ?? 0, count),
        be(4, fixedBytes ? [] : packets.map(({ length }) => length)),
      ),
      full("stco", 0, be(4, 1, start)),
    );
    const media = box(
      "mdia",
      full("mdhd", 0, be(4, 0, 0, scale, count * ticks), be(2, 0x55c4, 0)),
      full("hdlr", 0, be(4, 0), ascii("soun"), be(4, 0, 0, 0), ascii("\0")),
      box("minf", full("smhd", 0, be(4, 0)), tables),
    );
    const header = full("tkhd", 3, be(4, 0, 0, 1, 0, milliseconds), Buffer.alloc(60));
    const trak = box("trak", header, ...(edit ? [edits(edit)] : []), media);
    return box(
      "moov",
      full("mvhd", 0, be(4, 0, 0, 1_000, milliseconds), Buffer.alloc(80)),
      trak,
      ...extra,
    );
  };
  const mdat = box("mdat", data);
  if (isIndexBehind) return Buffer.concat([ftyp, mdat, index(ftyp.length + 8)]);
  return Buffer.concat([ftyp, index(ftyp.length + index(0).length + 8), mdat]);
}

// Matroska

const sized = (size) => {
  for (let width = 1; width <= 8; width++) {
    if (size < 2 ** (7 * width) - 1) return be(width, BigInt(size) | (1n << BigInt(7 * width)));
  }
};
/** An element: its identifier in hexadecimal, and its content. */
export const element = (identifier, ...content) => {
  const all = Buffer.concat(content);
  return Buffer.concat([Buffer.from(identifier, "hex"), sized(all.length), all]);
};
const double = (value) => {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes;
};

/**
 * Returns a Matroska file of one track, with a cluster for every `perCluster` packets of `ms`
 * milliseconds each.
 */
export function matroska(packets, options) {
  const {
    codec,
    rate,
    channels = 1,
    bits,
    codecPrivate,
    ms,
    durationMs,
    extra = [],
    perCluster = 50,
  } = options;
  const audio = [element("b5", double(rate)), element("9f", be(1, channels))];
  if (bits) audio.push(element("6264", be(1, bits)));
  const track = [
    element("d7", be(1, 1)),
    element("73c5", be(1, 1)),
    element("83", be(1, 2)),
    element("86", ascii(codec)),
  ];
  if (codecPrivate) track.push(element("63a2", codecPrivate));
  const info = [element("2ad7b1", be(4, 1_000_000))];
  if (durationMs) info.push(element("4489", double(durationMs)));
  const clusters = [];
  for (let first = 0; first < packets.length; first += perCluster) {
    const blocks = packets
      .slice(first, first + perCluster)
      .map((packet, index) =>
        element("a3", be(1, 0x81), be(2, Math.round(index * ms)), be(1, 0x80), packet),
      );
    clusters.push(element("1f43b675", element("e7", be(8, Math.round(first * ms))), ...blocks));
  }
  return Buffer.concat([
    element(
      "1a45dfa3",
      element("4282", ascii("matroska")),
      element("4287", be(1, 4)),
      element("4285", be(1, 2)),
    ),
    element(
      "18538067",
      element("1549a966", ...info),
      element("1654ae6b", element("ae", ...track, element("e1", ...audio))),
      ...extra,
      ...clusters,
    ),
  ]);
}

// FLAC

const crc = (bits, polynomial) => (bytes) => {
  let sum = 0;
  const top = 1 << (bits - 1);
  for (const byte of bytes) {
    sum ^= byte << (bits - 8);
    for (let bit = 0; bit < 8; bit++) sum = sum & top ? (sum << 1) ^ polynomial : sum << 1;
  }
  return sum & (2 ** bits - 1);
};
const crc8 = crc(8, 0x07);
const crc16 = crc(16, 0x8005);
const RATE_BITS = { 8000: 4, 16000: 5, 22050: 6, 24000: 7, 32000: 8, 44100: 9, 48000: 10 };

/**
 * Returns a mono FLAC of uncompressed 16-bit samples, in frames of 4,096. Its header claims `total`
 * samples.
 */
export function flac(samples, rate, total = samples.length) {
  const info = Buffer.concat([
    be(2, 4_096, 4_096),
    be(3, 0, 0),
    be(8, (BigInt(rate) << 44n) | (15n << 36n) | BigInt(total)),
    Buffer.alloc(16),
  ]);
  return Buffer.concat([
    ascii("fLaC"),
    be(1, 0x80),
    be(3, info.length),
    info,
    ...flacFrames(samples, rate),
  ]);
}

export function flacFrames(samples, rate) {
  const frames = [];
  for (let at = 0; at < samples.length; at += 4_096) {
    const block = samples.subarray(at, at + 4_096);
    const number = at / 4_096;
    const coded = number < 128 ? be(1, number) : be(1, 0xc0 | (number >> 6), 0x80 | (number & 63));
    const head = Buffer.concat([
      be(2, 0xfff8),
      be(1, 0x70 | RATE_BITS[rate], 0x08),
      coded,
      be(2, block.length - 1),
    ]);
    const frame = Buffer.concat([head, be(1, crc8(head)), be(1, 0x02), be(2, block)]);
    frames.push(Buffer.concat([frame, be(2, crc16(frame))]));
  }
  return frames;
}

// WAVE

/** Returns a WAVE with this format tag, `extra` after the format, and `data`. */
export function wave(
  tag,
  { rate, channels = 1, bits = 0, align = 1 },
  data,
  extra = Buffer.alloc(0),
) {
  const format = Buffer.concat([
    le(2, tag, channels),
    le(4, rate, (rate * align) >>> 0),
    le(2, align, bits, extra.length),
    extra,
  ]);
  const chunk = (name, content) =>
    Buffer.concat([ascii(name), le(4, content.length), content, Buffer.alloc(content.length % 2)]);
  const body = Buffer.concat([ascii("WAVE"), chunk("fmt ", format), chunk("data", data)]);
  return Buffer.concat([ascii("RIFF"), le(4, body.length), body]);
}

// Frames

export function adtsFrames(bytes) {
  const frames = [];
  for (let at = 0; at + 7 <= bytes.length; ) {
    const size = ((bytes[at + 3] & 3) << 11) | (bytes[at + 4] << 3) | (bytes[at + 5] >> 5);
    frames.push(bytes.subarray(at, at + size));
    at += size;
  }
  return frames;
}

const KBPS = [
  [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
];

/** The frames of an MP3 without tags: `{ frames, rate, samples }`. */
export function mp3Frames(bytes) {
  const version = (bytes[1] >> 3) & 3;
  const rate = [44_100, 48_000, 32_000][(bytes[2] >> 2) & 3] >> { 3: 0, 2: 1, 0: 2 }[version];
  const samples = version === 3 ? 1_152 : 576;
  const frames = [];
  for (let at = 0; at + 4 <= bytes.length && bytes[at] === 0xff; ) {
    const kbps = KBPS[version === 3 ? 0 : 1][bytes[at + 2] >> 4];
    const size = Math.floor(((samples / 8) * kbps * 1_000) / rate) + ((bytes[at + 2] >> 1) & 1);
    frames.push(bytes.subarray(at, at + size));
    at += size;
  }
  return { frames, rate, samples };
}
