// MP3 files, whose frames go up as they are.

import { blobOf } from "./take.js";
import { bufferOf, newBlob, read } from "./blobs.js";
import { Breath } from "./yield-to-main.js";
import { convert } from "./decode-and-convert.js";
import { blocksOf, decodedAt, decodesWhole } from "./decode.js";
import { madeOfMp3 } from "./prepared-audio.js";

/**
 * How long the browser may take to decode what could be sent without, in milliseconds; on a busy machine it took two
 * seconds.
 */
const LISTENING_MS = 10_000;

/**
 * Reads an MP3 and resolves to its `durationSeconds` and more. `blob` holds the frames alone, because some decoders
 * stop at junk and tags between frames. Rejects if the API could not play the file.
 */
export async function walked(core, blob, how = {}) {
  const walker = core.walker();
  try {
    await read(blob, (bytes) => walker.read(bytes), how.signal);
    const upload = walker.finish();
    const parts = walker.parts();
    const slices = [];
    for (let at = 0; at < parts.length; at += 2) slices.push(blob.slice(parts[at], parts[at + 1]));
    return { ...upload, blob: newBlob(slices, "audio/mpeg") };
  } finally {
    walker.free();
  }
}

/**
 * An MP3, listened to where the browser can. That of a take was listened to when the take was made. One whose channels
 * cancel each other is written anew: whoever downmixes it would hear nothing.
 */
export async function mp3Made(core, audio, upload, wanted, how = {}) {
  const ear = blobOf(audio) === undefined ? await earOf(core, upload, how) : undefined;
  try {
    if (ear?.betterChannel() !== undefined)
      return await convert(core, upload.blob, "mp3", wanted, how);
    return madeOfMp3(core, ear, upload, how);
  } finally {
    ear?.free();
  }
}

/**
 * What has heard it; `undefined` where it is too long to be decoded, or where this browser cannot: the server may, as its
 * frames are whole.
 */
async function earOf(core, { blob, mayBeDecoded, sampleRate }, { signal }) {
  if (!mayBeDecoded || !decodesWhole()) return undefined;
  const breath = new Breath(signal);
  let ear;
  try {
    // At its own rate, so that nothing is resampled.
    for (const block of blocksOf(
      await decodedAt(sampleRate, await bufferOf(blob), "mp3", LISTENING_MS),
    )) {
      ear ??= core.listener(block.sampleRate);
      ear.push(block.samples, block.channels);
      await breath.take();
    }
    ear?.finish(false);
    return ear;
  } catch {
    ear?.free();
    return undefined;
  }
}
