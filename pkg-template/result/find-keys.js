// Finds the keys of this page's clients in a text that quotes them without their prefix, in part, or in base64.

const PREFIX = "sk-theta-";
/** The shortest part of a key that is cut, in characters. */
const SHORTEST = 6;
/** Words that a key and a text have in common by accident. */
const WORDS = /^[A-Z]?[a-z]*([-_.][A-Z]?[a-z]*)*$/;
/** More in common is no accident, in characters. */
const LONGEST_WORDS = 11;
/** How often a text may have been escaped. */
const LAYERS = 6;
/** A character by its code in hexadecimal, in decimal, by its name, or after a backslash. */
const ESCAPES =
  /(?:[%=]|\\+x|\\+u(?:00|\{0*)|&#x0*)([2-7][\da-f])[;}]?|&#0*(\d{2,3});?|&(\w+);|\\+([^\w\\])/gi;
const NAMED = {
  __proto__: null,
  ...{
    amp: "&",
    num: "#",
    percnt: "%",
    bsol: "\\",
    plus: "+",
    equals: "=",
    sol: "/",
    period: ".",
    lowbar: "_",
  },
  ...{ hyphen: "-", dash: "-" },
};
/** How many spellings are remembered: a function may give a new key for every request. */
const MOST_SPELLINGS = 80;

const spellings = new Set();
let all = "";

/** Notes what follows the prefix of a key; returns a function that takes all noted ones out of a text. */
export function note(secret) {
  if (secret.length < SHORTEST || spellings.has(secret)) return withoutSecrets;
  // Base64 depends on how many bytes lie before, in groups of three.
  const encoded = ["", " ", "  "].map((before) => btoa(before + PREFIX + secret));
  for (const spelling of [secret, ...encoded]) spellings.add(spelling);
  for (const oldest of spellings) if (spellings.size > MOST_SPELLINGS) spellings.delete(oldest);
  all = [...spellings].join("\n");
  return withoutSecrets;
}

/** Returns `text` without secrets; unescaped, if one was found in it only so. */
function withoutSecrets(text) {
  let clean = cut(text);
  let layer = clean;
  for (let depth = 0; depth < LAYERS; depth++) {
    const unescaped = layer.replace(ESCAPES, unescape);
    if (unescaped === layer) break;
    layer = cut(unescaped);
    if (layer !== unescaped) clean = layer;
  }
  return clean;
}

function unescape(escape, hex, decimal, name, character) {
  if (hex) return String.fromCharCode(parseInt(hex, 16));
  if (decimal) return String.fromCharCode(decimal);
  return character ?? NAMED[name.toLowerCase()] ?? escape;
}

function cut(text) {
  let clean = "";
  for (let at = 0; at < text.length; ) {
    const length = secretLength(text, at);
    clean += length ? "…" : text[at];
    at += length || 1;
  }
  return clean;
}

/** Returns how many characters from `at` on are part of a secret; 0 where they may be so by accident. */
function secretLength(text, at) {
  const isPart = (length) =>
    at + length <= text.length && all.includes(text.slice(at, at + length));
  let length = SHORTEST;
  if (!isPart(length)) return 0;
  while (isPart(length + 1)) length++;
  const part = text.slice(at, at + length);
  return length > LONGEST_WORDS || spellings.has(part) || !WORDS.test(part) ? length : 0;
}
