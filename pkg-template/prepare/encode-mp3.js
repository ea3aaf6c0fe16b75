// Encodes samples as MP3. The encoder is a wasm module of its own, which is loaded on first use.

/** @import { AudioOptions } from "../internal.js" */
/** @import { Encoder } from "../wasm/mp3.js" */

import { notLoaded, wasmLoadFailure } from "../result/failure.js";
import { loadMp3Encoder } from "../loading/lazy-features.js";
import { bufferOf, newBlob } from "./blobs.js";
import { API_SAMPLE_RATE } from "./constants.js";
import { TaskYielder } from "./yield-to-main.js";

/** The number of bytes of samples that are read at a time. */
const BLOCK_BYTES = 1 << 20;
/** The number of samples that are encoded at a time: half a second, in some milliseconds. */
const STEP_SAMPLES = 8_000;

/**
 * Loads the encoder before a recording begins, so that a missing file is reported then, and not
 * when the recording ends. Any sample rate would do, because all use the same module.
 * @param {number} kbps
 */
export async function loadEncoder(kbps) {
  free(await createEncoder(API_SAMPLE_RATE, kbps));
}

/**
 * Encodes mono 16-bit samples; resolves to the MP3 file. The samples stay out of the core's memory.
 * @param {Blob} samples
 * @param {number} sampleRate
 * @param {number} kbps
 * @param {AudioOptions} options
 */
export async function encodeMp3(samples, sampleRate, kbps, { signal }) {
  const encoder = await createEncoder(sampleRate, kbps);
  /** @type {Uint8Array[]} */
  const frames = [];
  const yielder = new TaskYielder(signal);
  try {
    for (let at = 0; at < samples.size; at += BLOCK_BYTES) {
      const block = new Int16Array(await bufferOf(samples.slice(at, at + BLOCK_BYTES)));
      for (let start = 0; start < block.length; start += STEP_SAMPLES) {
        frames.push(guardEncoder(() => encoder.push(block.subarray(start, start + STEP_SAMPLES))));
        await yielder.yield();
      }
    }
    frames.push(guardEncoder(() => encoder.finish()));
    frames.unshift(guardEncoder(() => encoder.head()));
  } finally {
    free(encoder);
  }
  return newBlob(frames, "audio/mpeg");
}

/**
 * @param {number} sampleRate
 * @param {number} kbps
 * @returns {Promise<Encoder>}
 */
async function createEncoder(sampleRate, kbps) {
  try {
    return await loadMp3Encoder(sampleRate, kbps);
  } catch (cause) {
    throw notLoaded("mp3.js", cause);
  }
}

/**
 * @template Result
 * @param {() => Result} step
 * @returns {Result}
 */
function guardEncoder(step) {
  try {
    return step();
  } catch (cause) {
    const message = 'the MP3 encoder failed; format: "wav" does without it';
    throw wasmLoadFailure(message, cause);
  }
}

/** @param {Encoder} encoder */
function free(encoder) {
  try {
    encoder.free();
  } catch {
    // The encoder trapped, and wasm-bindgen considers it still in use.
  }
}
