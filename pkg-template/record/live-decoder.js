// Decodes an encoded recording while it arrives, so that its take is ready soon after `stop()`.
// This module and those that it imports are one chunk. Without it, or if anything is unusual, the
// recording is decoded after its end.

import { WebmPackets } from "./webm-packets.js";

/** @import { Core } from "../internal.js" */

/** The rate at which Opus is decoded, in Hz. */
const OPUS_RATE = 48_000;

/**
 * Returns true if recordings of this type can be decoded while they arrive. WebKit is left out,
 * because its AudioDecoder has defects; see prepare/webkit.js.
 * @param {string} type
 */
export const canDecodeLive = (type) =>
  /webm.*opus/.test(type) && typeof AudioDecoder === "function" && !("line" in new Error());

export class LiveDecoder {
  #packets = new WebmPackets();
  #pipeline;
  /** @type {AudioDecoder | undefined} */
  #decoder;
  /** The samples at the start that are not part of the recording. */
  #framesToSkip = 0;
  #timestamp = 0;
  /** The chunks are read one after the other. */
  #reading = Promise.resolve();
  #hasFailed = false;

  /** @param {Pick<Core, "PcmPipeline">} core */
  constructor({ PcmPipeline }) {
    this.#pipeline = new PcmPipeline(OPUS_RATE, false);
  }

  /**
   * Takes the next chunk of the recorder.
   * @param {Blob} chunk
   */
  push(chunk) {
    this.#reading = this.#reading.then(() => this.#read(chunk)).catch(() => this.#fail());
  }

  /**
   * Resolves to the decoded recording when all chunks are decoded; to `undefined` if they cannot
   * be.
   */
  async finish() {
    await this.#reading;
    try {
      await this.#decoder?.flush();
    } catch {
      this.#fail();
    }
    return this.#hasFailed || !this.#decoder ? undefined : this.#pipeline;
  }

  /** Releases everything. */
  close() {
    this.#fail();
    this.#pipeline.free();
  }

  /** @param {Blob} chunk */
  async #read(chunk) {
    const bytes = new Uint8Array(await chunk.arrayBuffer());
    if (this.#hasFailed) return;
    for (const data of this.#packets.push(bytes)) {
      this.#decoder ??= this.#open();
      // The decoder uses no timestamps, but outputs them.
      const timestamp = this.#timestamp++;
      this.#decoder.decode(new EncodedAudioChunk({ type: "key", timestamp, data }));
    }
  }

  #open() {
    const { channels, preSkip } = this.#packets;
    // Several channels may have to be decoded twice; see `PcmPipeline.betterChannel`.
    if (channels !== 1) throw new Error("several channels");
    this.#framesToSkip = preSkip;
    const decoder = new AudioDecoder({
      output: (data) => this.#take(data),
      error: () => this.#fail(),
    });
    decoder.configure({ codec: "opus", sampleRate: OPUS_RATE, numberOfChannels: channels });
    return decoder;
  }

  /** @param {AudioData} data */
  #take(data) {
    try {
      if (this.#hasFailed) return;
      if (data.sampleRate !== OPUS_RATE || data.numberOfChannels !== 1)
        throw new Error("another format");
      const samples = new Float32Array(data.numberOfFrames);
      data.copyTo(samples, { planeIndex: 0, format: "f32-planar" });
      const skipped = Math.min(this.#framesToSkip, samples.length);
      this.#framesToSkip -= skipped;
      this.#pipeline.push(samples.subarray(skipped));
    } catch {
      this.#fail();
    } finally {
      // The data holds memory of the decoder, which is not garbage-collected.
      data.close();
    }
  }

  #fail() {
    this.#hasFailed = true;
    if (this.#decoder && this.#decoder.state !== "closed") this.#decoder.close();
  }
}
