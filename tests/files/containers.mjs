// Awkward recordings in containers, created from those in ../fixtures: cut, zeroed, with flipped
// bits, and written in valid but rare ways. Each is `{ name, bytes, expect }`, where `expect` is
// one of
//
// - `{ seconds }`: converted with this length, without a warning;
// - `{ seconds, isTruncated: true }`: converted as far as possible, with the warning `truncated`;
// - `{ whole }`: converted with this length, or with the warning `truncated`, or refused;
// - `{ reason }`: refused.
//
// `silenceSeconds` is the length of the silence at the start, if known. `engines` names the
// browsers that decode the file.

import { readFileSync } from "node:fs";
import {
  adtsFrames,
  be,
  box,
  element,
  esds,
  flac,
  flacFrames,
  le,
  matroska,
  mp3Frames,
  mp4,
  mp4Packets,
  ogg,
  oggPages,
  soundEntry,
  wave,
} from "./boxes.mjs";

const read = (path) => readFileSync(new URL(path, import.meta.url));
const recording = (name) => read(`../fixtures/recordings/${name}`);
const ascii = (text) => Buffer.from(text, "latin1");

/**
 * The length of each fixture without its padding, in seconds, and the range in which its sound may
 * be damaged.
 */
const RECORDINGS = {
  "chromium.webm": { seconds: 2.46, head: 300 },
  "firefox.webm": { seconds: 2.5135, head: 600 },
  "firefox.ogg": { seconds: 2.4962, head: 300 },
  "vorbis.ogg": { seconds: 3.1686, head: 3_600 },
  "chromium.mp4": { seconds: 2.38, head: 800 },
  "fragmented-aac.mp4": { seconds: 3.2, head: 1_000 },
  "aac.m4a": { seconds: 3.178, head: 60, isIndexBehind: true },
  "speech.flac": { seconds: 1, head: 8_400 },
  "speech.aac": { seconds: 3.2, head: 0 },
};

const WAV_HEADER_BYTES = 44;
const wavBytes = read("../fixtures/speech.wav");
/** 48 kHz, mono. */
const speech = new Int16Array(new Uint8Array(wavBytes.subarray(WAV_HEADER_BYTES)).buffer);

/** Returns a generator of numbers below `most`, the same in every run: mulberry32. */
function numbers(seed) {
  return (most) => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % most;
  };
}

function* damaged() {
  for (const [name, { seconds, head, isIndexBehind }] of Object.entries(RECORDINGS)) {
    const bytes = recording(name);
    yield { name: `${name}, whole`, bytes, expect: { seconds } };
    for (const share of [0.35, 0.6, 0.85]) {
      const cut = bytes.subarray(0, Math.round(head + (bytes.length - head) * share));
      const expect = isIndexBehind ? { reason: "truncated" } : { whole: seconds };
      yield { name: `${name}, cut at ${share}`, bytes: cut, expect };
    }
    const middle = Math.round((head + bytes.length) / 2);
    const end = isIndexBehind ? bytes.indexOf("moov") - 4 : bytes.length;
    yield {
      name: `${name}, second half zeroed`,
      bytes: Buffer.from(bytes).fill(0, middle, end),
      expect: { whole: seconds },
    };
    const third = Buffer.from(bytes).fill(0, head + 400, Math.round((head + middle) / 2) + 400);
    yield { name: `${name}, zeros within`, bytes: third, expect: { whole: seconds } };
    for (const seed of [1, 2, 3]) {
      const next = numbers(seed);
      const flipped = Buffer.from(bytes);
      for (let flip = 0; flip < 12; flip++) flipped[head + next(end - head)] ^= 1 << next(8);
      yield { name: `${name}, bits flipped, ${seed}`, bytes: flipped, expect: { whole: seconds } };
    }
  }
}

