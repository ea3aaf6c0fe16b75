// Decoding of containers, block by block, by WebCodecs. That wants packets: the demuxer is a wasm module of its own,
// which only those load who decode files or long recordings. It reads the file in parts, so that no more of it is in
// memory than a part.

import { lazyWasmModule } from "../loading/wasm-module.js";

/** Loads the demuxer, once; rejects with a WasmLoadError. */
export const loadDemuxer = lazyWasmModule("the demuxer", () =>
  Promise.all([import("../wasm/demux.js"), import("../wasm/demux-inline.js")]),
);

/** How many packets may wait for the decoder, and how many blocks for the caller: a long recording is never in memory. */
const MOST_WAITING = 32;
/** How many packets at most are remembered until their sound is there, to go on with them after an error. */
const MOST_REMEMBERED = 4 * MOST_WAITING;
/** How many packets in a row may be refused before the rest is given up. */
const MOST_ERRORS_IN_A_ROW = 16;
/** How many packets may be refused at all: each costs a decoder. */
const MOST_ERRORS = 500;
/**
 * How much shorter what was decoded may be than its packets, in seconds: some decoders keep the first frames for
 * themselves, two or three of 1,024 samples.
 */
const DELAY_SECONDS = 0.25;

/** The largest file that a window of Safari gives to `decodeAudioData` first, in bytes: some ten minutes. */
const SAFARI_WHOLE_BYTES = 4 * 1024 * 1024;

const NO_DECODER = "this browser has no usable AudioDecoder";

/** Only errors of JavaScriptCore know their line by this name. In workers, WebKit has no better mark. */
const isWebKit = () => "line" in new Error();
/**
 * Whether this is WebKitGTK or WPE. Version 2.50.6 has an AudioDecoder that says that it supports all, and crashes the page, or
 * hangs, with every coding that has a header; a page that has crashed can test nothing.
 */
const isWebKitGtk = () => isWebKit() && !/^(Mac|iP)/.test(navigator.platform);

/** The results of the demuxer's `advance()`. */
const [END, MORE, CODING, PACKET] = [0, 1, 2, 3];

/** The containers that are taken apart. */
const TAKEN_APART = ["webm", "ogg", "mp4", "flac", "aac", "mp3", "wav"];

/**
 * The blocks of a recording of `totalBytes`, in parts; where that cannot be and the browser decodes at once, all at once.
 * `tell` is called behind the last block with how much is missing of what the container promises, in seconds. `means` are
 * what it takes from the core's modules: imported here, they would become files of their own.
 *
 * - `read(from, to)` resolves to the bytes there;
 * - `withTimeLimit(work)` resolves to what `work` does, or `undefined` if that takes too long;
 * - `failed(reason, message, cause)` is an error of the package's, which `isFailure` knows;
 * - `whole(rate)` resolves to an AudioBuffer of all of it, and `blocksOf` are its blocks; absent where there is none.
 */
export async function* decodeWithWebCodecs(container, totalBytes, tell, means) {
  const isGtk = isWebKitGtk();
  // Safari 26 has crashed in AudioData too (https://bugs.webkit.org/show_bug.cgi?id=302521); short files do without.
  const isShortInSafari = !isGtk && isWebKit() && means.whole && totalBytes <= SAFARI_WHOLE_BYTES;
  let hasBegun = false;
  try {
    for await (const block of inParts(
      container,
      totalBytes,
      tell,
      means,
      !isGtk && !isShortInSafari,
    )) {
      hasBegun = true;
      yield block;
    }
  } catch (thrown) {
    if (hasBegun || !means.whole || !means.isFailure(thrown)) throw thrown;
    try {
      for await (const block of allAtOnce(container, totalBytes, tell, means, thrown)) {
        hasBegun = true;
        yield block;
      }
    } catch (failure) {
      if (hasBegun || !isShortInSafari) throw failure;
      yield* inParts(container, totalBytes, tell, means, true);
    }
  }
}

/** Decodes as it reads; by AudioDecoder only if `mayUseDecoder`. */
async function* inParts(container, totalBytes, tell, means, mayUseDecoder) {
  if (!TAKEN_APART.includes(container)) {
    throw means.failed("unsupported_codec", `this browser cannot decode ${container} files`);
  }
  const decoding = await WebCodecsDecoder.open(container, totalBytes, means.read, mayUseDecoder);
  const blocks = decoding.blocks();
  try {
    for (;;) {
      const step = await nextOf(blocks, decoding, container, means);
      if (step.done) break;
      yield step.value;
    }
    tell(decoding.missingSeconds);
  } finally {
    // Gives the decoder back, whichever way the work ends.
    decoding.close();
  }
}

