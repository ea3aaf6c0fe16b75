// One track of `<theta-waveform>`: a recording over time, to be listened to from any point.

import { createButton, createElement, createForeign, createIcon } from "./dom.js";
import { drawShape } from "./wave-shape.js";

/** A word needs this share of the width to be legible. */
const MIN_LABEL_SHARE = 0.005;
/** Recordings up to this length are stepped through in tenths of a second. */
const SHORT_SECONDS = 30;

/** @type {(seconds: number) => string} */
const inTenths = (seconds) => (Math.floor(seconds * 10 + 1e-6) / 10).toFixed(1);

/** @typedef {import("./analysis.js").Word} Word */
/**
 * `play(seconds)` and `seek(seconds)` are called for the user; `play(undefined)` stops. The width
 * stands for `axisSeconds`, which the longest track of the element has.
 * @typedef {object} Options
 * @property {"own" | "native"} name
 * @property {string} label
 * @property {import("./score-parts.js").Texts} texts
 * @property {Word[]} words
 * @property {Float32Array} peaks
 * @property {number} durationSeconds
 * @property {number} axisSeconds
 * @property {(seconds: number) => Word | undefined} wordAt
 * @property {(seconds: number | undefined) => void} play
 * @property {(seconds: number) => void} seek
 */

export class WaveformTrack {
  /** @type {Options} */
  #options;
  /** @type {HTMLElement} */
  #button;
  /** @type {HTMLElement} */
  #slider;
  #playhead = createElement("div", "playhead");
  #labels = /** @type {Map<Word | undefined, HTMLElement>} */ (new Map());
  /** @type {Word | undefined} */
  #currentWord;
  #isPlaying = false;
  time = 0;

  /** @param {Options} options */
  constructor(options) {
    const { name, label, peaks, durationSeconds, axisSeconds, play } = options;
    this.#options = options;
    this.name = name;
    this.#button = createButton("play-button", () => this.#toggle(), { id: `play-${name}` });
    const attributes = {
      id: `position-${name}`,
      role: "slider",
      tabindex: "0",
      "aria-label": label,
      "aria-valuemin": "0",
      "aria-valuemax": durationSeconds.toFixed(2),
      /** @param {KeyboardEvent} event */
      keydown: (event) => this.#onKey(event),
      /** @param {PointerEvent} event */
      pointerdown: (event) => this.#onPointerDown(event),
      /** @param {PointerEvent} event */
      pointermove: (event) => this.#isDragging(event) && this.#seek(this.#timeAt(event)),
      /** @param {PointerEvent} event */
      pointerup: (event) => this.#isDragging(event) && play(this.#timeAt(event)),
    };
    const buckets = Math.round(((peaks.length / 2) * axisSeconds) / durationSeconds);
    this.#slider = createElement(
      "div",
      "wave",
      attributes,
      drawShape(peaks, buckets),
      this.#drawLabels(),
      this.#playhead,
    );
    this.node = createElement("div", `track ${name}`, {}, this.#button, this.#slider);
  }

  /**
   * Shows a time. `isSpoken` tells assistive technology too: not for every frame of playback.
   * @param {number} seconds
   */
  moveTo(seconds, isSpoken = true) {
    const { durationSeconds, axisSeconds, wordAt, texts } = this.#options;
    this.time = Math.min(durationSeconds, Math.max(0, seconds));
    this.#playhead.style.transform = `translateX(${(this.time / axisSeconds) * 100}%)`;
    const word = wordAt(this.time);
    if (word !== this.#currentWord) {
      this.#labels.get(this.#currentWord)?.removeAttribute("data-current");
      this.#labels.get(word)?.setAttribute("data-current", "");
      this.#currentWord = word;
    }
    if (!isSpoken) return;
    const position = texts.position(inTenths(this.time), inTenths(durationSeconds));
    this.#slider.setAttribute("aria-valuenow", this.time.toFixed(2));
    this.#slider.setAttribute("aria-valuetext", word ? `${position}, ${word.text}` : position);
  }

  /**
   * Shows whether the track plays.
   * @param {boolean} isPlaying
   */
  setPlaying(isPlaying) {
    const { label, texts } = this.#options;
    const action = isPlaying ? texts.stop : texts.play;
    this.#button.replaceChildren(createIcon(isPlaying ? "stop" : "play"), `${label}: ${action}`);
    this.#isPlaying = isPlaying;
    if (!isPlaying) this.moveTo(this.time);
  }

  #drawLabels() {
    const { words, axisSeconds, durationSeconds } = this.#options;
    const row = createElement("div", "labels", { "aria-hidden": "true" });
    for (const word of words) {
      const { startSeconds = 0, endSeconds = 0 } = word.span ?? {};
      const share = (endSeconds - startSeconds) / axisSeconds;
      if (!(share >= MIN_LABEL_SHARE) || startSeconds >= durationSeconds) continue;
      const label = createForeign("span", "label", word.text);
      label.style.left = `${(startSeconds / axisSeconds) * 100}%`;
      label.style.width = `${share * 100}%`;
      row.append(label);
      this.#labels.set(word, label);
    }
    return this.#labels.size > 0 && row;
  }

  /** @param {PointerEvent} event */
  #timeAt({ clientX }) {
    const { left, width } = this.#slider.getBoundingClientRect();
    const { durationSeconds, axisSeconds } = this.#options;
    return Math.min(durationSeconds, Math.max(0, ((clientX - left) / width) * axisSeconds));
  }

  /** @param {PointerEvent} event */
  #onPointerDown(event) {
    if (event.button !== 0) return;
    this.#slider.setPointerCapture(event.pointerId);
    this.#seek(this.#timeAt(event));
  }

  /** @param {PointerEvent} event */
  #isDragging = ({ pointerId }) => this.#slider.hasPointerCapture(pointerId);

  #toggle() {
    const isAtEnd = this.time >= this.#options.durationSeconds - 0.01;
    this.#options.play(this.#isPlaying ? undefined : isAtEnd ? 0 : this.time);
  }

  /** @param {number} seconds */
  #seek(seconds) {
    this.moveTo(seconds);
    this.#options.seek(this.time);
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const target = this.#keyTarget(event.key);
    if (event.altKey || event.ctrlKey || event.metaKey || !target) return;
    event.preventDefault();
    target();
  }

  /**
   * Returns what a key does, if anything.
   * @param {string} key
   */
  #keyTarget(key) {
    const { durationSeconds, words } = this.#options;
    const step = durationSeconds <= SHORT_SECONDS ? 0.1 : 1;
    const starts = words.flatMap(({ span }) => (span ? [span.startSeconds] : []));
    const forward = () => this.#seek(this.time + step);
    const back = () => this.#seek(this.time - step);
    /** @type {{ [key: string]: () => void }} */
    const targets = {
      " ": () => this.#toggle(),
      Enter: () => this.#toggle(),
      ArrowRight: forward,
      ArrowUp: forward,
      ArrowLeft: back,
      ArrowDown: back,
      PageUp: () => this.#seek(starts.find((start) => start > this.time + 0.01) ?? durationSeconds),
      PageDown: () => this.#seek(starts.findLast((start) => start < this.time - 0.01) ?? 0),
      Home: () => this.#seek(0),
      End: () => this.#seek(durationSeconds),
    };
    return Object.hasOwn(targets, key) ? targets[key] : undefined;
  }
}