function* oggs() {
  const pages = oggPages(recording("firefox.ogg"));
  const { seconds } = RECORDINGS["firefox.ogg"];
  const original = ogg(pages);
  for (const version of [0, 2, 15]) {
    const bytes = Buffer.from(original);
    bytes[28 + 8] = version;
    yield {
      name: `OpusHead of version ${version}`,
      bytes: ogg(oggPages(bytes)),
      expect: { seconds },
    };
  }
  yield { name: "Ogg with wrong checksums", bytes: ogg(pages, () => 0), expect: { seconds } };
  yield {
    name: "Ogg with some wrong checksums",
    bytes: ogg(pages, (sum) => sum ^ (sum & 1)),
    expect: { seconds },
  };
  const second = pages.map((page) => ({ ...page, serial: page.serial ^ 77 }));
  yield {
    name: "two Ogg streams behind each other",
    bytes: ogg([...pages, ...second]),
    expect: { seconds: 2 * seconds },
  };
  const again = pages.map((page, index) => ({
    ...page,
    flags: page.flags & ~2,
    sequence: pages.length + index,
  }));
  const first = pages.map((page) => ({ ...page, flags: page.flags & ~4 }));
  yield {
    name: "a second Opus header in the stream",
    bytes: ogg([...first, ...again]),
    expect: { seconds: 2 * seconds, delta: 0.03 },
  };
  const vorbis = oggPages(recording("vorbis.ogg"));
  const chained = ogg([
    ...vorbis,
    ...vorbis.map((page) => ({ ...page, serial: page.serial ^ 77 })),
  ]);
  yield {
    name: "two Vorbis streams behind each other",
    bytes: chained,
    expect: { seconds: 2 * RECORDINGS["vorbis.ogg"].seconds, delta: 0.06 },
  };
  const without = ogg(pages.filter((_, index) => index !== 3));
  yield {
    name: "Ogg without a page",
    bytes: without,
    expect: { seconds: seconds - 48_960 / 48_000, isTruncated: true },
  };
  yield {
    name: "Ogg without its last page",
    bytes: ogg(pages.slice(0, -1)),
    expect: { whole: seconds },
  };
}

function* tagged() {
  const id3 = (size) =>
    Buffer.concat([ascii("ID3"), be(1, 3, 0, 0, 0, 0, size >> 7, size & 127), Buffer.alloc(size)]);
  for (const name of ["speech.flac", "speech.aac"]) {
    for (const size of [60, 2_000]) {
      const bytes = Buffer.concat([id3(size), recording(name)]);
      yield {
        name: `${name} behind ID3v2 of ${size} bytes`,
        bytes,
        expect: { seconds: RECORDINGS[name].seconds },
      };
    }
    const bytes = Buffer.concat([recording(name), ascii("TAG"), Buffer.alloc(125)]);
    yield { name: `${name} before ID3v1`, bytes, expect: { seconds: RECORDINGS[name].seconds } };
  }
}

function* flacs() {
  const sixteen = speech.filter((_, index) => index % 3 === 0);
  const seconds = sixteen.length / 16_000;
  yield { name: "FLAC of 16 kHz", bytes: flac(sixteen, 16_000), expect: { seconds } };
  yield { name: "FLAC of unknown length", bytes: flac(sixteen, 16_000, 0), expect: { seconds } };
  yield {
    name: "FLAC that claims 272 s",
    bytes: flac(sixteen, 16_000, 272 * 16_000),
    expect: { seconds, isTruncated: true },
  };
  const bytes = flac(sixteen, 16_000);
  yield {
    name: "FLAC, cut",
    bytes: bytes.subarray(0, bytes.length * 0.5),
    expect: { whole: seconds },
  };
  const tone = Int16Array.from(
    { length: 48_000 },
    (_, n) => 8_000 * Math.sin((2 * Math.PI * 7_500 * n) / 16_000),
  );
  yield {
    name: "7.5 kHz in FLAC of 16 kHz",
    bytes: flac(tone, 16_000),
    expect: { seconds: 3, dbfs: -15.26 },
  };
}

