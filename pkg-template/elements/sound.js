// The sound of a take, for playing and drawing parts of it.

import { readWavFormat } from "./wav-format.js";

/** @typedef {import("./wav-format.js").WavFormat} WavFormat */
/**
 * @typedef {object} Sound
 * @property {number} sampleRate
 * @property {number} durationSeconds
 * @property {(startFrame: number, endFrame: number) => Promise<Float32Array<ArrayBuffer>[]>} read
 * @property {(buckets: number, isWanted: () => boolean) => Promise<Float32Array>} peaks
 */

/** The bytes of a file that are read for its header. */
const HEAD_BYTES = 65_536;
/** The bytes of a long file that are read at a time, so that the page stays responsive. */
const BLOCK_BYTES = 1_048_576;
/** Larger files are decoded at a lower rate: an hour at 48 kHz takes 691 MB. */
const SMALL_BYTES = 4_000_000;

/**
 * Opens 16-bit WAV, which takes are, in place, and anything else by the browser's decoder.
 * @param {Blob} blob
 * @returns {Promise<Sound>}
 */
export async function openSound(blob) {
  const head = new DataView(await blob.slice(0, HEAD_BYTES).arrayBuffer());
  const format = readWavFormat(head, blob.size);
  if (format) return new WavSound(blob, format);
  const context = new OfflineAudioContext(1, 1, blob.size > SMALL_BYTES ? 16_000 : 48_000);
  return new DecodedSound(await context.decodeAudioData(await blob.arrayBuffer()));
}

/** Collects the smallest and largest sample of each bucket, in pairs. */
class PeakCollector {
  /** @type {number} */
  #scale;
  /** @type {number} */
  #bucketsPerSample;
  #at = 0;

  /**
   * @param {number} buckets
   * @param {number} samples
   * @param {number} scale
   */
  constructor(buckets, samples, scale) {
    this.peaks = new Float32Array(buckets * 2);
    this.#bucketsPerSample = buckets / samples;
    this.#scale = scale;
  }

  /** @param {Int16Array | Float32Array} samples */
  add(samples) {
    const { length } = samples;
    const perSample = this.#bucketsPerSample;
    for (let index = 0; index < length; ) {
      const bucket = Math.floor((this.#at + index) * perSample);
      const end = Math.min(
        length,
        Math.max(index + 1, Math.ceil((bucket + 1) / perSample) - this.#at),
      );
      let low = 0;
      let high = 0;
      for (; index < end; index++) {
        const sample = samples[index] ?? 0;
        if (sample < low) low = sample;
        else if (sample > high) high = sample;
      }
      const place = Math.min(bucket * 2, this.peaks.length - 2);
      const [lowest = 0, highest = 0] = this.peaks.subarray(place, place + 2);
      this.peaks[place] = Math.min(lowest, low * this.#scale);
      this.peaks[place + 1] = Math.max(highest, high * this.#scale);
    }
    this.#at += length;
  }
}

class WavSound {
  /** @type {Blob} */
  #blob;
  /** @type {WavFormat} */
  #format;

  /**
   * @param {Blob} blob
   * @param {WavFormat} format
   */
  constructor(blob, format) {
    this.#blob = blob;
    this.#format = format;
    this.sampleRate = format.sampleRate;
    this.durationSeconds = format.frames / format.sampleRate;
  }

  /**
   * Returns the samples from `startFrame` to before `endFrame`, of each channel.
   * @param {number} startFrame
   * @param {number} endFrame
   */
  async read(startFrame, endFrame) {
    const { channels } = this.#format;
    const samples = await this.#samples(startFrame, endFrame);
    return Array.from({ length: channels }, (_, channel) =>
      Float32Array.from(
        { length: samples.length / channels },
        (_, at) => (samples[at * channels + channel] ?? 0) / 32_768,
      ),
    );
  }

  /**
   * @param {number} buckets
   * @param {() => boolean} isWanted
   */
  async peaks(buckets, isWanted) {
    const { frames, channels } = this.#format;
    const collector = new PeakCollector(buckets, frames * channels, 1 / 32_768);
    const step = Math.floor(BLOCK_BYTES / (2 * channels));
    for (let frame = 0; frame < frames && isWanted(); frame += step) {
      collector.add(await this.#samples(frame, Math.min(frames, frame + step)));
    }
    return collector.peaks;
  }

  /**
   * @param {number} startFrame
   * @param {number} endFrame
   */
  async #samples(startFrame, endFrame) {
    const { dataBytes, channels } = this.#format;
    /** @param {number} frame */
    const at = (frame) => dataBytes + frame * channels * 2;
    // All browsers run on little-endian machines, as WAV is.
    return new Int16Array(await this.#blob.slice(at(startFrame), at(endFrame)).arrayBuffer());
  }
}

class DecodedSound {
  /** @type {AudioBuffer} */
  #buffer;

  /** @param {AudioBuffer} buffer */
  constructor(buffer) {
    this.#buffer = buffer;
    this.sampleRate = buffer.sampleRate;
    this.durationSeconds = buffer.duration;
  }

  /**
   * @param {number} startFrame
   * @param {number} endFrame
   */
  async read(startFrame, endFrame) {
    return this.#channels().map((samples) => samples.slice(startFrame, endFrame));
  }

  /** @param {number} buckets */
  async peaks(buckets) {
    const [samples = new Float32Array()] = this.#channels();
    const collector = new PeakCollector(buckets, samples.length, 1);
    collector.add(samples);
    return collector.peaks;
  }

  #channels() {
    return Array.from({ length: this.#buffer.numberOfChannels }, (_, channel) =>
      this.#buffer.getChannelData(channel),
    );
  }
}
