// `<theta-waveform>`: a recording over time, with its words, below that of the reference.

import { memberOf } from "../client/untrusted-values.js";
import { wordAt } from "./analysis.js";
import { defineProperties } from "./base-element.js";
import { createElement } from "./dom.js";
import { PlaybackElement } from "./playback-element.js";
import { WAVEFORM_STYLES } from "./waveform-styles.js";

const isRecording = (recorder) => ["recording", "paused"].includes(memberOf(recorder, "state"));

export class ThetaWaveform extends PlaybackElement {
  static {
    defineProperties(ThetaWaveform, ["recorder"]);
  }
  static styles = WAVEFORM_STYLES;
  /** The module waveform-drawing.js, once it is there. */
  #drawing;
  #isDrawingLoading = false;
  #tracks = new Map();
  #live;
  #subscription;

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

  showPlaying(name) {
    super.showPlaying(name);
    for (const track of this.#tracks.values()) track.setPlaying(track.name === name);
  }

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
    const entries = Object.entries(sources).filter(([, { blob }]) => blob);
    if (isLive || entries.length > 0) void this.#loadDrawing();
    if (isLive && this.#drawing) {
      this.#follow();
      return;
    }
    this.#live = undefined;
    for (const [, source] of entries) void this.#load(source);
    const shown = entries.filter(([, { drawn }]) => drawn?.peaks);
    const axisSeconds = Math.max(...shown.map(([, { drawn }]) => drawn.durationSeconds));
    this.#tracks = new Map(
      shown.map(([name, source]) => [name, this.#createTrack(name, source, axisSeconds)]),
    );
    const isBroken = entries.some(([, { drawn }]) => drawn?.isBroken);
    this.show(
      isBroken && createElement("p", "error", { role: "alert" }, texts.unreadable),
      !isLive && entries.length === 0 && createElement("p", "muted", {}, texts.empty),
      ...[...this.#tracks.values()].map(({ node }) => node),
    );
  }

  /** Shows the recording that is being made. */
  #follow() {
    if (this.#live) return;
    this.stop();
    const { LiveWave } = this.#drawing;
    const isWanted = () => this.#live === live && isRecording(this.recorder);
    const live = new LiveWave(
      this.texts.live,
      isWanted,
      () => memberOf(this.recorder, "level"),
      () => this.requestUpdate(),
    );
    this.#live = live;
    this.show(live.node);
  }

  #createTrack(name, { drawn, words }, axisSeconds) {
    const { durationSeconds, peaks } = drawn;
    const play = (seconds) =>
      seconds === undefined ? this.stop() : this.playPart(name, seconds, Infinity);
    const seek = (seconds) => this.seek(name, seconds);
    const { texts } = this;
    const options = {
      name,
      texts,
      words,
      peaks,
      durationSeconds,
      axisSeconds,
      play,
      seek,
      label: texts[name],
      wordAt: (seconds) => wordAt(words, seconds),
    };
    const track = new this.#drawing.WaveformTrack(options);
    track.moveTo(this.#tracks.get(name)?.time ?? (name === "own" ? this.currentTime : 0));
    track.setPlaying(this.playingName === name);
    return track;
  }

  async #loadDrawing() {
    if (this.#isDrawingLoading) return;
    this.#isDrawingLoading = true;
    try {
      this.#drawing = await import("./waveform-drawing.js");
      this.requestUpdate();
    } catch (error) {
      this.#isDrawingLoading = false;
      this.complain(`cannot draw: ${error?.message}`);
    }
  }

  /** Reads what is drawn of a recording, once. */
  async #load(source) {
    const { blob } = source;
    if (!this.#drawing || source.drawn?.blob === blob) return;
    const drawn = { blob };
    source.drawn = drawn;
    try {
      const sound = await this.openSound(source);
      const take = source === this.sources.own ? this.take : this.nativeTake;
      const peaks = await this.#drawing.peaksOf(take, sound, () => source.blob === blob);
      Object.assign(drawn, { peaks, durationSeconds: sound.durationSeconds });
    } catch (error) {
      drawn.isBroken = true;
      this.complain(`cannot read its recording: ${error?.message}`);
    }
    this.requestUpdate();
  }
}
