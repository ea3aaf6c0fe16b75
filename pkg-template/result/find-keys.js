// Finds the keys of this page's clients in a text that quotes them without their prefix, in part,
// or in base64.

/** The shortest part of a key that is cut out, in characters. */
const MIN_PART_LENGTH = 6;
/** Matches words, which a key and a text may have in common by accident. A single letter is none. */
const WORDS = /^(?=.*[a-z]{3})[A-Z]?[a-z]*([-_.+][A-Z]?[a-z]*)*$/;
/** The longest words that a key and a text have in common by accident, in characters. */
const MAX_WORDS_LENGTH = 11;
/** How many times a text may have been escaped. */
const MAX_ESCAPE_LAYERS = 6;
/** Matches a character escaped by its hexadecimal code, decimal code, name or a backslash. */
const ESCAPES =
  /(?:[%=]|\\+x|\\+u(?:00|\{0*)|&#x0*)([2-7][\da-f])[;}]?|&#0*(\d{2,3});?|&(\w+);|\\+([^\w\\])/gi;
/** @type {Record<string, string | null>} */
const NAMED_CHARACTERS = {
  __proto__: null,
  amp: "&",
  num: "#",
  percnt: "%",
  bsol: "\\",
  plus: "+",
  equals: "=",
  sol: "/",
  period: ".",
  lowbar: "_",
  hyphen: "-",
  dash: "-",
};
/** How many spellings are stored: a key function may return a new key for every request. */
const MAX_SPELLINGS = 80;

/** @type {Set<string>} */
const spellings = new Set();
/** All spellings, one a line. */
let joinedSpellings = "";

/**
 * Registers the part of a key after the `prefix`. Returns a function that removes all registered
 * secrets from a text.
 * @param {string} prefix
 * @param {string} secret
 */
export function registerSecret(prefix, secret) {
  if (secret.length < MIN_PART_LENGTH || spellings.has(secret)) return withoutSecrets;
  // Base64 depends on the number of preceding bytes modulo three.
  const encoded = ["", " ", "  "].map((before) => btoa(before + prefix + secret));
  for (const spelling of [secret, ...encoded]) spellings.add(spelling);
  for (const oldest of spellings) if (spellings.size > MAX_SPELLINGS) spellings.delete(oldest);
  joinedSpellings = [...spellings].join("\n");
  return withoutSecrets;
}

/**
 * Returns `text` without secrets. Returns it unescaped if a secret was found only after unescaping.
 * @param {string} text
 */
function withoutSecrets(text) {
  let clean = cutSecrets(text);
  let layer = clean;
  for (let depth = 0; depth < MAX_ESCAPE_LAYERS; depth++) {
    const unescaped = layer.replace(ESCAPES, unescapeCharacter);
    if (unescaped === layer) break;
    layer = cutSecrets(unescaped);
    if (layer !== unescaped) clean = layer;
  }
  return clean;
}

/**
 * @param {string} escaped
 * @param {string | undefined} hex
 * @param {string | undefined} decimal
 * @param {string | undefined} name
 * @param {string | undefined} character
 */
function unescapeCharacter(escaped, hex, decimal, name = "", character) {
  if (hex) return String.fromCharCode(Number.parseInt(hex, 16));
  if (decimal) return String.fromCharCode(Number(decimal));
  return character ?? NAMED_CHARACTERS[name.toLowerCase()] ?? escaped;
}

/** @param {string} text */
function cutSecrets(text) {
  let clean = "";
  // A server that decodes forms quotes a plus sign as a space.
  const spelled = text.replaceAll(" ", "+");
  for (let at = 0; at < text.length; ) {
    const length = secretLength(spelled, at);
    clean += length ? "…" : text.charAt(at);
    at += length || 1;
  }
  return clean;
}

/**
 * Returns how many characters from `at` on are part of a secret. Returns 0 if the match may be an
 * accident.
 * @param {string} text
 * @param {number} at
 */
function secretLength(text, at) {
  /** @param {number} length */
  const isPart = (length) =>
    at + length <= text.length && joinedSpellings.includes(text.slice(at, at + length));
  let length = MIN_PART_LENGTH;
  if (!isPart(length)) return 0;
  while (isPart(length + 1)) length++;
  const part = text.slice(at, at + length);
  return length > MAX_WORDS_LENGTH || spellings.has(part) || !WORDS.test(part) ? length : 0;
}
