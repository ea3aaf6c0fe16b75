// From samples to a file, while they come.

import { newBlob } from "./blobs.js";
import { encoded } from "./encode-mp3.js";
import { madeAnew, madeMp3 } from "./prepared-audio.js";

/** How much is gathered before it leaves wasm memory, in bytes. */
const FULL_BYTES = 256 * 1024;

/**
 * A take in the making. Its samples are kept in blobs and not in wasm memory, which never shrinks: an hour of them has
 * 115 MB.
 */
export class Work {
  #core;
  #ear;
  #blobs = [];

  /**
   * Of samples, which `is16Bit` says to have 16 bits or fewer; throws where the rate cannot be used. Several channels are
   * downmixed, or only `channel` of them is taken.
   */
  constructor(core, sampleRate, is16Bit, channel) {
    this.#core = core;
    this.#ear = core.preparer(sampleRate, is16Bit, channel);
  }

  /** Takes the next samples, in frames of so many channels. */
  feed(samples, channels = 1) {
    this.#ear.push(samples, channels);
    this.#tidy();
  }

  /** The channel that is worth more than the mean of all, now that all was taken; `undefined` if there is none. */
  get betterChannel() {
    return this.#ear.betterChannel();
  }

  /** Takes the next bytes of the WAV that was inspected. */
  read(inspection, bytes) {
    this.#ear.read(inspection, bytes);
    this.#tidy();
  }

  /** Whether nothing was made so far. */
  get isEmpty() {
    return this.#blobs.length === 0 && this.#ear.pcmBytes === 0;
  }

  /** All of it; asked again, the same, so that a browser that had no room for it may have some later. */
  finish(trim, how = {}) {
    const [core, ear] = [this.#core, this.#ear];
    ear.finish(trim);
    const samples = newBlob([...this.#blobs, this.#pcm()], "").slice(ear.start * 2, ear.end * 2);
    return {
      /** The file that is wanted. */
      async file({ kbps }) {
        const rate = kbps && core.kbpsAt(kbps, ear.sampleRate);
        if (!rate) return madeAnew(core, ear, 1, samples, how);
        return madeMp3(core, await encoded(samples, ear.sampleRate, rate, how), ear, how);
      },
    };
  }

  free() {
    this.#ear.free();
  }

  /** Moves what was gathered out of wasm memory, if it is enough. Where the browser has no room for a blob, it stays. */
  #tidy() {
    if (this.#ear.pcmBytes < FULL_BYTES) return;
    try {
      this.#blobs.push(this.#pcm());
    } catch {
      return;
    }
    this.#ear.clear();
  }

  /** A blob takes its own copy; one more on the way would wait for the garbage collector. */
  #pcm() {
    // Wasm memory that grows under a view empties it; even making one can take memory, for its place in a table.
    const view = this.#ear.pcm();
    return newBlob([view.length === this.#ear.pcmBytes ? view : this.#ear.pcm()], "");
  }
}
