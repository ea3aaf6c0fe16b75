// Decoding in workers, which have WebCodecs and no OfflineAudioContext. WebCodecs
// wants packets: the demuxer is a piece of its own, which windows never load.
// Inside is symphonia, which is licensed under MPL-2.0; its source is at
// https://github.com/pdeljanov/Symphonia.

import { piece } from "./piece.js";

/** Loads the demuxer, once; rejects with a WasmLoadError. */
export const loadDemuxer = piece("the demuxer", () =>
  Promise.all([import("./wasm/demux.js"), import("./wasm/demux-inline.js")]),
);

// As many packets may wait for the decoder, and as many blocks for the caller:
// both run without waiting for each other, and a long recording is never in
// memory decoded.
const MOST_WAITING = 32;

/** A recording being decoded, block by block. */
export class Decoding {
  /** The coding, once it is open; in Hz, what the decoder said with its first block. */
  codec;
  sampleRate;
  /** How many channels each frame of the samples has. */
  channels;
  #demuxer;
  #decoder;
  #blocks = [];
  #state = "open";
  #error;
  #wake = () => {};

  /**
   * Opens the recording in `bytes`. Rejects with a NotSupportedError where a
   * coding is not known, here or to the browser, and with another error where
   * the recording is broken.
   */
  async open(bytes, container) {
    const { Demuxer } = await loadDemuxer();
    if (this.#state === "closed") return;
    this.#demuxer = new Demuxer(bytes, container);
    const { codec, sampleRate, channels, description } = this.#demuxer;
    this.codec = codec;
    const config = { codec, sampleRate, numberOfChannels: channels, ...(description && { description }) };
    const { supported } = await AudioDecoder.isConfigSupported(config);
    if (this.#state === "closed") return;
    if (!supported) throw new DOMException(`AudioDecoder does not support ${codec}`, "NotSupportedError");
    this.#decoder = new AudioDecoder({
      output: (data) => this.#take(data),
      error: (error) => this.#fail(error),
    });
    this.#decoder.addEventListener("dequeue", () => this.#wake());
    this.#decoder.configure(config);
  }

  /** The next samples; `undefined` behind the last. */
  async next() {
    for (;;) {
      if (this.#state === "open") this.#feed();
      if (this.#error) throw this.#error;
      if (this.#state !== "open" && this.#state !== "flushing") break;
      if (this.#blocks.length >= MOST_WAITING) break;
      await new Promise((resolve) => {
        this.#wake = resolve;
      });
    }
    return joined(this.#blocks.splice(0));
  }

  /** Gives up; may be called at any time, and again. */
  close() {
    this.#state = "closed";
    this.#blocks.length = 0;
    if (this.#decoder && this.#decoder.state !== "closed") this.#decoder.close();
    const demuxer = this.#demuxer;
    this.#demuxer = undefined;
    try {
      demuxer?.free();
    } catch {
      // It trapped, and wasm-bindgen holds it for still at work.
    }
    this.#wake();
  }

  #feed() {
    try {
      while (this.#decoder.decodeQueueSize < MOST_WAITING && this.#blocks.length < MOST_WAITING) {
        const data = this.#demuxer.next();
        if (!data) {
          this.#flush();
          return;
        }
        const { timestamp, duration } = this.#demuxer;
        // Every packet of sound can be decoded by itself.
        this.#decoder.decode(new EncodedAudioChunk({ type: "key", timestamp, duration, data }));
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  #flush() {
    this.#state = "flushing";
    this.#decoder.flush().then(
      () => {
        if (this.#state === "flushing") this.#state = "done";
        this.#wake();
      },
      (error) => this.#fail(error),
    );
  }

  #take(data) {
    try {
      // Firefox gives an empty block where Vorbis begins, and cannot copy it.
      if (this.#state === "closed" || data.numberOfFrames === 0) return;
      this.sampleRate ??= data.sampleRate;
      this.channels ??= data.numberOfChannels;
      if (data.sampleRate !== this.sampleRate) throw new Error("the sample rate changes in the middle");
      this.#blocks.push(interleaved(data, this.channels));
    } catch (error) {
      this.#fail(error);
    } finally {
      // It holds memory of the decoder's, which nobody collects.
      data.close();
    }
    this.#wake();
  }

  #fail(error) {
    this.#error ??= error;
    this.#wake();
  }
}

/** The samples in frames of so many channels; decoders of AAC may find out late that there are two. */
function interleaved(data, channels) {
  const { numberOfFrames, numberOfChannels } = data;
  const plane = new Float32Array(numberOfFrames);
  const frames = channels === 1 ? plane : new Float32Array(numberOfFrames * channels);
  for (let channel = 0; channel < channels; channel++) {
    data.copyTo(plane, { planeIndex: Math.min(channel, numberOfChannels - 1), format: "f32-planar" });
    if (channels > 1) for (let n = 0; n < numberOfFrames; n++) frames[n * channels + channel] = plane[n];
  }
  return frames;
}

function joined(blocks) {
  if (blocks.length === 0) return undefined;
  const all = new Float32Array(blocks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const block of blocks) {
    all.set(block, at);
    at += block.length;
  }
  return all;
}
