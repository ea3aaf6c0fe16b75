// Files that are neither WAV nor MP3, or whose coding not every browser can decode.

import { ascii, concat, filled, int, ints } from "./bytes.mjs";
import { chunk, format, riff } from "./wavs.mjs";

/** The expectation of a file that is refused for `reason`, unless the browser can decode it. */
const unless = (seconds, reason) => ({
  window: { about: seconds, refused: reason },
  worker: { about: seconds, refused: reason },
  node: { refused: reason },
});

export function strangers(speech) {
  const seconds = speech.length / 8_000;
  const little = ints(speech, 2);
  const big = ints(speech, 2, true);
  const plain = riff([chunk("fmt ", format()), chunk("data", little)]);
  const wide = Array.from(speech, (sample) => sample / 32_768);
  const noise = Uint8Array.from(
    { length: 50_000 },
    (_, n) => (Math.imul(n + 1, 2_654_435_761) >>> 13) & 0xff,
  );
  const aiff = concat(
    ascii("COMM"),
    int(18, 4, true),
    int(1, 2, true),
    int(speech.length, 4, true),
    int(16, 2, true),
    // 8,000 as an extended float of 80 bits.
    Uint8Array.from([0x40, 0x0b, 0xfa, 0, 0, 0, 0, 0, 0, 0]),
    ascii("SSND"),
    int(8 + big.length, 4, true),
    filled(8),
    big,
  );
  const guid = (id) =>
    concat(
      ascii(id),
      Uint8Array.from([0xf3, 0xac, 0xd3, 0x11, 0x8c, 0xd1, 0, 0xc0, 0x4f, 0x8e, 0xdb, 0x8a]),
    );
  const riffGuid = concat(
    ascii("riff"),
    Uint8Array.from([0x2e, 0x91, 0xcf, 0x11, 0xa5, 0xd6, 0x28, 0xdb, 4, 0xc1, 0, 0]),
  );
  const w64 = concat(
    guid("wave"),
    guid("fmt "),
    int(40, 8),
    format(),
    guid("data"),
    int(24 + little.length, 8),
    little,
  );
  const quiet = ints(
    wide.map((sample) => Math.round(sample * 6)),
    2,
  );

  const unsupported = {
    AU: concat(ascii(".snd"), ints([24, big.length, 3, 8_000, 1], 4, true), big),
    AIFF: concat(ascii("FORM"), int(4 + aiff.length, 4, true), ascii("AIFF"), aiff),
    Wave64: concat(riffGuid, int(24 + w64.length, 8), w64),
    AMR: concat(ascii("#!AMR\n"), ...Array(50).fill(concat(Uint8Array.from([0x3c]), filled(31)))),
    CAF: concat(ascii("caff"), int(0x1_0000, 4, true), ascii("desc"), int(32, 8, true), filled(32)),
    WMA: concat(
      Uint8Array.from([
        0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11, 0xa6, 0xd9, 0, 0xaa, 0, 0x62, 0xce, 0x6c,
      ]),
      filled(2_000, 3),
    ),
    MIDI: concat(
      ascii("MThd"),
      int(6, 4, true),
      int(0, 2, true),
      int(1, 2, true),
      int(96, 2, true),
    ),
  };
  for (const [tag, bits] of [
    [2, 4],
    [0x11, 4],
    [0x31, 0],
    [0xff, 16],
    [0x161, 16],
    [0xf1ac, 16],
    [1, 64],
    [3, 16],
    [0xfffe, 16],
    [0, 16],
    [0xffff, 16],
  ]) {
    unsupported[`WAV of format ${tag}, ${bits} bits`] = riff([
      chunk("fmt ", format({ tag, bits, blockAlign: 2 })),
      chunk("data", noise.subarray(0, 8_000)),
    ]);
  }
  const unknown = {
    "16-bit samples without a header": little,
    "quiet samples without a header": quiet,
    "big-endian samples without a header": big,
    "8-bit samples without a header": Uint8Array.from(speech, (sample) => (sample >> 8) + 128),
    "float samples without a header": new Uint8Array(Float32Array.from(wide).buffer),
    "a WAV in lower case": concat(
      ascii("riff"),
      plain.subarray(4, 8),
      ascii("wave"),
      plain.subarray(12),
    ),
    "a WAV behind a byte-order mark": concat(Uint8Array.from([0xef, 0xbb, 0xbf]), plain),
    "a WAV behind an empty line": concat(ascii("\r\n"), plain),
    "a WAV in a multipart body": concat(
      ascii(
        '------x\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\nContent-Type: audio/wav\r\n\r\n',
      ),
      plain,
      ascii("\r\n------x--\r\n"),
    ),
    "a WAV as base64": ascii(Buffer.from(plain).toString("base64")),
    text: ascii("This is no audio at all, only named .wav. ".repeat(50)),
    HTML: ascii(`<!doctype html><title>404</title>${"<p>Not found</p>".repeat(99)}`),
    JSON: ascii('{"detail":"Not Found"}'),
    PNG: concat(ascii("\x89PNG\r\n\x1a\n"), noise.subarray(0, 3_000)),
    ZIP: concat(ascii("PK\x03\x04"), noise.subarray(0, 3_000)),
    AVI: concat(ascii("RIFF"), int(2_000, 4), ascii("AVI LIST"), filled(2_000)),
    "a byte": filled(1, 65),
    zeros: filled(100_000),
    "0xFF": filled(100_000, 0xff),
    noise: noise,
  };
  const refused = (reason) => ({ refused: reason });
  return [
    { name: "nothing", bytes: filled(0), expect: refused("empty") },
    // The result for noise in another coding depends on the browser.
    ...Object.entries(unsupported).map(([name, bytes]) => {
      const about = /^W/.test(name) ? "anything" : seconds;
      return { name, bytes, expect: unless(about, "unsupported_codec") };
    }),
    ...Object.entries(unknown).map(([name, bytes]) => ({
      name,
      bytes,
      expect: unless(seconds, "undecodable"),
    })),
  ];
}
