// Decodes a container in parts: the demuxer reads packets, and an AudioDecoder decodes them.

/** @import { SampleBlock } from "../internal.js" */
/** @import { ReadBytes } from "./demuxed-file.js" */

import { CODEC, DemuxedFile, END, PACKET } from "./demuxed-file.js";
import { PacketDecoder } from "./packet-decoder.js";

/** A recording in a container, which is demuxed and decoded. */
export class ContainerDecoder {
  /**
   * The seconds that the container promises and does not hold. Complete after the last block, or
   * after `survey()`.
   */
  missingSeconds = 0;
  #file;
  #decoder;

  /**
   * @param {DemuxedFile} file
   * @param {boolean} mayUseDecoder
   */
  constructor(file, mayUseDecoder) {
    this.#file = file;
    this.#decoder = new PacketDecoder(mayUseDecoder);
  }

  /**
   * Opens a file of `totalBytes`.
   * @param {string} container
   * @param {number} totalBytes
   * @param {ReadBytes} read
   * @param {boolean} mayUseDecoder whether an AudioDecoder may be used; plain samples need none
   */
  static async open(container, totalBytes, read, mayUseDecoder) {
    return new ContainerDecoder(await DemuxedFile.open(container, totalBytes, read), mayUseDecoder);
  }

  /** The codec, once it is known. */
  get codec() {
    return this.#file.codec;
  }

  /** The sample rate that the container declares, in Hz, once it is known. */
  get sampleRate() {
    return this.#file.sampleRate;
  }

  /**
   * Yields all samples. Rejects with a NotSupportedError if this browser cannot decode the codec,
   * with a TruncatedError if the file ends before its audio, and with another error if the file is
   * broken.
   * @returns {AsyncGenerator<SampleBlock, void>}
   */
  async *blocks() {
    const file = this.#file;
    const decoder = this.#decoder;
    try {
      for (;;) {
        const event = await file.advance();
        const { demuxer } = file;
        if (event === PACKET) {
          const { timestamp, duration, tailTrimSeconds } = demuxer;
          await decoder.feed(timestamp, duration, demuxer.data(), tailTrimSeconds);
          yield* decoder.ready();
        } else if (event === CODEC) {
          yield* decoder.finish();
          const config = file.readConfig();
          if (config.codec !== "pcm") await decoder.configure(config, demuxer.headTrimSeconds);
        } else if (event === END) {
          yield* decoder.finish(demuxer.tailTrimSeconds);
          this.missingSeconds = decoder.missingSeconds + demuxer.missingSeconds;
          return;
        } else {
          const { sampleRate, channels } = demuxer;
          decoder.assertSampleRate(sampleRate);
          yield { samples: demuxer.samples(), sampleRate, channels };
        }
      }
    } catch (error) {
      if (file.isClosed || file.isUnreadable || decoder.sampleRate === undefined) throw error;
      // The samples before a broken part are useful.
      yield* decoder.ready(0);
      this.missingSeconds = Infinity;
    }
  }

  /** Reads the whole file without decoding it; resolves to its duration, in seconds. */
  async survey() {
    const file = this.#file;
    let seconds = 0;
    for (;;) {
      const event = await file.advance();
      const { demuxer } = file;
      if (event === CODEC) {
        file.readConfig();
        seconds -= demuxer.headTrimSeconds;
      } else if (event === END) {
        this.missingSeconds = demuxer.missingSeconds;
        return Math.max(0, seconds + demuxer.seconds - demuxer.tailTrimSeconds);
      } else {
        demuxer.data();
      }
    }
  }

  /** Releases the decoder and the demuxer. Can be called at any time, and again. */
  close() {
    this.#file.close();
    this.#decoder.close();
  }
}
