// Plays parts of a sound, exact to the sample.

/** @typedef {import("./sound.js").Sound} Sound */
/**
 * @typedef {object} Part
 * @property {Set<AudioBufferSourceNode>} sources
 * @property {number} startSeconds
 * @property {number} endSeconds
 * @property {number} [startedAt] in the time of the context
 * @property {(isComplete: boolean) => void} finish
 */

/** The length that is read and scheduled at a time. */
const SEGMENT_SECONDS = 20;
/**
 * A running context keeps a phone awake. Suspending it at once would cut what the loudspeaker
 * still has.
 */
const IDLE_MS = 1_000;
/** Rise and fall at the ends of a part, without which it clicks. */
const FADE_SECONDS = 0.003;

/** Ignores the rejections of a context that is closed meanwhile. */
const ignore = () => {};

export class Player {
  /** Contexts by sample rate, because a context of another rate would resample each segment. */
  #contexts = /** @type {Map<number, AudioContext>} */ (new Map());
  /** @type {AudioContext | undefined} */
  #context;
  /** @type {Part | undefined} */
  #playing;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #idleTimer;

  get isPlaying() {
    return this.#playing !== undefined;
  }

  /** The position in the sound, in seconds; `undefined` while nothing is heard. */
  get currentTime() {
    const part = this.#playing;
    if (part?.startedAt === undefined || !this.#context) return undefined;
    const { startedAt, startSeconds, endSeconds } = part;
    const { currentTime, outputLatency = 0 } = this.#context;
    return Math.min(
      endSeconds,
      startSeconds + Math.max(0, currentTime - outputLatency - startedAt),
    );
  }

  /**
   * Plays a part, instead of what plays. Resolves to true after its end, and to false where it is
   * stopped or another part is played.
   * @param {Sound} sound
   * @param {number} startSeconds
   * @param {number} endSeconds
   * @returns {Promise<boolean>}
   */
  play(sound, startSeconds, endSeconds) {
    this.stop();
    clearTimeout(this.#idleTimer);
    const context = this.unlock(sound.sampleRate);
    this.#context = context;
    return new Promise((finish, fail) => {
      /** @type {Part} */
      const part = { sources: new Set(), startSeconds, endSeconds, finish };
      this.#playing = part;
      this.#schedule(context, sound, part).catch((error) => {
        if (this.#playing === part) this.#end(false);
        fail(error);
      });
    });
  }

  /**
   * Opens the loudspeaker for sounds of this rate. Safari allows that only during a click.
   * @param {number} sampleRate
   */
  unlock(sampleRate) {
    const context = this.#contexts.get(sampleRate) ?? new AudioContext({ sampleRate });
    this.#contexts.set(sampleRate, context);
    context.resume().catch(ignore);
    return context;
  }

  stop() {
    this.#end(false);
  }

  /** Stops, and closes the contexts. */
  close() {
    this.stop();
    for (const context of this.#contexts.values()) context.close().catch(ignore);
    this.#contexts.clear();
  }

  /** @param {boolean} isComplete */
  #end(isComplete) {
    const part = this.#playing;
    if (!part) return;
    this.#playing = undefined;
    for (const source of part.sources) {
      source.disconnect();
      source.stop();
    }
    part.finish(isComplete);
    this.#idleTimer = setTimeout(() => {
      for (const context of this.#contexts.values()) context.suspend().catch(ignore);
    }, IDLE_MS);
  }

  /**
   * @param {AudioContext} context
   * @param {Sound} sound
   * @param {Part} part
   */
  async #schedule(context, sound, part) {
    const { sampleRate } = sound;
    const firstFrame = Math.round(part.startSeconds * sampleRate);
    const endFrame = Math.round(Math.min(part.endSeconds, sound.durationSeconds) * sampleRate);
    const fadeFrames = Math.round(FADE_SECONDS * sampleRate);
    const step = SEGMENT_SECONDS * sampleRate;
    /** @type {Promise<Event> | undefined} */
    let previous;
    for (let frame = firstFrame; frame < endFrame; frame += step) {
      const end = Math.min(endFrame, frame + step);
      const channels = await sound.read(frame, end);
      if (this.#playing !== part) return;
      for (const samples of channels) {
        if (frame === firstFrame && frame > 0) fade(samples, fadeFrames, (index) => index);
        if (end === endFrame) fade(samples, fadeFrames, (index) => samples.length - 1 - index);
      }
      part.startedAt ??= context.currentTime;
      const source = startSegment(
        context,
        channels,
        sampleRate,
        part.startedAt + (frame - firstFrame) / sampleRate,
      );
      part.sources.add(source);
      /** @type {Promise<Event>} */
      const ended = new Promise((resolve) =>
        source.addEventListener("ended", resolve, { once: true }),
      );
      // One segment is always scheduled ahead of the one that is heard.
      await previous;
      if (this.#playing !== part) return;
      previous = ended;
    }
    await previous;
    if (this.#playing === part) this.#end(true);
  }
}

/**
 * @param {AudioContext} context
 * @param {Float32Array<ArrayBuffer>[]} channels
 * @param {number} sampleRate
 * @param {number} startTime
 */
function startSegment(context, channels, sampleRate, startTime) {
  const buffer = context.createBuffer(channels.length, channels[0]?.length ?? 1, sampleRate);
  for (const [channel, samples] of channels.entries()) buffer.copyToChannel(samples, channel);
  const source = context.createBufferSource();
  // A source takes the samples that its buffer has now: in Firefox, later ones are not heard.
  source.buffer = buffer;
  source.connect(context.destination);
  source.start(startTime);
  return source;
}

/**
 * @param {Float32Array} samples
 * @param {number} frames
 * @param {(index: number) => number} place
 */
function fade(samples, frames, place) {
  for (let index = 0; index < Math.min(frames, samples.length); index++)
    samples[place(index)] = ((samples[place(index)] ?? 0) * index) / frames;
}
