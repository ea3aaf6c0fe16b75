// From samples to an MP3 file, by a piece of wasm that is loaded for it.

import { notLoaded, wasmLoadFailure } from "../result/failure.js";
import { loadMp3Encoder } from "../loading/lazy-features.js";
import { bufferOf, newBlob } from "./blobs.js";
import { API_SAMPLE_RATE } from "./constants.js";
import { TaskYielder } from "./yield-to-main.js";

/** How many bytes of samples are read at a time. */
const BLOCK_BYTES = 1 << 20;
/** How many samples are encoded at a time: half a second, which takes a millisecond or few. */
const STEP_SAMPLES = 8_000;

/**
 * Loads the encoder, so that it is there when a recording ends, or the lack of it shows before one begins. The rate is the
 * API's; every encoder is the same.
 */
export async function loadEncoder(kbps) {
  free(await createEncoder(API_SAMPLE_RATE, kbps));
}

/** The file of these mono 16-bit samples, which stay out of the core's memory. */
export async function encodeMp3(samples, sampleRate, kbps, { signal }) {
  const encoder = await createEncoder(sampleRate, kbps);
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

async function createEncoder(sampleRate, kbps) {
  try {
    return await loadMp3Encoder(sampleRate, kbps);
  } catch (cause) {
    throw notLoaded("mp3.js", cause);
  }
}

function guardEncoder(step) {
  try {
    return step();
  } catch (cause) {
    const message = 'the MP3 encoder failed; format: "wav" does without it';
    throw wasmLoadFailure(message, cause);
  }
}

function free(encoder) {
  try {
    encoder.free();
  } catch {
    // It trapped, and wasm-bindgen holds it for still at work.
  }
}
