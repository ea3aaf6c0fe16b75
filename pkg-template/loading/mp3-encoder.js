// The MP3 encoder: a wasm module of its own, so that only pages that ask for MP3 download it. It
// contains rusty_mp3, which is licensed under Apache-2.0 alone.

import { lazyWasmModule } from "./wasm-module.js";

const load = lazyWasmModule("the MP3 encoder", () =>
  Promise.all([import("../wasm/mp3.js"), import("../wasm/mp3-inline.js")]),
);

/**
 * Resolves to an encoder of mono samples. `push(samples)` takes an Int16Array and returns the
 * frames that it completed, `finish()` returns the last ones, and `head()` then returns the frame
 * that comes first in the file. `free()` releases its memory.
 * @param {number} sampleRate
 * @param {number} kbps
 */
export async function mp3Encoder(sampleRate, kbps) {
  const { Encoder } = await load();
  return new Encoder(sampleRate, kbps);
}
