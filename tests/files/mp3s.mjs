// MP3 files by property. `speech` is an MP3 by the package's own encoder: its note, and then its frames.

import { ascii, concat, filled, int } from "./bytes.mjs";
import { strictMp3 } from "./strict.js";
import { chunk, format, id3v2, riff } from "./wavs.mjs";

export const id3v1 = concat(ascii("TAGTitle"), filled(120));

export function ape(length, hasHeader) {
  const mark = (flags) =>
    concat(
      ascii("APETAGEX"),
      int(2000, 4),
      int(length + 32, 4),
      int(1, 4),
      int((flags | (hasHeader ? 1 << 31 : 0)) >>> 0, 4),
      filled(8),
    );
  return concat(hasHeader ? mark(1 << 29) : filled(0), filled(length, 120), mark(0));
}

const lyrics = concat(ascii("LYRICSBEGIN"), filled(489, 120), ascii("000500LYRICS200"));

/** A frame of silence, of any layer: its header, and zeros. */
export const frame = (header, length) => concat(Uint8Array.from(header), filled(length - 4));
export const times = (count, part) => concat(...Array(count).fill(part));

const TRUNCATED = ["truncated"];
const JUNK = ["junk"];

export function mp3Files(speech) {
  const [note, ...frames] = strictMp3(speech);
  const sound = concat(...frames);
  const [before, behind] = [concat(...frames.slice(0, 20)), concat(...frames.slice(20))];
  const files = [];
  const add = (name, bytes, sent, warnings) =>
    files.push({ name: `MP3, ${name}`, bytes, expect: { bytes: sent, warnings } });
  const refuse = (name, bytes, reason) =>
    files.push({ name: `MP3, ${name}`, bytes, expect: { refused: reason } });

  add("plain", speech, speech);
  add("without a note", sound, sound);
  for (const [name, start, end] of [
    ["ID3v2", id3v2(500), []],
    ["a long ID3v2", id3v2(300_000), []],
    ["two of ID3v2", concat(id3v2(20), id3v2(0)), []],
    ["ID3v1", [], id3v1],
    ["both ID3", id3v2(77), id3v1],
    ["APE", [], ape(300, false)],
    ["APE with a header", [], ape(300, true)],
    ["APE and ID3v1", [], concat(ape(40, true), id3v1)],
    ["Lyrics3", [], concat(lyrics, id3v1)],
    ["APE in front", ape(64, true), []],
  ]) {
    add(name, concat(start, speech, end), speech);
    add(`${name}, without a note`, concat(start, sound, end), sound);
  }
  for (const [name, junk] of Object.entries({
    "a byte": filled(1, 7),
    zeros: filled(700),
    text: ascii("This is no frame. ".repeat(30)),
    "0xFF": filled(500, 0xff),
    "lone headers": concat(filled(1), times(40, Uint8Array.from([0xff, 0xfb, 0x90, 0xc0]))),
  })) {
    add(
      `${name} between frames`,
      concat(note, before, junk, behind),
      concat(note, before, behind),
      JUNK,
    );
    add(`${name} behind the frames`, concat(speech, junk), speech, JUNK);
    add(`${name} before the frames`, concat(junk, speech), speech, JUNK);
  }
  for (const length of [65_000, 70_000, 300_000]) {
    add(`${length} zeros before the frames`, concat(filled(length), speech), speech, JUNK);
  }
  add("an ID3v1 in the middle", concat(note, before, id3v1, behind), concat(note, before, behind));
  add("joined files", concat(speech, id3v2(10), speech), concat(speech, sound));
  for (const missing of [1, 50, 100]) {
    const left = concat(note, ...frames.slice(0, -1));
    add(
      `${missing} bytes missing at the end`,
      speech.subarray(0, speech.length - missing),
      left,
      TRUNCATED,
    );
    add(
      `${missing} bytes missing before ID3v1`,
      concat(speech.subarray(0, speech.length - missing), id3v1),
      left,
      TRUNCATED,
    );
  }
  add("half of it missing", concat(note, before), concat(note, before), TRUNCATED);
  for (const tag of [
    [0x55, 0],
    [0x50, 0],
    [0x55, 12],
  ]) {
    const more = tag[1] ? [...int(tag[1], 2), ...filled(tag[1])] : [];
    const head = chunk("fmt ", format({ tag: tag[0], bits: 0, blockAlign: 1, rate: 16_000, more }));
    add(`in a WAV of format ${tag}`, riff([head, chunk("data", speech)]), speech);
    add(
      `in a WAV of format ${tag} and unknown size`,
      riff([head, chunk("data", speech, { size: 0 })]),
      speech,
    );
  }

  for (const count of [1, 2, 3]) {
    refuse(`${count} frames`, concat(...frames.slice(0, count)), "silent");
    refuse(`${count} frames behind ID3v2`, concat(id3v2(30), ...frames.slice(0, count)), "silent");
  }
  refuse("its note alone", note, "truncated");
  refuse("its note and a tag", concat(id3v2(50), note), "truncated");
  for (const length of [40, 60, note.length - 1])
    refuse(`${length} bytes of its note`, note.subarray(0, length), "truncated");
  const tag = id3v2(5_000);
  for (const length of [3, 9, 10, 500, tag.length])
    refuse(`${length} bytes of its tag`, tag.subarray(0, length), "truncated");
  refuse("a tag and a part of a frame", concat(tag, frames[0].subarray(0, 60)), "truncated");
  for (const [name, header, length] of [
    ["layer I", [0xff, 0xff, 0xc4, 0x00], 384],
    ["layer II", [0xff, 0xfd, 0xa4, 0x00], 576],
    ["free format", [0xff, 0xfb, 0x00, 0xc0], 1000],
  ]) {
    // Some browsers decode them, and find that they are silent.
    const bytes = times(40, frame(header, length));
    const reasons = ["unsupported_codec", "silent"];
    files.push({
      name: `MPEG audio, ${name}`,
      bytes,
      expect: {
        worker: { refused: "unsupported_codec" },
        node: { refused: "unsupported_codec" },
        window: { refused: reasons },
      },
    });
  }
  return files;
}
