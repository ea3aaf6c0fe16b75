// Decodes an encoded recording while it arrives, so that its take is ready soon after `stop()`.
// This module and those that it imports are one chunk. Without it, or if anything is unusual, the
// recording is decoded after its end.

import { WebmPackets } from "./webm-packets.js";

/** @import { Core } from "../internal.js" */

/** The lengths of a frame of Opus by its configuration, in milliseconds (RFC 6716, 3.1). */
const SILK_MS = [10, 20, 40, 60];
const HYBRID_MS = [10, 20];
const CELT_MS = [2.5, 5, 10, 20];
/** The rate at which Opus is decoded, in Hz. */
const OPUS_RATE = 48_000;
/**
 * The time in which the delay of chunks is measured, in milliseconds. The clock of a microphone
 * differs from that of the page, by 60 ms after 10 minutes, and a device may drop sound.
 */
const MEASURED_MS = 3_000;

/** The largest recording that is decoded while the page waits for nothing, in bytes: 30 s. */
const MAX_LATE_BYTES = 512 * 1024;

/**
 * Returns true if recordings of this type can be decoded while they arrive. WebKit is left out,
 * because its AudioDecoder has defects; see prepare/webkit.js.
 * @param {string} type
 */
const canDecodeLive = (type) =>
  /webm.*opus/.test(type) && typeof AudioDecoder === "function" && !("line" in new Error());

/**
 * Returns a decoder of a recording, with the chunks so far; `undefined` if it cannot be decoded while
 * it arrives, or is too long already.
 * @param {Core} core
 * @param {string} type
 * @param {Blob[]} chunks
 */
export function openLiveDecoder(core, type, chunks) {
  if (!canDecodeLive(type) || new Blob(chunks).size > MAX_LATE_BYTES) return undefined;
  const decoder = new LiveDecoder(core);
  for (const chunk of chunks) decoder.push(chunk);
  return decoder;
}

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
  #recordedMs = 0;
  /**
   * When each of the latest chunks arrived, and when the recording would have begun if it had taken
   * no time to arrive.
   * @type {{ arrivedMs: number, startMs: number }[]}
   */
  #arrivals = [];

  /** @param {Pick<Core, "PcmPipeline">} core */
  constructor({ PcmPipeline }) {
    this.#pipeline = new PcmPipeline(OPUS_RATE, false);
  }

  /**
   * Takes the next chunk of the recorder.
   * @param {Blob} chunk
   * @param {number} [arrivedMs] when it arrived, if that is known
   */
  push(chunk, arrivedMs = Infinity) {
    this.#reading = this.#reading
      .then(() => this.#read(chunk, arrivedMs))
      .catch(() => this.#fail());
  }

  /**
   * Resolves to whether the chunks so far contain what was recorded until then; to `undefined` if the
   * decoder has failed.
   * @param {number} ms
   */
  async hasReached(ms) {
    await this.#reading;
    if (this.#hasFailed) return undefined;
    // A busy page reads a chunk late, so the earliest start counts.
    const startMs = Math.min(...this.#arrivals.map((arrival) => arrival.startMs));
    return startMs < Infinity && startMs + this.#recordedMs >= ms;
  }

  /** Measures anew when the recording began, after a pause. */
  resume() {
    this.#arrivals = [];
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

  /**
   * @param {Blob} chunk
   * @param {number} arrivedMs
   */
  async #read(chunk, arrivedMs) {
    const bytes = new Uint8Array(await chunk.arrayBuffer());
    if (this.#hasFailed) return;
    for (const data of this.#packets.push(bytes)) {
      this.#decoder ??= this.#open();
      this.#recordedMs += packetMs(data);
      // The decoder uses no timestamps, but outputs them.
      const timestamp = this.#timestamp++;
      this.#decoder.decode(new EncodedAudioChunk({ type: "key", timestamp, data }));
    }
    if (arrivedMs === Infinity) return;
    this.#arrivals = this.#arrivals.filter((one) => one.arrivedMs > arrivedMs - MEASURED_MS);
    this.#arrivals.push({ arrivedMs, startMs: arrivedMs - this.#recordedMs });
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

/**
 * Returns the length of an Opus packet, in milliseconds.
 * @param {Uint8Array} packet
 */
function packetMs([configuration = 0, count = 0]) {
  const index = configuration >> 3;
  const lengths = index < 12 ? SILK_MS : index < 16 ? HYBRID_MS : CELT_MS;
  const frames = [1, 2, 2, count & 63][configuration & 3] ?? 1;
  return frames * (lengths[index % lengths.length] ?? 0);
}
