// Copies decoded samples out of the decoder.

/** Buffers that are filled again and again, because garbage of their size is collected late. */
export class SampleBuffers {
  /** @type {Float32Array[]} */
  #free = [];
  /** @type {Float32Array | undefined} */
  #plane;
  #maxFree;

  /** @param {number} maxFree the highest number of buffers that are stored to be filled again */
  constructor(maxFree) {
    this.#maxFree = maxFree;
  }

  /**
   * Returns the frames from `start` on, with interleaved channels.
   * @param {AudioData} data
   * @param {number} start
   * @param {number} frames
   */
  copy(data, start, frames) {
    const channels = data.numberOfChannels;
    const size = frames * channels;
    const free = this.#free.pop();
    const samples = free?.length === size ? free : new Float32Array(size);
    if (channels > 1 && this.#plane?.length !== frames) this.#plane = new Float32Array(frames);
    const plane = /** @type {Float32Array<ArrayBuffer>} */ (channels > 1 ? this.#plane : samples);
    for (let planeIndex = 0; planeIndex < channels; planeIndex++) {
      data.copyTo(plane, {
        planeIndex,
        format: "f32-planar",
        frameOffset: start,
        frameCount: frames,
      });
      if (channels > 1)
        for (let n = 0; n < frames; n++)
          samples[n * channels + planeIndex] = /** @type {number} */ (plane[n]);
    }
    return samples;
  }

  /**
   * Takes back samples that are no longer needed.
   * @param {Float32Array} samples
   */
  release(samples) {
    if (this.#free.length < this.#maxFree) this.#free.push(samples);
  }
}
