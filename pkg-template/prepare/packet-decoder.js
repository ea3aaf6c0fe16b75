// Decodes packets with an AudioDecoder. Goes on after packets that the decoder rejects, and counts
// how much of the recording is lost by them.

/** @import { SampleBlock } from "../internal.js" */

import { SampleBuffers } from "./sample-buffers.js";

/** The highest number of packets that wait for the decoder, and of blocks for the caller. */
const MAX_QUEUED = 32;
/** The highest number of packets that are stored until they are decoded, to recover from errors. */
const MAX_PENDING = 4 * MAX_QUEUED;
/** The highest number of packets in a row that may be rejected. */
const MAX_CONSECUTIVE_ERRORS = 16;
/** The highest number of packets that may be rejected in total: each costs a decoder. */
const MAX_ERRORS = 500;
/**
 * The difference by which decoded audio may be shorter than its packets, in seconds. Some decoders
 * do not return the first frames, two or three of 1,024 samples.
 */
export const MAX_DELAY_SECONDS = 0.25;

/** The start of the message of the error if there is no AudioDecoder. */
export const NO_DECODER = "this browser has no usable AudioDecoder";

/**
 * @typedef {object} Packet
 * @property {number} timestamp in microseconds
 * @property {number | undefined} duration in microseconds
 * @property {Uint8Array} data
 * @property {number} endSeconds the end of the packet, from the start of its stream
 */

/**
 * @typedef {object} DecodedBlock
 * @property {Float32Array} samples
 * @property {number} frames
 * @property {number} channels
 */

/** @param {Packet} packet */
const secondsOf = ({ duration }) => (duration ?? 0) / 1e6;

/**
 * A decoder of the streams of one recording, one after the other: `configure()`, `feed()` for each
 * packet, and `finish()`. `ready()` and `finish()` yield the samples.
 */
export class PacketDecoder {
  /** The duration of lost audio, in seconds, of all streams that are finished. */
  missingSeconds = 0;
  /**
   * The sample rate of the decoded samples, in Hz, once it is known.
   * @type {number | undefined}
   */
  sampleRate;
  #isAllowed;
  /** @type {AudioDecoder | undefined} */
  #decoder;
  /** @type {AudioDecoderConfig | undefined} */
  #config;
  #isClosed = false;
  #wake = () => {};
  /** @type {DecodedBlock[]} */
  #blocks = [];
  #buffers = new SampleBuffers(MAX_QUEUED);
  /**
   * Packets that are not decoded yet.
   * @type {Packet[]}
   */
  #pending = [];
  /** @type {unknown} */
  #error;
  #consecutiveErrors = 0;
  #totalErrors = 0;
  // Seconds of the stream that were fed to the decoder, that it decoded, and that it rejected.
  #fedSeconds = 0;
  #decodedSeconds = 0;
  #rejectedSeconds = 0;
  /** The padding at the start of the stream, in seconds. */
  #headTrimSeconds = 0;
  /** The padding at the end of the stream, in seconds, as far as it is known. */
  #tailTrimSeconds = 0;
  /**
   * The frames of padding that are still to be cut off at the start.
   * @type {number | undefined}
   */
  #framesToSkip;

  /** @param {boolean} isAllowed whether an AudioDecoder may be used */
  constructor(isAllowed) {
    this.#isAllowed = isAllowed;
  }

