// WAV files by property. `speech` are 16-bit samples, mono, at 8 kHz.

import { ascii, concat, filled, int, ints, patched } from "./bytes.mjs";

const RATE = 8_000;

/** Returns a chunk. `size` is the size in its header. */
export function chunk(id, body, { size = body.length, isPadded = true, big = false } = {}) {
  return concat(ascii(id), int(size, 4, big), body, filled(isPadded ? body.length & 1 : 0));
}

export function format({
  tag = 1,
  channels = 1,
  rate = RATE,
  bits = 16,
  blockAlign = channels * Math.ceil(bits / 8),
  byteRate = rate * blockAlign,
  more = [],
  big = false,
} = {}) {
  const field = (value, length) => int(value, length, big);
  return concat(
    field(tag, 2),
    field(channels, 2),
    field(rate, 4),
    field(byteRate % 2 ** 32, 4),
    field(blockAlign % 2 ** 16, 2),
    field(bits, 2),
    Uint8Array.from(more),
  );
}

/** Returns the bytes after the format of an extensible file. */
const extension = (validBits, tag, mask = 0) => [
  ...int(22, 2),
  ...int(validBits, 2),
  ...int(mask, 4),
  ...int(tag, 2),
  ...ascii("\0\0\0\0\x10\0\x80\0\0\xaa\0\x38\x9b\x71"),
];

/** Returns a file of these chunks. */
export function riff(chunks, { id = "RIFF", size, big = false } = {}) {
  const body = concat(ascii("WAVE"), ...chunks);
  return concat(ascii(id), int(size ?? body.length, 4, big), body);
}

const little = (samples) => ints(samples, 2);
const both = (left, right) =>
  Int16Array.from({ length: left.length * 2 }, (_, n) => (n % 2 ? right : left)[n >> 1]);
const negative = (samples, share = 1) => Int16Array.from(samples, (sample) => -sample * share);

/** Returns samples of `bytes` bytes, whose highest `keep` bits are those of `speech`. */
const wide = (speech, bytes, keep = 16) =>
  ints(
    Array.from(
      speech,
      (sample) => BigInt((sample >> (16 - keep)) << (16 - keep)) << BigInt(8 * bytes - 16),
    ),
    bytes,
  );

function floats(speech, Type) {
  const values = Type.from(speech, (sample) => sample / 32768);
  return new Uint8Array(values.buffer);
}

/**
 * Encodes the speech as ITU-T G.711 µ-law. Returns the codes, and the samples that they represent
 * exactly.
 */
function muLaw(speech) {
  const levels = Array.from({ length: 256 }, (_, code) => {
    const bits = ~code & 0xff;
    const magnitude = ((((bits & 15) * 2 + 33) << ((bits >> 4) & 7)) - 33) * 4;
    return bits & 0x80 ? -magnitude : magnitude;
  });
  return nearest(speech, levels);
}

function aLaw(speech) {
  const levels = Array.from({ length: 256 }, (_, code) => {
    const bits = code ^ 0x55;
    const [exponent, mantissa] = [(bits >> 4) & 7, (bits & 15) * 2 + 1];
    const magnitude = (exponent === 0 ? mantissa : (mantissa + 32) << (exponent - 1)) * 8;
    return bits & 0x80 ? magnitude : -magnitude;
  });
  return nearest(speech, levels);
}

function nearest(speech, levels) {
  const sorted = levels.map((level, code) => ({ level, code })).sort((a, b) => a.level - b.level);
  const codes = Array.from(speech, (sample) => {
    let best = sorted[0];
    for (const each of sorted)
      if (Math.abs(each.level - sample) < Math.abs(best.level - sample)) best = each;
    return best;
  });
  return {
    bytes: Uint8Array.from(codes, ({ code }) => code),
    samples: Int16Array.from(codes, ({ level }) => level),
  };
}

const TRUNCATED = ["truncated"];

