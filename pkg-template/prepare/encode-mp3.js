// From samples to an MP3 file, by a piece of wasm that is loaded for it.

import { Failure, notLoaded } from "../result/failure.js";
import { mp3Encoder } from "../loading/optional-modules.js";
import { bufferOf, newBlob } from "./blobs.js";
import { Breath } from "./yield-to-main.js";

/** How many bytes of samples are read at a time. */
const BLOCK_BYTES = 1 << 20;
/** How many samples are encoded at a time: half a second, which takes a millisecond or few. */
const STEP_SAMPLES = 8_000;

/**
 * Loads the encoder, so that it is there when a recording ends, or the lack of it shows before one begins. The rate is the
 * API's; every encoder is the same.
 */
export async function loadEncoder(kbps) {
  free(await opened(16_000, kbps));
}

/** The file of these mono 16-bit samples, which stay out of the core's memory. */
export async function encoded(samples, sampleRate, kbps, { signal }) {
  const encoder = await opened(sampleRate, kbps);
  const frames = [];
  const breath = new Breath(signal);
  try {
    for (let at = 0; at < samples.size; at += BLOCK_BYTES) {
      const block = new Int16Array(await bufferOf(samples.slice(at, at + BLOCK_BYTES)));
      for (let start = 0; start < block.length; start += STEP_SAMPLES) {
        frames.push(working(() => encoder.push(block.subarray(start, start + STEP_SAMPLES))));
        await breath.take();
      }
    }
    frames.push(working(() => encoder.finish()));
    frames.unshift(working(() => encoder.head()));
  } finally {
    free(encoder);
  }
  return newBlob(frames, "audio/mpeg");
}

async function opened(sampleRate, kbps) {
  try {
    return await mp3Encoder(sampleRate, kbps);
  } catch (cause) {
    throw notLoaded("mp3.js", cause);
  }
}

function working(step) {
  try {
    return step();
  } catch (cause) {
    const message = 'the MP3 encoder failed; format: "wav" does without it';
    throw new Failure("WasmLoadError", undefined, message, cause);
  }
}

function free(encoder) {
  try {
    encoder.free();
  } catch {
    // It trapped, and wasm-bindgen holds it for still at work.
  }
}
