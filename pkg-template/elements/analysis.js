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

/** Control characters, and those that turn the direction of what follows. */
const CONTROLS = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]+/gu;

const TEXT_NAMES = ["text", "syllable", "phoneme", "symbol", "label", "word"];
const SENTENCE_NAMES = ["feedback", "text", "message"];
const KNOWN_DIMENSIONS = ["pronunciation", "stress", "pause", "speed"];

/** Returns text without control characters and of bounded length; "" for anything else. */
export function textOf(value) {
  if (typeof value !== "string") return "";
  const text = value.slice(0, MAX_CHARACTERS).replace(CONTROLS, " ").trim();
  return value.length > MAX_CHARACTERS ? `${text}…` : text;
}

const numberOf = (value) => (Number.isFinite(value) ? value : undefined);

function scoreOf(record) {
  const score = numberOf(memberOf(record, "score"));
  return score === undefined ? undefined : Math.min(100, Math.max(0, score));
}

/** Returns the first of these members that is a text. */
function firstText(record, names) {
  for (const name of names) {
    const text = textOf(memberOf(record, name));
    if (text) return text;
  }
  return "";
}

const membersOf = (record) => namesOf(record).slice(0, MAX_MEMBERS);

function recordsOf(value, limit) {
  if (!isArray(value)) return [];
  try {
    return Array.prototype.slice.call(value, 0, limit).filter(isRecord);
  } catch {
    return [];
  }
}

/**
 * Returns the components of a result, as
 * `{ type: "word", index, text, span?, score?, isStressed, feedback, units }` with
 * `span: { startSeconds, endSeconds }`, or as `{ type: "pause", isLong }`.
 */
export function readParts(result) {
  const lists = ["user_speech_components", "speech_components"].map((name) =>
    memberOf(result, name),
  );
  const parts = recordsOf(lists.find(isArray), MAX_PARTS).map(readPart).filter(Boolean);
  wordsOf(parts).forEach((word, index) => {
    word.index = index;
  });
  return parts;
}

export const wordsOf = (parts) => parts.filter(({ type }) => type === "word");

function readPart(part) {
  if (memberOf(part, "type") === "pause")
    return { type: "pause", isLong: memberOf(part, "is_long") === true };
  const text = firstText(part, ["word", "text"]);
  if (!text) return undefined;
  return {
    type: "word",
    text,
    span: spanOf(part),
    score: scoreOf(part),
    isStressed: memberOf(part, "is_stressed") === true,
    feedback: textOf(memberOf(part, "feedback")),
    units: unitsOf(part),
  };
}

function spanOf(part) {
  const [startSeconds, endSeconds] = ["start", "end"].map((name) => numberOf(memberOf(part, name)));
  return startSeconds >= 0 && endSeconds > startSeconds && endSeconds <= MAX_SECONDS
    ? { startSeconds, endSeconds }
    : undefined;
}

/** Returns the syllables of a word with their sounds, or the sounds of a syllable. */
function unitsOf(record, depth = 0) {
  if (depth > 1) return [];
  const lists = membersOf(record).map((name) =>
    recordsOf(memberOf(record, name), MAX_UNITS).filter(isUnit),
  );
  const found = lists.find((list) => list.length > 0) ?? [];
  return found.map((unit) => ({
    text: firstText(unit, TEXT_NAMES),
    score: scoreOf(unit),
    isStressed: memberOf(unit, "is_stressed") === true,
    units: unitsOf(unit, depth + 1),
  }));
}

const isUnit = (record) => scoreOf(record) !== undefined && firstText(record, TEXT_NAMES) !== "";

/** Returns the feedback of a result, as `{ name, score?, text }` for each dimension. */
export const readDimensions = (result) => dimensionsIn(result, 0).slice(0, MAX_DIMENSIONS);

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

/** Returns the word that is heard at `seconds`. */
export const wordAt = (words, seconds) =>
  words.find(({ span }) => span && seconds >= span.startSeconds && seconds < span.endSeconds);

const letters = (text) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");

/** Returns the reference's word for `word`: that of the same text whose place is closest. */
export function counterpartOf(word, references) {
  const same = references.filter(({ text, span }) => span && letters(text) === letters(word.text));
  const distance = ({ index }) => Math.abs(index - word.index);
  return same.sort((one, other) => distance(one) - distance(other))[0];
}