function* matroskas() {
  const { packets } = mp4Packets(recording("aac.m4a"));
  const config = Buffer.from([0x11, 0x88]);
  const aac = { codec: "A_AAC", rate: 48_000, codecPrivate: config, ms: 1024 / 48 };
  const seconds = (packets.length * 1024) / 48_000;
  const made = (options) => matroska(packets, { ...aac, ...options });
  yield {
    name: "AAC in Matroska",
    bytes: made({ durationMs: seconds * 1_000 }),
    expect: { seconds },
  };
  const chapters = element(
    "1043a770",
    element(
      "45b9",
      element(
        "b6",
        element("73c4", be(1, 1)),
        element("91", be(1, 0)),
        element("80", element("85", ascii("one"))),
      ),
    ),
  );
  yield {
    name: "Matroska without EditionUID",
    bytes: made({ extra: [chapters] }),
    expect: { seconds },
  };
  const unknown = element("4abc", be(1, 1));
  yield {
    name: "Matroska with an unknown element",
    bytes: made({ extra: [unknown] }),
    expect: { seconds },
  };
  yield {
    name: "Matroska that claims 10 s",
    bytes: made({ durationMs: 10_000 }),
    expect: { seconds, isTruncated: true },
  };
  const pcm = (codec, bits, data, channels = 1) =>
    matroska(
      Array.from({ length: 30 }, (_, n) =>
        data.subarray((n * data.length) / 30, ((n + 1) * data.length) / 30),
      ),
      { codec, rate: 48_000, bits, channels, ms: 100 },
    );
  const part = speech.subarray(0, 144_000);
  const floats = Buffer.from(Float32Array.from(part, (sample) => sample / 32_768).buffer);
  yield {
    name: "PCM in Matroska",
    bytes: pcm("A_PCM/INT/LIT", 16, le(2, part)),
    expect: { seconds: 3 },
  };
  yield {
    name: "big-endian PCM in Matroska",
    bytes: pcm("A_PCM/INT/BIG", 16, be(2, part)),
    expect: { seconds: 3 },
  };
  yield {
    name: "floats in Matroska",
    bytes: pcm("A_PCM/FLOAT/IEEE", 32, floats),
    expect: { seconds: 3 },
  };
}

