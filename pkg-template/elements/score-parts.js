// Draws the parts of `<theta-score>`: ratings, sounds, feedback, dimensions.

import { createElement, createForeign, createHidden } from "./dom.js";

/** @typedef {typeof import("./texts.js").ENGLISH} Texts */
/** @typedef {import("./analysis.js").Word} Word */
/** @typedef {import("./analysis.js").Dimension} Dimension */
/** @typedef {import("./analysis.js").Unit} Unit */

/** Scores of this and more are good. */
const GOOD = 80;
/** Scores of this and more are fair. */
const FAIR = 60;

/**
 * Returns the level of a score, "" where there is none.
 * @param {number | undefined} score
 * @returns {"" | "good" | "fair" | "poor"}
 */
export function levelOf(score) {
  if (score === undefined) return "";
  return score >= GOOD ? "good" : score >= FAIR ? "fair" : "poor";
}

/**
 * Returns a text with its score as a number, and all else that is known of it.
 * @param {Pick<Word, "text" | "score" | "isStressed">} rated
 * @param {Texts} texts
 */
export function drawRating({ text, score, isStressed }, texts) {
  const level = levelOf(score);
  return [
    isStressed && createElement("span", "stress", { "aria-hidden": "true" }, "ˈ"),
    createForeign("span", level && "rated", text),
    ...drawScore(score, texts),
    isStressed && createHidden(`, ${texts.stressed}`),
  ];
}

/**
 * @param {number | undefined} score
 * @param {Texts} texts
 * @returns {import("./dom.js").Child[]}
 */
function drawScore(score, texts) {
  if (score === undefined) return [];
  const level = /** @type {"good" | "fair" | "poor"} */ (levelOf(score));
  return [
    createHidden(`, ${texts.score} `),
    createElement("span", `score ${level}`, {}, Math.round(score)),
    createHidden(`, ${texts[level]}`),
  ];
}

/**
 * Returns the syllables and sounds of a word.
 * @type {(word: Word, texts: Texts) => HTMLElement}
 */
export const drawDetails = (word, texts) =>
  createElement("li", "details", { id: "details" }, drawUnits(word, texts));

/**
 * @param {{ text: string, units: Unit[] }} whole
 * @param {Texts} texts
 * @returns {HTMLElement | undefined}
 */
function drawUnits({ text, units }, texts) {
  if (units.length === 0) return undefined;
  const items = units.map((unit) =>
    createElement(
      "li",
      `unit ${levelOf(unit.score)}`,
      {},
      createElement("span", "row", {}, ...drawRating(unit, texts)),
      drawUnits(unit, texts),
    ),
  );
  return createElement("ul", "units", { role: "list", "aria-label": texts.sounds(text) }, ...items);
}

/**
 * Returns the feedback on single words, if there is any.
 * @param {Word[]} words
 */
export function drawFeedback(words) {
  const items = words
    .filter(({ feedback }) => feedback)
    .map(({ text, feedback }) =>
      createElement(
        "li",
        "",
        {},
        createForeign("strong", "", text),
        ": ",
        createForeign("span", "", feedback),
      ),
    );
  return items.length > 0 && createElement("ul", "feedback", { role: "list" }, ...items);
}

/**
 * Returns the feedback on the whole sentence, if there is any.
 * @param {Dimension[]} dimensions
 * @param {Texts} texts
 */
export function drawDimensions(dimensions, texts) {
  const rows = dimensions.flatMap(({ name, score, text }) => [
    createForeign("dt", "", titleOf(name, texts)),
    createElement(
      "dd",
      "",
      {},
      ...drawScore(score, texts),
      " ",
      text && createForeign("span", "", text),
    ),
  ]);
  return rows.length > 0 && createElement("dl", "dimensions", {}, ...rows);
}

/** @type {(name: string, texts: Texts) => string} */
const titleOf = (name, { dimensions }) =>
  (Object.hasOwn(dimensions, name) && dimensions[name]) || name;