export function wavFiles(speech) {
  const data = little(speech);
  const exact = chunk("data", data);
  const plain = riff([chunk("fmt ", format()), exact]);
  const total = plain.length;
  const files = [];
  /** Adds a file with the same samples as `plain`, unless others are given. */
  const add = (
    name,
    bytes,
    { samples = speech, rate = RATE, channels = 1, most = 0, warnings } = {},
  ) =>
    files.push({
      name: `WAV, ${name}`,
      bytes,
      expect: { samples, rate, channels, most, warnings },
    });
  const refuse = (name, bytes, reason) =>
    files.push({ name: `WAV, ${name}`, bytes, expect: { refused: reason } });
  const asItIs = (name, bytes) =>
    files.push({ name: `WAV, ${name}`, bytes, expect: { same: true } });

  asItIs("plain", plain);
  asItIs("format of 18 bytes", riff([chunk("fmt ", format({ more: [0, 0] })), exact]));
  for (const id of ["LIST", "JUNK", "bext", "fact", "cue ", "abcd"]) {
    for (const length of [0, 4, 29]) {
      const other = chunk(id, filled(length, 65));
      // FFmpeg and symphonia each reject some of these.
      add(
        `${id} of ${length} bytes before the data`,
        riff([chunk("fmt ", format()), other, exact]),
      );
    }
  }
  add("LIST before the format", riff([chunk("LIST", filled(5)), chunk("fmt ", format()), exact]));
  add("300 kB of LIST", riff([chunk("LIST", filled(300_001)), chunk("fmt ", format()), exact]));
  asItIs(
    "two channels",
    riff([chunk("fmt ", format({ channels: 2 })), chunk("data", little(both(speech, speech)))]),
  );

  for (const size of [
    0,
    4,
    36,
    total - 9,
    total - 7,
    total,
    total + 36,
    2_000_000_000,
    0xffff_ffff,
  ]) {
    add(`RIFF size ${size} of ${total - 8}`, patched(plain, 4, int(size, 4)));
  }
  for (const size of [
    0, 0x7fff_ffff, 0x7fff_f000, 1_000_000_000, 2_000_000_000, 0xffff_ffdb, 0xffff_ffff,
  ]) {
    add(`data size ${size}`, patched(plain, 40, int(size, 4)));
  }
  for (const more of [1, 2, 44, 100])
    add(`data size ${more} too large`, patched(plain, 40, int(data.length + more, 4)));
  for (const more of [2_000, data.length, 900_000_000]) {
    add(`data size ${more} too large`, patched(plain, 40, int(data.length + more, 4)), {
      warnings: TRUNCATED,
    });
  }
  for (const less of [1, 2, 3]) {
    const samples = speech.subarray(0, speech.length - Math.ceil(less / 2));
    add(`data size ${less} too small`, patched(plain, 40, int(data.length - less, 4)), { samples });
  }
  for (const blockAlign of [0, 1, 3, 4, 8, 65_535]) {
    add(`block align ${blockAlign}`, patched(plain, 32, int(blockAlign, 2)));
  }
  for (const byteRate of [0, 1, 8_000, 32_000, 0xffff_ffff])
    add(`byte rate ${byteRate}`, patched(plain, 28, int(byteRate, 4)));
  for (const more of [[22, 0], [0, 0, 0, 0], [1], filled(24)]) {
    add(
      `format of ${16 + more.length} bytes, ${more[0]} first`,
      riff([chunk("fmt ", format({ more })), exact]),
    );
  }
  for (const id of ["LIST", "fact", "JUNK"]) {
    const odd = chunk(id, filled(7, 65), { isPadded: false });
    add(`odd ${id} without padding before the data`, riff([chunk("fmt ", format()), odd, exact]));
    add(`odd ${id} without padding before the format`, riff([odd, chunk("fmt ", format()), exact]));
    for (const next of ["JUNK", "bext", "cue "]) {
      const others = [odd, chunk(next, filled(64)), exact];
      add(`odd ${id} without padding before ${next}`, riff([chunk("fmt ", format()), ...others]));
    }
  }
  for (const [name, tail] of Object.entries({
    "a LIST": chunk("LIST", filled(26)),
    "an odd LIST": chunk("LIST", filled(7)),
    "an unpadded LIST": chunk("LIST", filled(7), { isPadded: false }),
    "an id3": chunk("id3 ", filled(40)),
    "one byte": filled(1),
    "three bytes": filled(3, 7),
    zeros: filled(1_000),
    ID3v1: concat(ascii("TAG"), filled(125)),
    "half of a header": ascii("LIST\x10"),
  })) {
    add(`${name} behind the data`, riff([chunk("fmt ", format()), exact, tail]));
    add(`${name} behind the file`, concat(plain, tail));
  }

  const other = chunk("fmt ", format({ rate: 44_100 }));
  add("two formats", riff([chunk("fmt ", format()), chunk("fmt ", format()), exact]));
  add("two formats that differ", riff([chunk("fmt ", format()), other, exact]));
  add("a format behind the data, too", riff([chunk("fmt ", format()), exact, other]));
  add("two data chunks", riff([chunk("fmt ", format()), exact, chunk("data", filled(100))]));
  add("an empty data chunk first", riff([chunk("fmt ", format()), chunk("data", []), exact]));
  add("data before the format", riff([exact, chunk("fmt ", format())]));
  add(
    "data before the format, and a LIST",
    riff([exact, chunk("LIST", filled(9)), chunk("fmt ", format())]),
  );

  // The highest bits of samples with n bits are kept.
  for (const [bits, bytes] of [
    [9, 2],
    [12, 2],
    [15, 2],
    [16, 3],
    [16, 4],
    [20, 3],
    [24, 3],
    [20, 4],
    [24, 4],
    [32, 4],
  ]) {
    const keep = Math.min(bits, 16);
    const samples = speech.map((sample) => (sample >> (16 - keep)) << (16 - keep));
    const body = wide(speech, bytes, keep);
    for (const isExtensible of [false, true]) {
      const kind = isExtensible ? { tag: 0xfffe, more: extension(bits, 1) } : {};
      const container = isExtensible ? 8 * bytes : bits;
      const name = `${isExtensible ? "extensible, " : ""}${bits} bits in ${bytes} bytes`;
      const fmt = format({ ...kind, bits: container, blockAlign: bytes });
      add(name, riff([chunk("fmt ", fmt), chunk("data", body)]), {
        samples,
        most: bytes > 2 ? 2 : 0,
      });
    }
  }
  const inBlocks = (bits, blockAlign, samples) =>
    riff([
      chunk("fmt ", format({ bits, blockAlign })),
      chunk("data", ints(Array.from(samples), blockAlign)),
    ]);
  const widened = Int32Array.from(speech, (sample) => sample << 8);
  add("24 bits in the low bytes of four", inBlocks(24, 4, widened), { most: 2 });
  const narrowed = Int32Array.from(speech, (sample) => sample >> 8);
  const unsigned = narrowed.map((sample) => sample + 128);
  const raised = narrowed.map((sample) => sample << 8);
  // Nothing tells whether 8 bits in larger blocks have a sign.
  for (const [name, file] of [
    ["16 bits in the low bytes of four", inBlocks(16, 4, speech)],
    ["8 bits in the low byte of two", inBlocks(8, 2, unsigned)],
    ["8 bits in the high byte of two", inBlocks(8, 2, raised)],
  ]) {
    refuse(name, file, "undecodable");
  }
  const tagged = (tag, bits, body, options) => {
    const simple = format({ tag, bits });
    const extensible = format({ tag: 0xfffe, bits, more: extension(bits, tag) });
    add(`format ${tag}, ${bits} bits`, riff([chunk("fmt ", simple), chunk("data", body)]), options);
    add(
      `format ${tag}, ${bits} bits, extensible`,
      riff([chunk("fmt ", extensible), chunk("data", body)]),
      options,
    );
    add(
      `format ${tag}, ${bits} bits, of unknown size`,
      riff([chunk("fmt ", simple), chunk("data", body, { size: 0, isPadded: false })]),
      options,
    );
  };
  const bytes = Uint8Array.from(speech, (sample) => (sample >> 8) + 128);
  const odd = speech.length % 2 ? bytes : bytes.subarray(1);
  tagged(1, 8, odd, { samples: Int16Array.from(odd, (byte) => (byte - 128) << 8) });
  tagged(3, 32, floats(speech, Float32Array), { most: 2 });
  tagged(3, 64, floats(speech, Float64Array), { most: 2 });
  const [a, mu] = [aLaw(speech), muLaw(speech)];
  tagged(6, 8, a.bytes, { samples: a.samples });
  tagged(7, 8, mu.bytes, { samples: mu.samples });

  const swapped = ints(speech, 2, true);
  const big = { big: true };
  const rifx = (fmt, body) =>
    riff([chunk("fmt ", format({ ...fmt, big: true }), big), chunk("data", body, big)], {
      id: "RIFX",
      ...big,
    });
  add("big-endian", rifx({}, swapped));
  add("big-endian, 8 bits", rifx({ bits: 8 }, bytes), {
    samples: Int16Array.from(bytes, (byte) => (byte - 128) << 8),
  });
  add(
    "big-endian, 24 bits",
    rifx(
      { bits: 24 },
      ints(
        Array.from(speech, (sample) => sample << 8),
        3,
        true,
      ),
    ),
    { most: 2 },
  );
  const ds64 = chunk("ds64", concat(int(total + 28, 8), int(data.length, 8), filled(12)));
  for (const id of ["RF64", "BW64"]) {
    const unknown = chunk("data", data, { size: 0xffff_ffff });
    add(`${id}`, riff([ds64, chunk("fmt ", format()), unknown], { id, size: 0xffff_ffff }));
    add(
      `${id} without its sizes`,
      riff([chunk("fmt ", format()), unknown], { id, size: 0xffff_ffff }),
    );
    add(`${id} with sizes of 32 bits`, riff([ds64, chunk("fmt ", format()), exact], { id }));
  }
  for (const length of [0, 300, 300_000]) {
    add(`${length} bytes of ID3 before it`, concat(id3v2(length), plain));
    add(
      `ID3 of ${length} bytes and float`,
      concat(
        id3v2(length),
        riff([
          chunk("fmt ", format({ tag: 3, bits: 32 })),
          chunk("data", floats(speech, Float32Array)),
        ]),
      ),
      { most: 2 },
    );
  }

  for (const rate of [0, 1, 4_000, 7_999, 192_001, 1_000_000_000, 0xffff_ffff]) {
    refuse(`${rate} Hz`, riff([chunk("fmt ", format({ rate })), exact]), "undecodable");
    refuse(
      `${rate} Hz, 8 bits`,
      riff([chunk("fmt ", format({ rate, bits: 8 })), chunk("data", bytes)]),
      "undecodable",
    );
    refuse(
      `${rate} Hz, float`,
      riff([
        chunk("fmt ", format({ rate, tag: 3, bits: 32 })),
        chunk("data", floats(speech, Float32Array)),
      ]),
      "undecodable",
    );
  }
  for (const times of [1, 2, 6, 24]) {
    const slow = Int16Array.from(
      { length: speech.length * times },
      (_, n) => speech[Math.floor(n / times)],
    );
    asItIs(
      `${RATE * times} Hz`,
      riff([chunk("fmt ", format({ rate: RATE * times })), chunk("data", little(slow))]),
    );
  }
  refuse(
    "no channels",
    riff([chunk("fmt ", format({ channels: 0, blockAlign: 2 })), exact]),
    "undecodable",
  );

  const silence = speech.map(() => 0);
  const half = speech.map((sample, n) => (n < speech.length / 2 ? sample : -sample));
  for (const [name, left, right, samples] of [
    ["inverted", speech, negative(speech), speech],
    ["inverted, and half as loud", negative(speech, 0.5), speech, speech],
    ["inverted in its second half", speech, half, speech],
    ["silent on the right", speech, silence, speech],
    ["silent on the left", silence, speech, speech],
  ]) {
    const frames = both(left, right);
    const fmt = { channels: 2 };
    add(
      `two channels, ${name}`,
      riff([chunk("fmt ", format(fmt)), chunk("data", little(frames))]),
      { samples },
    );
    add(
      `two channels of float, ${name}`,
      riff([
        chunk("fmt ", format({ ...fmt, tag: 3, bits: 32 })),
        chunk("data", floats(frames, Float32Array)),
      ]),
      { samples, most: 2 },
    );
    add(
      `two channels of unknown length, ${name}`,
      riff([chunk("fmt ", format(fmt)), chunk("data", little(frames), { size: 0 })]),
      { samples },
    );
  }
  const six = (...channels) =>
    Int16Array.from({ length: speech.length * 6 }, (_, n) => channels[n % 6][Math.floor(n / 6)]);
  const surround = (name, frames) =>
    add(name, riff([chunk("fmt ", format({ channels: 6 })), chunk("data", little(frames))]), {
      samples: speech,
    });
  surround(
    "six channels, one of them speaking",
    six(silence, silence, speech, silence, silence, silence),
  );
  surround(
    "six channels, two of them inverted",
    six(speech, negative(speech), silence, silence, silence, silence),
  );

  for (const bytes of [13, 20, 35, 36, 43, 44])
    refuse(`cut after ${bytes} bytes`, plain.subarray(0, bytes), "truncated");
  for (const share of [0.3, 0.5, 0.8]) {
    const samples = speech.subarray(0, Math.floor(speech.length * share));
    const end = 44 + samples.length * 2;
    add(`cut at ${share * 100} %`, plain.subarray(0, end), { samples, warnings: TRUNCATED });
    add(`cut at ${share * 100} %, within a sample`, plain.subarray(0, end + 1), {
      samples,
      warnings: TRUNCATED,
    });
  }
  refuse("no data chunk", riff([chunk("fmt ", format())]), "undecodable");
  refuse("an empty data chunk", riff([chunk("fmt ", format()), chunk("data", [])]), "empty");
  refuse("no format", riff([exact]), "undecodable");
  refuse(
    "a format of 14 bytes",
    riff([chunk("fmt ", format().subarray(0, 14)), exact]),
    "undecodable",
  );
  return files;
}

/** Returns an ID3v2.3 tag with a body of this many bytes. */
export function id3v2(length, filling = filled(length)) {
  const size = [21, 14, 7, 0].map((shift) => (length >> shift) & 0x7f);
  return concat(ascii("ID3\x03\0\0"), Uint8Array.from(size), filling);
}