async function nextOf(blocks, { codec }, container, { withTimeLimit, failed, isFailure }) {
  let step;
  try {
    step = await withTimeLimit(blocks.next());
  } catch (cause) {
    throw isFailure(cause) ? cause : refused(codec, container, cause, failed);
  }
  return (
    step ??
    Promise.reject(
      failed("undecodable", `this browser did not finish decoding the ${container} file`),
    )
  );
}

/** `refusal` says why it could not be done in parts. What the container promises counts all the same. */
async function* allAtOnce(container, totalBytes, tell, { read, whole, blocksOf, failed }, refusal) {
  // Without an index, or cut off before its sound, nothing can be decoded, and WebKit never settles on some of these.
  if (refusal.reason === "truncated") throw refusal;
  const {
    sampleRate,
    seconds = 0,
    missingSeconds = 0,
  } = await surveyed(container, totalBytes, read);
  let buffer;
  try {
    buffer = await whole(sampleRate);
  } catch (failure) {
    // Of the reasons, the one that says most. Firefox decodes no FLAC that is cut off.
    if (missingSeconds > DELAY_SECONDS)
      throw failed("truncated", `the ${container} file is cut off or damaged`, failure);
    throw refusal.reason === "undecodable" || refusal.cause?.message.includes(NO_DECODER)
      ? failure
      : refusal;
  }
  yield* blocksOf(buffer);
  const unheard = seconds - buffer.duration;
  tell(missingSeconds + (unheard > DELAY_SECONDS ? unheard : 0));
}

/** Resolves to what the container says, if it is understood: `{ sampleRate, seconds, missingSeconds }`. */
async function surveyed(container, totalBytes, read) {
  let decoding;
  try {
    decoding = await WebCodecsDecoder.open(container, totalBytes, read);
    const seconds = await decoding.survey();
    return { sampleRate: decoding.sampleRate, seconds, missingSeconds: decoding.missingSeconds };
  } catch {
    return { sampleRate: decoding?.sampleRate || undefined };
  } finally {
    decoding?.close();
  }
}

/** A recording being taken apart and decoded. */
class WebCodecsDecoder {
  /** The coding, as soon as it is known; in Hz, what the container says of it. */
  codec;
  sampleRate;
  /** How much of what the container promises did not come, in seconds; complete behind the last block. */
  missingSeconds = 0;
  #demuxer;
  #read;
  #mayUseDecoder;
  #decoder;
  #isClosed = false;
  #isUnreadable = false;
  #wake = () => {};
  /** Decoded and not taken yet: `{ samples, frames, channels }`. */
  #blocks = [];
  /** Blocks that were taken, to be filled again: garbage of this size is collected late. */
  #free = [];
  #plane;
  /** Packets whose sound is not there yet, and when they end, in seconds from the start of their coding. */
  #remembered = [];
  #error;
  #errors = { inARow: 0, all: 0 };
  #rate;
  #config;
  /** In seconds from the start of the coding: what the decoder got, what came of it, what it refused. */
  #fed;
  #heard;
  #refused;
  /** The filling at the ends of the coding, in seconds, and the part of it that is still to be cut off, in frames. */
  #headSeconds;
  #tailSeconds = 0;
  #skipped;

  /** `read(from, to)` resolves to the bytes of the file there, whose size is `totalBytes`. */
  static async open(container, totalBytes, read, mayUseDecoder) {
    const { Demuxer } = await loadDemuxer();
    const decoding = new WebCodecsDecoder();
    decoding.#demuxer = new Demuxer(container, totalBytes);
    decoding.#read = read;
    decoding.#mayUseDecoder = mayUseDecoder;
    return decoding;
  }

