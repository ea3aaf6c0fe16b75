// MP3 files of frames of silence, which are valid whatever their number.

import { concat, filled } from "../../files/bytes.mjs";
import { frame, times } from "../../files/mp3s.mjs";
import { id3v2 } from "../../files/wavs.mjs";

const framesOf = (header, length) => (count) => times(count, frame(header, length));

/** MPEG 1 layer III, 44.1 kHz, mono, 128 kbit/s: 26 ms a frame. */
export const mono128 = framesOf([0xff, 0xfb, 0x90, 0xc0], 417);
/** The same at 64 kbit/s. */
export const mono64 = framesOf([0xff, 0xfb, 0x50, 0xc0], 208);
/** MPEG 1 layer III, 48 kHz, stereo, 320 kbit/s: 24 ms a frame. */
export const stereo320 = framesOf([0xff, 0xfb, 0xe4, 0x00], 960);
/** MPEG 2 layer III, 22.05 kHz, mono, 64 kbit/s. */
export const mpeg2 = framesOf([0xff, 0xf3, 0x80, 0xc0], 208);
/** MPEG 1 layer I, 48 kHz, stereo, 384 kbit/s. */
export const layerOne = framesOf([0xff, 0xff, 0xc4, 0x00], 384);
/** MPEG 1 layer II, 48 kHz, stereo, 192 kbit/s. */
export const layerTwo = framesOf([0xff, 0xfd, 0xa4, 0x00], 576);
/** MPEG 1 layer III, free format: 1,000 bytes a frame. */
export const freeFormat = framesOf([0xff, 0xfb, 0x00, 0xc0], 1000);

/** Returns an MP3 of this many frames of 417 bytes and 26 ms, which the SDK finds silent. */
export const silentMp3 = framesOf([0xff, 0xfb, 0x90, 0xc4], 417);

/** Returns a tag whose body looks like the headers of frames, as a cover may by chance. */
export const tagWithHeaders = (bytes) =>
  id3v2(
    bytes,
    Uint8Array.from({ length: bytes }, (_, n) => [0xff, 0xfb, 0x90, 0xc0][n % 4]),
  );

/**
 * Returns the frame with which an encoder tells how many frames follow, and how much of them is
 * filling.
 */
export function infoFrame(frames, delay, padding) {
  const note = mono128(1);
  const view = new DataView(note.buffer);
  note.set(new TextEncoder().encode("Info"), 21);
  view.setUint32(25, 15);
  view.setUint32(29, frames);
  note.set(new TextEncoder().encode("LAME3.100"), 141);
  // Three bytes: the delay and the padding have 12 bits each.
  view.setUint32(161, (delay << 12) | padding);
  note[161] = 0;
  return note;
}

/** Returns a tone that an encoder has made, as a file. */
export const toneMp3 = async () =>
  new Uint8Array(await (await fetch("/crates/emulator/tests/tone.mp3")).arrayBuffer());

export { concat, filled };
