// Reads a result of the API for display. A result may be of any shape: its documentation leaves
// out the keys of syllables, sounds and dimensions, and proxies and pages change results.

import { isArray, isRecord, memberOf, namesOf } from "../client/untrusted-values.js";

const MAX_PARTS = 5_000;
const MAX_UNITS = 100;
const MAX_DIMENSIONS = 12;
const MAX_MEMBERS = 100;
const MAX_DEPTH = 3;
const MAX_CHARACTERS = 1_000;
const MAX_SECONDS = 86_400;

/**
 * A syllable of a word, or a sound of a syllable.
 * @typedef {{ text: string, score: number, isStressed: boolean, units: Unit[] }} Unit
 */
/** @typedef {{ startSeconds: number, endSeconds: number }} Span */
/**
 * @typedef {object} Word
 * @property {"word"} type
 * @property {number} index counted without the pauses
 * @property {string} text
 * @property {Span | undefined} span
 * @property {number | undefined} score 0 to 100
 * @property {boolean} isStressed
 * @property {string} feedback
 * @property {Unit[]} units
 */
/** @typedef {{ type: "pause", isLong: boolean }} Pause */
/** @typedef {Word | Pause} Part */
/** @typedef {{ name: string, score: number | undefined, text: string }} Dimension */

/** Control characters, and those that turn the direction of what follows. */
const CONTROLS = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]+/gu;

const TEXT_NAMES = ["text", "syllable", "phoneme", "symbol", "label", "word"];
const SENTENCE_NAMES = ["feedback", "text", "message"];
const KNOWN_DIMENSIONS = ["pronunciation", "stress", "pause", "speed"];

/**
 * Returns text without control characters and of bounded length; "" for anything else.
 * @param {unknown} value
 */
export function textOf(value) {
  if (typeof value !== "string") return "";
  const text = value.slice(0, MAX_CHARACTERS).replace(CONTROLS, " ").trim();
  return value.length > MAX_CHARACTERS ? `${text}…` : text;
}

/** @type {(value: any) => number | undefined} */
const numberOf = (value) => (Number.isFinite(value) ? value : undefined);

/** @param {unknown} record */
function scoreOf(record) {
  const score = numberOf(memberOf(record, "score"));
  return score === undefined ? undefined : Math.min(100, Math.max(0, score));
}

/**
 * Returns the first of these members that is a text.
 * @param {unknown} record
 * @param {string[]} names
 */
function firstText(record, names) {
  for (const name of names) {
    const text = textOf(memberOf(record, name));
    if (text) return text;
  }
  return "";
}

/** @type {(record: unknown) => string[]} */
const membersOf = (record) => namesOf(record).slice(0, MAX_MEMBERS);

/**
 * @param {any} value
 * @param {number} limit
 * @returns {object[]}
 */
function recordsOf(value, limit) {
  if (!isArray(value)) return [];
  try {
    return Array.prototype.slice.call(value, 0, limit).filter(isRecord);
  } catch {
    return [];
  }
}

/**
 * Returns the components of a result.
 * @param {unknown} result
 * @returns {Part[]}
 */
export function readParts(result) {
  const lists = ["user_speech_components", "speech_components"].map((name) =>
    memberOf(result, name),
  );
  const parts = recordsOf(lists.find(isArray), MAX_PARTS).flatMap(readPart);
  wordsOf(parts).forEach((word, index) => {
    word.index = index;
  });
  return parts;
}

/** @type {(parts: Part[]) => Word[]} */
export const wordsOf = (parts) => parts.filter((part) => part.type === "word");

/**
 * @param {object} part
 * @returns {Part[]}
 */
function readPart(part) {
  if (memberOf(part, "type") === "pause")
    return [{ type: "pause", isLong: memberOf(part, "is_long") === true }];
  const text = firstText(part, ["word", "text"]);
  if (!text) return [];
  return [
    {
      type: "word",
      index: 0,
      text,
      span: spanOf(part),
      score: scoreOf(part),
      isStressed: memberOf(part, "is_stressed") === true,
      feedback: textOf(memberOf(part, "feedback")),
      units: unitsOf(part),
    },
  ];
}

/** @param {object} part */
function spanOf(part) {
  const startSeconds = numberOf(memberOf(part, "start")) ?? -1;
  const endSeconds = numberOf(memberOf(part, "end")) ?? -1;
  const isValid = startSeconds >= 0 && endSeconds > startSeconds && endSeconds <= MAX_SECONDS;
  return isValid ? { startSeconds, endSeconds } : undefined;
}

/**
 * Returns the syllables of a word with their sounds, or the sounds of a syllable.
 * @param {object} record
 * @returns {Unit[]}
 */
function unitsOf(record, depth = 0) {
  if (depth > 1) return [];
  const lists = membersOf(record).map((name) =>
    recordsOf(memberOf(record, name), MAX_UNITS).filter(isUnit),
  );
  const found = lists.find((list) => list.length > 0) ?? [];
  return found.map((unit) => ({
    text: firstText(unit, TEXT_NAMES),
    score: scoreOf(unit) ?? 0,
    isStressed: memberOf(unit, "is_stressed") === true,
    units: unitsOf(unit, depth + 1),
  }));
}

/** @type {(record: object) => boolean} */
const isUnit = (record) => scoreOf(record) !== undefined && firstText(record, TEXT_NAMES) !== "";

/**
 * Returns the feedback of a result, by dimension.
 * @type {(result: unknown) => Dimension[]}
 */
export const readDimensions = (result) => dimensionsIn(result, 0).slice(0, MAX_DIMENSIONS);

/**
 * @param {unknown} record
 * @param {number} depth
 * @returns {Dimension[]}
 */
function dimensionsIn(record, depth) {
  if (!isRecord(record) || depth > MAX_DEPTH) return [];
  return membersOf(record).flatMap((name) => {
    const value = memberOf(record, name);
    const isKnown = KNOWN_DIMENSIONS.includes(name);
    if (isKnown && numberOf(value) !== undefined) {
      const text = firstText(record, [`${name}_feedback`, `${name}_text`]);
      return [{ name, score: scoreOf({ score: value }), text }];
    }
    if (!isRecord(value) || name === "metadata") return [];
    const score = scoreOf(value);
    const text = firstText(value, SENTENCE_NAMES);
    if (score !== undefined || (isKnown && text)) return [{ name: textOf(name), score, text }];
    return dimensionsIn(value, depth + 1);
  });
}

/**
 * Returns the word that is heard at `seconds`.
 * @type {(words: Word[], seconds: number) => Word | undefined}
 */
export const wordAt = (words, seconds) =>
  words.find(({ span }) => span && seconds >= span.startSeconds && seconds < span.endSeconds);

/** @type {(text: string) => string} */
const letters = (text) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");

/**
 * Returns the reference's word for `word`: that of the same text whose place is closest.
 * @param {Word} word
 * @param {Word[]} references
 */
export function counterpartOf(word, references) {
  const same = references.filter(({ text, span }) => span && letters(text) === letters(word.text));
  /** @param {Word} reference */
  const distance = ({ index }) => Math.abs(index - word.index);
  return same.sort((one, other) => distance(one) - distance(other))[0];
}