  /**
   * The blocks of all of it: `{ samples, sampleRate, channels }`, in frames of so many channels. Fails with a
   * NotSupportedError where a coding is not known, here or to the browser; with a TruncatedError where the file ends before
   * its sound; with another error where it is broken.
   */
  async *blocks() {
    try {
      for (;;) {
        const event = await this.#advance();
        if (event === PACKET) {
          await this.#feed();
          yield* this.#ready(this.#tailSeconds);
        } else if (event === CODING) {
          yield* this.#finished();
          await this.#configure();
        } else if (event === END) {
          this.#tailSeconds = this.#demuxer.tailTrimSeconds;
          yield* this.#finished();
          this.missingSeconds += this.#demuxer.missingSeconds;
          return;
        } else {
          yield* this.#sounding(this.#demuxer);
        }
      }
    } catch (error) {
      if (this.#isClosed || this.#isUnreadable || this.#rate === undefined) throw error;
      // The blocks until then are of use.
      yield* this.#ready(0);
      this.missingSeconds = Infinity;
    }
  }

  /** Reads all of it without decoding; resolves to how many seconds there are. What is missing is known then. */
  async survey() {
    let seconds = 0;
    for (;;) {
      const event = await this.#advance();
      if (event === CODING) {
        this.#describe();
        seconds -= this.#demuxer.headTrimSeconds;
      } else if (event === END) {
        this.missingSeconds = this.#demuxer.missingSeconds;
        return Math.max(0, seconds + this.#demuxer.seconds - this.#demuxer.tailTrimSeconds);
      } else {
        this.#demuxer.data();
      }
    }
  }

  /** Gives up; may be called at any time, and again. */
  close() {
    this.#isClosed = true;
    this.#blocks.length = 0;
    this.#remembered.length = 0;
    this.#closeDecoder();
    const demuxer = this.#demuxer;
    this.#demuxer = undefined;
    try {
      demuxer?.free();
    } catch {
      // It trapped, and wasm-bindgen holds it for still at work.
    }
    this.#wake();
  }

  async #advance() {
    for (;;) {
      if (this.#isClosed) throw new Error("closed");
      const demuxer = this.#demuxer;
      const event = demuxer.advance();
      if (event !== MORE) return event;
      this.#isUnreadable = true;
      const bytes = await this.#read(demuxer.wantedAt, demuxer.wantedEnd);
      this.#isUnreadable = false;
      if (!this.#isClosed) demuxer.supply(bytes);
    }
  }

  #describe() {
    const { codec, sampleRate, channels, description } = this.#demuxer;
    this.codec = codec;
    this.sampleRate = sampleRate;
    return { codec, sampleRate, numberOfChannels: channels, ...(description && { description }) };
  }

  async #configure() {
    this.#config = this.#describe();
    [this.#fed, this.#heard, this.#refused, this.#tailSeconds] = [0, 0, 0, 0];
    this.#headSeconds = this.#demuxer.headTrimSeconds;
    this.#skipped = undefined;
    if (this.codec === "pcm") return;
    if (!this.#mayUseDecoder || typeof AudioDecoder !== "function") {
      const hint = "(workers and http pages may lack it); pass WAV or MP3";
      throw new DOMException(`${NO_DECODER} here ${hint}`, "NotSupportedError");
    }
    const { supported } = await AudioDecoder.isConfigSupported(this.#config);
    if (this.#isClosed) return;
    if (!supported)
      throw new DOMException(`AudioDecoder does not support ${this.codec}`, "NotSupportedError");
    this.#open();
  }

  #open() {
    this.#error = undefined;
    const decoder = new AudioDecoder({
      output: (data) => this.#take(data),
      error: (error) => {
        if (decoder === this.#decoder) this.#fail(error);
      },
    });
    this.#decoder = decoder;
    decoder.addEventListener("dequeue", () => this.#wake());
    decoder.configure(this.#config);
  }

  #closeDecoder() {
    const decoder = this.#decoder;
    this.#decoder = undefined;
    if (decoder && decoder.state !== "closed") decoder.close();
  }

  /** Hands the packet to the decoder, as soon as it has room. */
  async #feed() {
    const { timestamp, duration, tailTrimSeconds } = this.#demuxer;
    const data = this.#demuxer.data();
    this.#fed += (duration ?? 0) / 1e6;
    this.#tailSeconds = tailTrimSeconds;
    const packet = { timestamp, duration, data, end: this.#fed };
    this.#remembered.push(packet);
    if (this.#remembered.length > MOST_REMEMBERED) this.#remembered.shift();
    this.#decode(packet);
    await this.#until(
      () => this.#decoder.decodeQueueSize < MOST_WAITING || this.#blocks.length >= MOST_WAITING,
    );
  }

  #decode({ timestamp, duration, data }) {
    if (this.#error) return;
    try {
      // Every packet of sound can be decoded by itself.
      this.#decoder.decode(new EncodedAudioChunk({ type: "key", timestamp, duration, data }));
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Waits until `isSo`, and goes on after what the decoder refuses. */
  async #until(isSo) {
    for (;;) {
      if (this.#error) this.#recover();
      else if (this.#isClosed || isSo()) return;
      else
        await new Promise((resolve) => {
          this.#wake = resolve;
        });
    }
  }

  /** After an error a decoder is closed. A new one gets the packets behind the one that was refused. */
  #recover() {
    const error = this.#error;
    this.#closeDecoder();
    const { inARow, all } = this.#errors;
    if (inARow >= MOST_ERRORS_IN_A_ROW || all >= MOST_ERRORS) throw error;
    this.#errors = { inARow: inARow + 1, all: all + 1 };
    const [refused, ...rest] = this.#remembered;
    if (refused) this.#refused += (refused.duration ?? 0) / 1e6;
    this.#remembered = rest;
    this.#open();
    for (const packet of rest) this.#decode(packet);
  }

  /** Waits for the sound of all packets of a coding, and yields it. */
  async *#finished() {
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
        () => isFlushed || decoder !== this.#decoder || this.#blocks.length >= MOST_WAITING,
      );
      if (this.#isClosed) return;
      if (decoder !== this.#decoder || !isFlushed) {
        yield* this.#ready(this.#tailSeconds);
        continue;
      }
      this.#closeDecoder();
    }
    if (this.#fed === undefined || this.codec === "pcm") return;
    yield* this.#ready(0, this.#tailSeconds);
    this.#remembered.length = 0;
    const unheard = this.#fed - this.#heard - this.#refused;
    this.missingSeconds += this.#refused + (unheard > DELAY_SECONDS ? unheard : 0);
  }

  /** Yields what is decoded, but for the last `heldSeconds`; the last `cutSeconds` are filling. */
  *#ready(heldSeconds, cutSeconds = 0) {
    const blocks = this.#blocks;
    let frames = blocks.reduce((sum, block) => sum + block.frames, 0);
    const most = Math.round((heldSeconds + cutSeconds) * (this.#rate ?? 0));
    while (blocks.length > 0 && (cutSeconds > 0 || frames - blocks[0].frames >= most)) {
      const { samples, frames: length, channels } = blocks.shift();
      const kept = Math.min(length, frames - most);
      frames -= length;
      if (kept > 0)
        yield { samples: samples.subarray(0, kept * channels), sampleRate: this.#rate, channels };
      if (this.#free.length < MOST_WAITING) this.#free.push(samples);
    }
  }

  *#sounding(demuxer) {
    const { sampleRate, channels } = demuxer;
    this.#demand(sampleRate);
    yield { samples: demuxer.samples(), sampleRate, channels };
  }

  #take(data) {
    try {
      // Firefox gives an empty block where Vorbis begins, and cannot copy it.
      if (this.#isClosed || data.numberOfFrames === 0) return;
      const { numberOfFrames, numberOfChannels: channels, sampleRate } = data;
      this.#demand(sampleRate);
      this.#errors.inARow = 0;
      this.#heard += numberOfFrames / sampleRate;
      while (
        this.#remembered.length > 0 &&
        this.#remembered[0].end <= this.#heard + this.#refused + 1e-4
      ) {
        this.#remembered.shift();
      }
      this.#skipped ??= Math.round(this.#headSeconds * sampleRate);
      const skipped = Math.min(this.#skipped, numberOfFrames);
      this.#skipped -= skipped;
      const frames = numberOfFrames - skipped;
      if (frames > 0)
        this.#blocks.push({ samples: this.#copy(data, skipped, frames), frames, channels });
    } catch (error) {
      this.#fail(error);
    } finally {
      // It holds memory of the decoder's, which nobody collects.
      data.close();
    }
    this.#wake();
  }

  /** The frames from `start` on, channel by channel in each. */
  #copy(data, start, frames) {
    const channels = data.numberOfChannels;
    const size = frames * channels;
    const free = this.#free.pop();
    const samples = free?.length === size ? free : new Float32Array(size);
    if (channels > 1 && this.#plane?.length !== frames) this.#plane = new Float32Array(frames);
    const plane = channels > 1 ? this.#plane : samples;
    for (let planeIndex = 0; planeIndex < channels; planeIndex++) {
      data.copyTo(plane, {
        planeIndex,
        format: "f32-planar",
        frameOffset: start,
        frameCount: frames,
      });
      if (channels > 1)
        for (let n = 0; n < frames; n++) samples[n * channels + planeIndex] = plane[n];
    }
    return samples;
  }

  #demand(sampleRate) {
    this.#rate ??= sampleRate;
    if (sampleRate !== this.#rate) throw new Error("the sample rate changes in the middle");
  }

  #fail(error) {
    this.#error ??= error;
    this.#wake();
  }
}

function refused(codec, container, cause, failed) {
  const what = codec ? `the ${container} file, coded in ${codec},` : `the ${container} file`;
  const said = cause?.message ?? "";
  switch (cause?.name) {
    // The name that both the demuxer and the browser give to the error for an unknown kind.
    case "NotSupportedError":
      return failed("unsupported_codec", `${what} cannot be decoded here: ${said}`, cause);
    case "TruncatedError":
      return failed("truncated", `${what} is cut off: ${said}`, cause);
    default:
      return failed("undecodable", `${what} could not be decoded: ${said}`, cause);
  }
}
