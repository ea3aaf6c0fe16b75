// MP3 files, which go up as they are.

import { blobOf } from "../take.js";
import { bufferOf, read } from "./blob.js";
import { Breath } from "./breath.js";
import { blocksOf, decodedAt, decodesWhole } from "./decode.js";
import { downmixed } from "./convert.js";
import { madeOfMp3 } from "./made.js";

/**
 * How long the browser may take to decode what could be sent without, in milliseconds; on a busy machine it took two
 * seconds.
 */
const LISTENING_MS = 10_000;

/** What is in an MP3, `durationSeconds` and more; fails where the API could not play it. */
export async function walked(core, blob, how = {}) {
  const walker = core.walker();
  try {
    await read(blob, (bytes) => walker.read(bytes), how.signal);
    return walker.finish();
  } finally {
    walker.free();
  }
}

/** An MP3, listened to where the browser can. That of a take was listened to when the take was made. */
export async function mp3Made(core, audio, blob, upload, how = {}) {
  const ear = blobOf(audio) === undefined ? await earOf(core, blob, upload, how) : undefined;
  try {
    return madeOfMp3(core, blob, ear, upload, how);
  } finally {
    ear?.free();
  }
}

/**
 * What has heard it; `undefined` where it is too long to be decoded, or where this browser cannot: the server may, as its
 * frames are whole.
 */
async function earOf(core, blob, { mayBeDecoded, sampleRate }, { signal }) {
  if (!mayBeDecoded || !decodesWhole()) return undefined;
  const breath = new Breath(signal);
  let ear;
  try {
    // At its own rate, so that nothing is resampled.
    for (const block of blocksOf(await decodedAt(sampleRate, await bufferOf(blob), "mp3", LISTENING_MS))) {
      ear ??= core.listener(block.sampleRate);
      ear.push(downmixed(block.samples, block.channels));
      await breath.take();
    }
    ear?.finish(false);
    return ear;
  } catch {
    ear?.free();
    return undefined;
  }
}