function* mp4s() {
  const { packets, entry } = mp4Packets(recording("aac.m4a"));
  const aac = { entry, scale: 48_000, ticks: 1_024 };
  const seconds = (packets.length * 1_024) / 48_000;
  yield { name: "AAC in MP4 without an edit list", bytes: mp4(packets, aac), expect: { seconds } };
  for (const time of [1_024, 2_112, 5_000]) {
    const edit = [{ time, duration: 0 }];
    yield {
      name: `AAC in MP4, an edit list from ${time}`,
      bytes: mp4(packets, { ...aac, edit }),
      expect: { seconds: seconds - time / 48_000 },
    };
  }
  const shown = [{ time: 1_024, duration: 2_000 }];
  yield {
    name: "AAC in MP4, 2 s of it shown",
    bytes: mp4(packets, { ...aac, edit: shown }),
    expect: { seconds: 2 },
  };
  const late = [
    { time: 0xffffffff, duration: 100 },
    { time: 1_024, duration: 3_100 },
  ];
  yield {
    name: "AAC in MP4 after an empty edit",
    bytes: mp4(packets, { ...aac, edit: late }),
    expect: { seconds: 3.1 },
  };
  const text = ascii(" 00000000 00000840 000001CA 0000000000023A00 00000000");
  const itunes = box("udta", ascii("----iTunSMPB"), box("data", be(4, 1, 0), text));
  yield {
    name: "AAC in MP4 with iTunSMPB",
    bytes: mp4(packets, { ...aac, extra: [itunes] }),
    expect: { seconds: 0x23a00 / 48_000 },
  };
  const whole = mp4(packets, { ...aac, edit: [{ time: 1_024, duration: 0 }] });
  const cut = whole.subarray(0, whole.length * 0.6);
  yield { name: "AAC in MP4, cut behind its index", bytes: cut, expect: { whole: seconds } };
  const opus = oggPages(recording("firefox.ogg"));
  const opusPackets = packetsOf(opus.slice(2));
  const dops = box("dOps", be(1, 0, 1), be(2, 312), be(4, 48_000), be(2, 0), be(1, 0));
  const opusEntry = soundEntry("Opus", { rate: 48_000 }, dops);
  const opusSeconds = opusPackets.length * 0.02 - 312 / 48_000;
  for (const edit of [undefined, [{ time: 312, duration: 0 }]]) {
    yield {
      name: `Opus in MP4, ${edit ? "with" : "without"} an edit list`,
      bytes: mp4(opusPackets, { entry: opusEntry, scale: 48_000, ticks: 960, edit }),
      expect: { seconds: opusSeconds },
    };
  }
  const { frames, rate, samples } = mp3Frames(read("../../crates/emulator/tests/tone.mp3"));
  const mp3Seconds = (frames.length * samples) / rate;
  const mp3Entry = soundEntry("mp4a", { rate }, esds(0x6b));
  for (const time of [0, 1_105]) {
    yield {
      name: `MP3 in MP4, an edit list from ${time}`,
      bytes: mp4(frames, {
        entry: mp3Entry,
        scale: rate,
        ticks: samples,
        edit: [{ time, duration: 0 }],
      }),
      expect: { seconds: mp3Seconds - time / rate },
      engines: ["chromium", "firefox"],
    };
  }
  const part = speech.subarray(0, 48_000);
  const pcm = (name, bits, data, ...children) => {
    const fixedBytes = bits / 8;
    return mp4([data], {
      entry: soundEntry(name, { rate: 48_000, bits }, ...children),
      scale: 48_000,
      ticks: 1,
      fixedBytes,
    });
  };
  const floats = Float32Array.from(part, (sample) => sample / 32_768);
  const bigFloats = Buffer.from(floats.buffer).swap32();
  const config = (flags, bits) => box("pcmC", be(4, 0), be(1, flags, bits));
  const expect = { seconds: 1 };
  yield { name: "sowt in MP4", bytes: pcm("sowt", 16, le(2, part)), expect };
  yield { name: "twos in MP4", bytes: pcm("twos", 16, be(2, part)), expect };
  yield {
    name: "in24 in MP4",
    bytes: pcm(
      "in24",
      24,
      be(
        3,
        Int32Array.from(part, (sample) => sample * 256),
      ),
    ),
    expect,
  };
  yield { name: "fl32 in MP4", bytes: pcm("fl32", 32, bigFloats), expect };
  yield {
    name: "little-endian ipcm in MP4",
    bytes: pcm("ipcm", 16, le(2, part), config(1, 16)),
    expect,
  };
  yield {
    name: "big-endian ipcm in MP4",
    bytes: pcm("ipcm", 16, be(2, part), config(0, 16)),
    expect,
  };
  yield {
    name: "raw in MP4",
    bytes: pcm("raw ", 8, Buffer.from(part.map((sample) => (sample >> 8) + 128))),
    expect,
  };
  const alac = mp4(packets, { ...aac, entry: soundEntry("samr", { rate: 8_000 }) });
  yield { name: "AMR in MP4", bytes: alac, expect: { reason: "unsupported_codec" } };
}

function packetsOf(pages) {
  const packets = [];
  const partial = [];
  for (const { segments, body } of pages) {
    let at = 0;
    for (const size of segments) {
      partial.push(body.subarray(at, at + size));
      at += size;
      if (size < 255) packets.push(Buffer.concat(partial.splice(0)));
    }
  }
  return packets;
}

function* waves() {
  const { frames, rate, samples } = mp3Frames(read("../../crates/emulator/tests/tone.mp3"));
  yield {
    name: "MP3 in WAVE",
    bytes: wave(0x55, { rate }, Buffer.concat(frames), le(2, 1, 0, 0, 0, 1, 0)),
    expect: { seconds: (frames.length * samples) / rate },
    engines: ["chromium", "firefox"],
  };
  const aac = adtsFrames(recording("speech.aac"));
  yield {
    name: "ADTS in WAVE",
    bytes: wave(0xff, { rate: 48_000 }, Buffer.concat(aac)),
    expect: { seconds: RECORDINGS["speech.aac"].seconds },
  };
  const sixteen = speech.filter((_, index) => index % 3 === 0);
  const info = flac(sixteen, 16_000).subarray(8, 42);
  yield {
    name: "FLAC in WAVE",
    bytes: wave(0xf1ac, { rate: 16_000 }, Buffer.concat(flacFrames(sixteen, 16_000)), info),
    expect: { seconds: sixteen.length / 16_000 },
  };
}

/** Returns all recordings. */
export const containers = () => [
  ...damaged(),
  ...oggs(),
  ...tagged(),
  ...flacs(),
  ...matroskas(),
  ...mp4s(),
  ...waves(),
];
