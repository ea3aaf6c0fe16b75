// `<theta-waveform>`: a recording over time, with its words, below that of the reference.

import { memberOf } from "../client/untrusted-values.js";
import { wordAt } from "./analysis.js";
import { defineProperties } from "./base-element.js";
import { createElement } from "./dom.js";
import { PlaybackElement } from "./playback-element.js";

/** @typedef {import("../index.js").Level} Level */
/** @typedef {import("./playback-element.js").Name} Name */
/** @typedef {import("./playback-element.js").Source} Source */
/** @typedef {import("./waveform-track.js").WaveformTrack} WaveformTrack */

/** @type {(recorder: unknown) => boolean} */
const isRecording = (recorder) =>
  ["recording", "paused"].includes(/** @type {string} */ (memberOf(recorder, "state")));

export class ThetaWaveform extends PlaybackElement {
  static {
    defineProperties(ThetaWaveform, ["recorder"]);
  }
  /**
   * The module waveform-drawing.js, once it is there.
   * @type {typeof import("./waveform-drawing.js") | undefined}
   */
  #drawing;
  #isDrawingLoading = false;
  #tracks = /** @type {Map<Name, WaveformTrack>} */ (new Map());
  /** @type {import("./live-wave.js").LiveWave | undefined} */
  #live;
  /** @type {AbortController | undefined} */
  #subscription;

  /**
   * @param {string} name
   * @param {unknown} value
   */
  changed(name, value) {
    if (name !== "recorder") {
      super.changed(name, value);
      return;
    }
    this.#live = undefined;
    this.#subscribe();
    this.requestUpdate();
  }

  connectedCallback() {
    super.connectedCallback();
    this.#subscribe();
  }

  release() {
    super.release();
    this.#subscription?.abort();
    this.#live = undefined;
  }

  /** @param {Name | undefined} name */
  showPlaying(name) {
    super.showPlaying(name);
    for (const track of this.#tracks.values()) track.setPlaying(track.name === name);
  }

  /**
   * @param {Name} name
   * @param {number} seconds
   */
  showTime(name, seconds) {
    this.#tracks.get(name)?.moveTo(seconds, !this.playing);
  }

  /** A `<theta-recorder>` says when it records; a `Recorder` is one recording, which runs. */
  #subscribe() {
    this.#subscription?.abort();
    this.#subscription = new AbortController();
    const { signal } = this.#subscription;
    if (this.isConnected)
      this.recorder?.addEventListener?.("state-change", () => this.requestUpdate(), { signal });
  }

  update() {
    const { texts, sources } = this;
    const isLive = isRecording(this.recorder);
    const all = /** @type {[Name, Source][]} */ (Object.entries(sources));
    const entries = all.filter(([, { blob }]) => blob);
    if (isLive || entries.length > 0) void this.#loadDrawing();
    if (isLive && this.#drawing) {
      this.#follow(this.#drawing);
      return;
    }
    this.#live = undefined;
    for (const [, source] of entries) void this.#load(source);
    const shown = entries.filter(([, { drawn }]) => drawn?.peaks);
    const axisSeconds = Math.max(...shown.map(([, { drawn }]) => drawn?.durationSeconds ?? 0));
    const tracks = shown.map(([name, source]) => this.#createTrack(name, source, axisSeconds));
    this.#tracks = new Map(tracks.map((track) => [track.name, track]));
    const isBroken = entries.some(([, { drawn }]) => drawn?.isBroken);
    this.show(
      isBroken && createElement("p", "error", { role: "alert" }, texts.unreadable),
      !isLive && entries.length === 0 && createElement("p", "muted", {}, texts.empty),
      ...tracks.map(({ node }) => node),
    );
  }

  /**
   * Shows the recording that is being made.
   * @param {typeof import("./waveform-drawing.js")} drawing
   */
  #follow({ LiveWave }) {
    if (this.#live) return;
    this.stop();
    const isWanted = () => this.#live === live && isRecording(this.recorder);
    const live = new LiveWave(
      this.texts.live,
      isWanted,
      () => /** @type {Partial<Level> | undefined} */ (memberOf(this.recorder, "level")),
      () => this.requestUpdate(),
    );
    this.#live = live;
    this.show(live.node);
  }

  /**
   * @param {Name} name
   * @param {Source} source
   * @param {number} axisSeconds
   */
  #createTrack(name, { drawn, words }, axisSeconds) {
    const { durationSeconds = 0, peaks = new Float32Array() } = drawn ?? {};
    const { WaveformTrack } = /** @type {typeof import("./waveform-drawing.js")} */ (this.#drawing);
    const { texts } = this;
    const track = new WaveformTrack({
      name,
      texts,
      words,
      peaks,
      durationSeconds,
      axisSeconds,
      label: texts[name],
      play: (seconds) =>
        seconds === undefined ? this.stop() : void this.playPart(name, seconds, Infinity),
      seek: (seconds) => this.seek(name, seconds),
      wordAt: (seconds) => wordAt(words, seconds),
    });
    track.moveTo(this.#tracks.get(name)?.time ?? (name === "own" ? this.currentTime : 0));
    track.setPlaying(this.playingName === name);
    return track;
  }

  async #loadDrawing() {
    if (this.#isDrawingLoading) return;
    this.#isDrawingLoading = true;
    try {
      this.#drawing = await import("./waveform-drawing.js");
      this.styles = this.#drawing.WAVEFORM_STYLES;
      this.adoptStyles();
      this.requestUpdate();
    } catch (error) {
      this.#isDrawingLoading = false;
      this.complain(`cannot draw: ${/** @type {any} */ (error)?.message}`);
    }
  }

  /**
   * Reads what is drawn of a recording, once.
   * @param {Source} source
   */
  async #load(source) {
    const { blob } = source;
    if (!this.#drawing || source.drawn?.blob === blob) return;
    /** @type {import("./playback-element.js").Drawn} */
    const drawn = { blob };
    source.drawn = drawn;
    try {
      const sound = await this.openSound(source);
      const take = source === this.sources.own ? this.take : this.nativeTake;
      const peaks = await this.#drawing.peaksOf(take, sound, () => source.blob === blob);
      Object.assign(drawn, { peaks, durationSeconds: sound.durationSeconds });
    } catch (error) {
      drawn.isBroken = true;
      this.complain(`cannot read its recording: ${/** @type {any} */ (error)?.message}`);
    }
    this.requestUpdate();
  }
}
