// Reads a container with the demuxer, a wasm module of its own. Only pages that decode files or
// long recordings load it. The file is read in parts, so that only one part at a time is in memory.

/** @import { Demuxer } from "../wasm/demux.js" */

import { lazyWasmModule } from "../loading/wasm-module.js";

/**
 * Loads the demuxer, once; rejects with a WasmLoadError.
 * @type {() => Promise<typeof import("../wasm/demux.js")>}
 */
export const loadDemuxer = lazyWasmModule("the demuxer", () =>
  Promise.all([import("../wasm/demux.js"), import("../wasm/demux-inline.js")]),
);

/** The demuxer has reached the end. */
export const END = 0;
/** The demuxer needs more bytes. */
const NEEDS_BYTES = 1;
/** The demuxer has read a codec configuration. */
export const CODEC = 2;
/** The demuxer has read a packet for a decoder. Any other event is a packet of plain samples. */
export const PACKET = 3;

/**
 * Reads the bytes from `start` to `end` of a file.
 * @typedef {(start: number, end: number) => Promise<Uint8Array>} ReadBytes
 */

/** A recording in a container, whose packets are read one after the other. */
export class DemuxedFile {
  /**
   * The codec, once it is known.
   * @type {string | undefined}
   */
  codec;
  /**
   * The sample rate that the container declares, in Hz, once it is known.
   * @type {number | undefined}
   */
  sampleRate;
  isClosed = false;
  /** True if the last bytes could not be read. */
  isUnreadable = false;
  /** @type {Demuxer | undefined} */
  #demuxer;
  #read;

  /**
   * @param {Demuxer} demuxer
   * @param {ReadBytes} read
   */
  constructor(demuxer, read) {
    this.#demuxer = demuxer;
    this.#read = read;
  }

  /**
   * Opens a file of `totalBytes`.
   * @param {string} container
   * @param {number} totalBytes
   * @param {ReadBytes} read
   */
  static async open(container, totalBytes, read) {
    const { Demuxer } = await loadDemuxer();
    return new DemuxedFile(new Demuxer(container, totalBytes), read);
  }

  /** The demuxer, which describes the last event. Undefined after `close()`. */
  get demuxer() {
    return /** @type {Demuxer} */ (this.#demuxer);
  }

  /** Resolves to the next event. Rejects with an error of the demuxer; see its `advance()`. */
  async advance() {
    for (;;) {
      if (this.isClosed) throw new Error("closed");
      const { demuxer } = this;
      const event = demuxer.advance();
      if (event !== NEEDS_BYTES) return event;
      this.isUnreadable = true;
      const bytes = await this.#read(demuxer.wantedAt, demuxer.wantedEnd);
      this.isUnreadable = false;
      if (!this.isClosed) demuxer.supply(bytes);
    }
  }

  /** Returns the codec configuration that was just read, for an AudioDecoder. */
  readConfig() {
    const { codec, sampleRate, channels, description } = this.demuxer;
    this.codec = codec;
    this.sampleRate = sampleRate;
    return /** @type {AudioDecoderConfig} */ ({
      codec,
      sampleRate,
      numberOfChannels: channels,
      ...(description && { description }),
    });
  }

  /** Releases the demuxer. Can be called at any time, and again. */
  close() {
    this.isClosed = true;
    const demuxer = this.#demuxer;
    this.#demuxer = undefined;
    try {
      demuxer?.free();
    } catch {
      // The demuxer trapped, and wasm-bindgen considers it still in use.
    }
  }
}