  /**
   * Starts a stream. Rejects with a NotSupportedError if its codec cannot be decoded here.
   * @param {AudioDecoderConfig} config
   * @param {number} headTrimSeconds
   */
  async configure(config, headTrimSeconds) {
    this.#config = config;
    this.#fedSeconds = this.#decodedSeconds = this.#rejectedSeconds = this.#tailTrimSeconds = 0;
    this.#headTrimSeconds = headTrimSeconds;
    this.#framesToSkip = undefined;
    if (!this.#isAllowed || typeof AudioDecoder !== "function") {
      const hint = "(workers and http pages may lack it); pass WAV or MP3";
      throw new DOMException(`${NO_DECODER} here ${hint}`, "NotSupportedError");
    }
    const { supported } = await AudioDecoder.isConfigSupported(config);
    if (this.#isClosed) return;
    if (!supported) {
      const message = `AudioDecoder does not support ${config.codec}`;
      throw new DOMException(message, "NotSupportedError");
    }
    this.#open(config);
  }

  /**
   * Decodes a packet, as soon as the decoder has room.
   * @param {number} timestamp in microseconds
   * @param {number | undefined} duration in microseconds
   * @param {Uint8Array} data
   * @param {number} tailTrimSeconds
   */
  async feed(timestamp, duration, data, tailTrimSeconds) {
    const packet = { timestamp, duration, data, endSeconds: 0 };
    packet.endSeconds = this.#fedSeconds += secondsOf(packet);
    this.#tailTrimSeconds = tailTrimSeconds;
    this.#pending.push(packet);
    if (this.#pending.length > MAX_PENDING) this.#pending.shift();
    this.#decode(packet);
    await this.#until(
      () =>
        /** @type {AudioDecoder} */ (this.#decoder).decodeQueueSize < MAX_QUEUED ||
        this.#blocks.length >= MAX_QUEUED,
    );
  }

  /**
   * Yields the samples that are decoded, except for the last `heldSeconds`, which may be padding.
   * The last `cutSeconds` are padding.
   * @returns {Generator<SampleBlock, void>}
   */
  *ready(heldSeconds = this.#tailTrimSeconds, cutSeconds = 0) {
    const blocks = this.#blocks;
    const sampleRate = this.sampleRate ?? 0;
    let frames = blocks.reduce((sum, block) => sum + block.frames, 0);
    const held = Math.round((heldSeconds + cutSeconds) * sampleRate);
    while (blocks[0] && (cutSeconds > 0 || frames - blocks[0].frames >= held)) {
      const { samples, frames: length, channels } = blocks[0];
      blocks.shift();
      const count = Math.min(length, frames - held);
      frames -= length;
      if (count > 0) yield { samples: samples.subarray(0, count * channels), sampleRate, channels };
      this.#buffers.release(samples);
    }
  }

  /**
   * Ends a stream: waits until all packets are decoded, and yields their samples.
   * @returns {AsyncGenerator<SampleBlock, void>}
   */
  async *finish(tailTrimSeconds = this.#tailTrimSeconds) {
    while (this.#decoder) {
      let isFlushed = false;
      const decoder = this.#decoder;
      decoder.flush().then(
        () => {
          isFlushed = true;
          this.#wake();
        },
        (error) => {
          if (decoder === this.#decoder) this.#fail(error);
        },
      );
      await this.#until(
        () => isFlushed || decoder !== this.#decoder || this.#blocks.length >= MAX_QUEUED,
      );
      if (this.#isClosed) return;
      if (decoder !== this.#decoder || !isFlushed) {
        yield* this.ready(tailTrimSeconds);
        continue;
      }
      this.#closeDecoder();
    }
    if (!this.#config) return;
    this.#config = undefined;
    yield* this.ready(0, tailTrimSeconds);
    this.#pending.length = 0;
    const lostSeconds = this.#fedSeconds - this.#decodedSeconds - this.#rejectedSeconds;
    this.missingSeconds +=
      this.#rejectedSeconds + (lostSeconds > MAX_DELAY_SECONDS ? lostSeconds : 0);
  }

  /**
   * Throws if the sample rate of the recording changes.
   * @param {number} sampleRate
   */
  assertSampleRate(sampleRate) {
    this.sampleRate ??= sampleRate;
    if (sampleRate !== this.sampleRate) throw new Error("the sample rate changes in the middle");
  }

  /** Releases the decoder. Can be called at any time, and again. */
  close() {
    this.#isClosed = true;
    this.#blocks.length = 0;
    this.#pending.length = 0;
    this.#closeDecoder();
    this.#wake();
  }

  /** @param {AudioDecoderConfig} config */
  #open(config) {
    this.#error = undefined;
    const decoder = new AudioDecoder({
      output: (data) => this.#take(data),
      error: (error) => {
        if (decoder === this.#decoder) this.#fail(error);
      },
    });
    this.#decoder = decoder;
    decoder.addEventListener("dequeue", () => this.#wake());
    decoder.configure(config);
  }

  #closeDecoder() {
    const decoder = this.#decoder;
    this.#decoder = undefined;
    if (decoder && decoder.state !== "closed") decoder.close();
  }

  /** @param {Packet} packet */
  #decode({ timestamp, duration, data }) {
    if (this.#error) return;
    try {
      // Every audio packet can be decoded by itself.
      const chunk = new EncodedAudioChunk(
        /** @type {EncodedAudioChunkInit} */ ({ type: "key", timestamp, duration, data }),
      );
      /** @type {AudioDecoder} */ (this.#decoder).decode(chunk);
    } catch (error) {
      this.#fail(error);
    }
  }

  /**
   * Waits until `condition` holds, and goes on after packets that the decoder rejects.
   * @param {() => boolean} condition
   */
  async #until(condition) {
    for (;;) {
      if (this.#error) this.#recover();
      else if (this.#isClosed || condition()) return;
      else {
        await new Promise((resolve) => {
          this.#wake = () => resolve(undefined);
        });
      }
    }
  }

  /**
   * Opens a new decoder, because an error closes a decoder. The new one gets the packets after the
   * one that was rejected.
   */
  #recover() {
    const error = this.#error;
    this.#closeDecoder();
    if (this.#consecutiveErrors >= MAX_CONSECUTIVE_ERRORS || this.#totalErrors >= MAX_ERRORS)
      throw error;
    this.#consecutiveErrors++;
    this.#totalErrors++;
    const [rejected, ...rest] = this.#pending;
    if (rejected) this.#rejectedSeconds += secondsOf(rejected);
    this.#pending = rest;
    this.#open(/** @type {AudioDecoderConfig} */ (this.#config));
    for (const packet of rest) this.#decode(packet);
  }

  /** @param {AudioData} data */
  #take(data) {
    try {
      // Firefox returns an empty block where Vorbis begins, and cannot copy it.
      if (this.#isClosed || data.numberOfFrames === 0) return;
      const { numberOfFrames, numberOfChannels: channels, sampleRate } = data;
      this.assertSampleRate(sampleRate);
      this.#consecutiveErrors = 0;
      this.#decodedSeconds += numberOfFrames / sampleRate;
      const doneSeconds = this.#decodedSeconds + this.#rejectedSeconds + 1e-4;
      while ((this.#pending[0]?.endSeconds ?? Infinity) <= doneSeconds) this.#pending.shift();
      this.#framesToSkip ??= Math.round(this.#headTrimSeconds * sampleRate);
      const skipped = Math.min(this.#framesToSkip, numberOfFrames);
      this.#framesToSkip -= skipped;
      const frames = numberOfFrames - skipped;
      if (frames > 0)
        this.#blocks.push({ samples: this.#buffers.copy(data, skipped, frames), frames, channels });
    } catch (error) {
      this.#fail(error);
    } finally {
      // The data holds memory of the decoder, which is not garbage-collected.
      data.close();
    }
    this.#wake();
  }

  /** @param {unknown} error */
  #fail(error) {
    this.#error ??= error;
    this.#wake();
  }
}
