// `<theta-score>`: the words of a result with their scores, to be heard one by one.

import { counterpartOf, wordAt } from "./analysis.js";
import { createButton, createElement, createHidden, createIcon } from "./dom.js";
import { PlaybackElement } from "./playback-element.js";
import { drawDetails, drawDimensions, drawFeedback, drawRating, levelOf } from "./score-parts.js";
import { SCORE_STYLES } from "./score-styles.js";

/** @typedef {import("./analysis.js").Word} Word */
/** @typedef {import("./playback-element.js").Name} Name */

export class ThetaScore extends PlaybackElement {
  styles = SCORE_STYLES;
  /** @type {number | undefined} */
  #openIndex;
  /** @type {number | undefined} */
  #markedIndex;
  /** Whether a single word plays, which stays marked meanwhile. */
  #isWordPlaying = false;
  /** @type {HTMLElement[]} */
  #wordNodes = [];
  /**
   * The result that was announced last.
   * @type {unknown}
   */
  #announced;

  /**
   * @param {string} name
   * @param {unknown} value
   */
  changed(name, value) {
    if (name === "result") this.#openIndex = undefined;
    super.changed(name, value);
  }

  stop() {
    this.#isWordPlaying = false;
    super.stop();
  }

  /** @param {Name | undefined} name */
  showPlaying(name) {
    super.showPlaying(name);
    if (name === undefined) this.#mark(undefined);
    this.find("play")?.replaceChildren(...this.#playLabel());
  }

  /**
   * @param {Name} _name
   * @param {number} seconds
   */
  showTime(_name, seconds) {
    if (!this.#isWordPlaying) this.#mark(wordAt(this.sources.own.words, seconds)?.index);
  }

  /**
   * Plays a word, and then that of the reference.
   * @param {Word} word
   */
  async #playWord(word) {
    const { index, text, span } = word;
    this.emit("word-play", { index, word: text, ...span });
    const reference = counterpartOf(word, this.sources.native.words);
    if (reference) this.unlock("native");
    if ((await this.#playMarked("own", index, span)) && reference)
      await this.#playMarked("native", index, reference.span);
  }

  /**
   * @param {Name} name
   * @param {number} index
   * @param {import("./analysis.js").Span} [span]
   */
  #playMarked(name, index, span) {
    const { startSeconds, endSeconds } = /** @type {import("./analysis.js").Span} */ (span);
    const playing = this.playPart(name, startSeconds, endSeconds);
    this.#isWordPlaying = this.playing;
    if (this.playing) this.#mark(index);
    return playing;
  }

  /** @param {number | undefined} index */
  #mark(index) {
    this.#wordNodes[/** @type {number} */ (this.#markedIndex)]?.removeAttribute("aria-current");
    this.#wordNodes[/** @type {number} */ (index)]?.setAttribute("aria-current", "true");
    this.#markedIndex = index;
  }

  update() {
    const { texts } = this;
    const { parts, words, dimensions, blob } = this.sources.own;
    this.#wordNodes = [];
    if (this.result == null) return this.show();
    const isEmpty = parts.length + dimensions.length === 0;
    const drawn = parts.flatMap((part) => this.#drawPart(part));
    const click = () => (this.playing ? this.stop() : this.play(0));
    this.show(
      isEmpty && createElement("p", "muted", {}, texts.nothing),
      blob &&
        words.length > 0 &&
        createButton("play-button", click, { id: "play" }, ...this.#playLabel()),
      words.length > 0 && createElement("ol", "words", { role: "list" }, ...drawn),
      drawFeedback(words),
      drawDimensions(dimensions, texts),
    );
    this.#mark(this.#markedIndex);
    if (this.#announced === this.result) return;
    this.#announced = this.result;
    this.announce(isEmpty ? texts.nothing : texts.ready(words.length));
  }

  #playLabel() {
    const { texts, playing } = this;
    return [createIcon(playing ? "stop" : "play"), playing ? texts.stop : texts.playAll];
  }

  /** @param {import("./analysis.js").Part} part */
  #drawPart(part) {
    const { texts } = this;
    if (part.type === "pause")
      return part.isLong ? [createElement("li", "pause muted", {}, `‖ ${texts.longPause}`)] : [];
    const { index, text, units, score } = part;
    const item = createElement("li", `word ${levelOf(score)}`, {}, this.#drawWord(part));
    if (units.length === 0) return [item];
    const isOpen = this.#openIndex === index;
    const attributes = {
      id: `more-${index}`,
      "aria-label": texts.sounds(text),
      "aria-expanded": String(isOpen),
      "aria-controls": isOpen && "details",
    };
    item.append(createButton("more", () => this.#toggle(part), attributes));
    return isOpen ? [item, drawDetails(part, texts)] : [item];
  }

  /** @param {Word} word */
  #drawWord(word) {
    const { index, span } = word;
    const canPlay = span && this.sources.own.blob;
    const content = drawRating(word, this.texts);
    const node = canPlay
      ? createButton(
          "word-button",
          () => this.#playWord(word),
          { id: `word-${index}` },
          createHidden(`${this.texts.play} `),
          ...content,
        )
      : createElement("span", "word-text", {}, ...content);
    this.#wordNodes[index] = node;
    return node;
  }

  /** @param {Word} word */
  #toggle({ index, text }) {
    const open = this.#openIndex !== index;
    this.#openIndex = open ? index : undefined;
    this.emit("word-open", { index, word: text, open });
    this.requestUpdate();
  }
}
