// The MP3 encoder: a piece of its own, so that only who asks for MP3 pays for
// it. Inside is rusty_mp3, which is licensed under Apache-2.0 alone.

import { piece } from "./wasm-module.js";

const load = piece("the MP3 encoder", () =>
  Promise.all([import("../wasm/mp3.js"), import("../wasm/mp3-inline.js")]),
);

/**
 * An encoder of mono sound. `push(samples)` takes an Int16Array and gives the
 * frames that it completed, `finish()` the last ones; `head()` then gives the
 * frame that comes first in the file. `free()` releases its memory.
 */
export async function mp3Encoder(sampleRate, kbps) {
  const { Encoder } = await load();
  return new Encoder(sampleRate, kbps);
}
