// The base of the elements that show a result and play its recordings: those of the user ("own")
// and of the reference ("native").

import { readDimensions, readParts, wordsOf } from "./analysis.js";
import { ThetaElement, defineProperties } from "./base-element.js";
import { blobOf } from "./take-blob.js";

const loadPlayback = () => import("./playback.js");

/** @typedef {"own" | "native"} Name */
/**
 * @typedef {object} Source
 * @property {import("./analysis.js").Part[]} parts of its result
 * @property {import("./analysis.js").Word[]} words of its result
 * @property {import("./analysis.js").Dimension[]} dimensions of its result
 * @property {Blob} [blob]
 * @property {Promise<import("./sound.js").Sound>} [sound] of the blob, while it is opened
 * @property {import("./sound.js").Sound} [opened] the sound
 * @property {Drawn} [drawn] what a waveform shows of it
 */
/**
 * @typedef {object} Drawn
 * @property {Blob | undefined} blob that it was read from
 * @property {boolean} [isBroken]
 * @property {Float32Array} [peaks]
 * @property {number} [durationSeconds]
 */

/** @type {Source} */
const NOTHING = { parts: [], words: [], dimensions: [] };

export class PlaybackElement extends ThetaElement {
  static {
    defineProperties(PlaybackElement, ["result", "take", "nativeResult", "nativeTake"]);
    PlaybackElement.properties.push("currentTime");
  }
  /** @type {{ [Key in Name]: Source }} */
  sources = { native: { ...NOTHING }, own: { ...NOTHING } };
  /**
   * The recording that plays.
   * @type {Name | undefined}
   */
  playingName;
  /** @type {import("./player.js").Player | undefined} */
  #player;
  /** Counts what is played; only the latest may change what is shown. */
  #plays = 0;
  #currentTime = 0;

  /** The time in the take, in seconds. */
  get currentTime() {
    return this.#currentTime;
  }

  set currentTime(seconds) {
    if (!this.playing && Number.isFinite(seconds)) this.#moveTo("own", seconds, true);
  }

  get playing() {
    return this.playingName !== undefined;
  }

  /**
   * @param {string} name
   * @param {unknown} value
   */
  changed(name, value) {
    this.stop();
    const source = this.sources[name.startsWith("native") ? "native" : "own"];
    if (/take$/i.test(name)) {
      source.blob = blobOf(value);
      source.sound = undefined;
      source.opened = undefined;
      // Opens the sound early, because Safari plays only what a click starts without waiting.
      if (source.blob) this.openSound(source).catch(() => {});
      else if (value != null) this.complain(`takes a Take or a Blob as \`${name}\``);
    } else {
      source.parts = readParts(value);
      source.words = wordsOf(source.parts);
      source.dimensions = readDimensions(value);
      const isEmpty = source.words.length + source.dimensions.length === 0;
      if (value != null && isEmpty)
        this.complain(`takes what a pronunciation method resolved to as \`${name}\``);
    }
    this.requestUpdate();
  }

  /**
   * Resolves to the sound of a recording, which is `opened` then. Tries again after a failure.
   * @param {Source} source
   */
  async openSound(source) {
    const { blob } = source;
    source.sound ??= loadPlayback().then(({ Player, openSound }) => {
      this.#player ??= new Player();
      return openSound(/** @type {Blob} */ (blob));
    });
    try {
      const sound = await source.sound;
      if (source.blob === blob) source.opened = sound;
      return sound;
    } catch (error) {
      if (source.blob === blob) source.sound = undefined;
      throw error;
    }
  }

  /** Plays the take, or a part of it. Resolves when it is over. */
  async play(startSeconds = this.currentTime, endSeconds = Infinity) {
    await this.playPart("own", startSeconds, endSeconds);
  }

  stop() {
    this.#plays += 1;
    this.#player?.stop();
    if (this.playing) this.showPlaying(undefined);
  }

  release() {
    this.stop();
    this.#player?.close();
  }

  /**
   * Plays a part of a recording. Resolves to whether it was heard to its end.
   * @param {Name} name
   * @param {number} startSeconds
   * @param {number} endSeconds
   */
  async playPart(name, startSeconds, endSeconds) {
    const source = this.sources[name];
    if (!source.blob) return false;
    this.stop();
    const play = this.#plays;
    const isLatest = () => play === this.#plays;
    this.showPlaying(name);
    try {
      const sound = source.opened ?? (await this.openSound(source));
      if (!isLatest()) return false;
      const end = Math.min(endSeconds, sound.durationSeconds);
      // Begins again at the end, as media elements do.
      const start = startSeconds < end ? startSeconds : 0;
      const player = /** @type {import("./player.js").Player} */ (this.#player);
      const playing = player.play(sound, start, end);
      const follow = () => {
        if (!isLatest()) return;
        this.#moveTo(name, player.currentTime ?? start);
        requestAnimationFrame(follow);
      };
      follow();
      if (!(await playing)) return false;
      this.#moveTo(name, end);
      this.stop();
      return true;
    } catch (error) {
      this.complain(`cannot play its recording: ${/** @type {any} */ (error)?.message}`);
      if (isLatest()) this.stop();
      return false;
    }
  }

  /**
   * Opens the loudspeaker during a click, for a recording that is played later.
   * @param {Name} name
   */
  unlock(name) {
    const { opened } = this.sources[name];
    if (opened) this.#player?.unlock(opened.sampleRate);
  }

  /**
   * Shows which recording plays.
   * @param {Name | undefined} name
   */
  showPlaying(name) {
    this.playingName = name;
  }

  /**
   * Moves the time. `isQuiet` leaves out the event, for what the page itself does.
   * @param {Name} name
   * @param {number} seconds
   */
  #moveTo(name, seconds, isQuiet = false) {
    if (name === "own") this.#currentTime = seconds;
    this.showTime(name, seconds);
    if (name === "own" && !isQuiet) this.emit("timeupdate", { currentTime: seconds }, false);
  }

  /**
   * Moves to a time for the user. Plays on from there, if it plays.
   * @param {Name} name
   * @param {number} seconds
   */
  seek(name, seconds) {
    if (this.playingName === name) void this.playPart(name, seconds, Infinity);
    else this.#moveTo(name, seconds);
  }
}
