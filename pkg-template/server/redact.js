// Keeps the key out of everything that leaves the proxy, because an upstream may repeat the
// request.

import { KEY_PREFIX } from "./api.js";

/** The replacement of a key, in ASCII, because bodies are searched as bytes. */
const REDACTED = `${KEY_PREFIX}***`;

/** A shorter secret is searched for only with its prefix, because it may be an ordinary word. */
const MIN_SECRET_LENGTH = 8;

/** The end of a chunk that is held back, in bytes: longer than a key in any encoding. */
const MAX_HELD_BYTES = 8192;

/**
 * True if a key may contain this character, in any encoding that is searched for.
 * @param {string} character
 */
const isKeyCharacter = (character) => /[\w.~+/=%\\&#;-]/.test(character);

/** @param {string} character */
const toHex = (character) => character.charCodeAt(0).toString(16).padStart(2, "0");
/** @param {string} text */
const escapePattern = (text) => text.replace(/[^\w]/g, "\\$&");

/**
 * Returns a pattern for `text` with any of its characters escaped, once or repeatedly: for URLs,
 * JSON, JavaScript or HTML.
 * @param {string} text
 */
const escapedPattern = (text) =>
  Array.from(text, (character) => {
    const [hex, decimal] = [toHex(character), character.charCodeAt(0)];
    return (
      `(?:\\\\{0,8}${escapePattern(character)}|%(?:25){0,4}${hex}|\\\\{1,8}(?:u00|x)${hex}|` +
      `&(?:amp;){0,4}#(?:0*${decimal}|x0*${hex});)`
    );
  }).join("");

/** A pattern for the rest of a key after its prefix. */
const REST =
  "(?:[\\w.~+/=-]|%(?:25){0,4}[\\da-f]{2}|\\\\{1,8}(?:u00|x)[\\da-f]{2}|\\\\{1,8}/|" +
  "&(?:amp;){0,4}#x?[\\da-f]{1,6};){1,512}";

/**
 * Returns patterns for `text` inside of a longer text in base64, one for each of the three offsets.
 * @param {string} text
 */
const base64Patterns = (text) =>
  [0, 1, 2].map((offset) => {
    const encoded = btoa("\0".repeat(offset) + text);
    const start = Math.ceil((offset * 8) / 6);
    const end = Math.floor(((offset + text.length) * 8) / 6);
    return encoded.slice(start, end).replace(/\+/g, "[+-]").replace(/\//g, "[/_]");
  });

/**
 * Returns a pattern that matches `key` and everything else that begins like a key.
 * @param {string} key
 */
export function keyPattern(key) {
  const secret = key.slice(KEY_PREFIX.length);
  const hidden = secret.length < MIN_SECRET_LENGTH ? key : secret;
  const patterns = [
    escapedPattern(KEY_PREFIX) + REST,
    escapedPattern(hidden),
    ...base64Patterns(hidden),
    Array.from(hidden, toHex).join(""),
  ];
  return new RegExp(patterns.join("|"), "gi");
}

/**
 * Returns `text` without keys.
 * @param {string} text
 * @param {RegExp} pattern
 */
export const redact = (text, pattern) => text.replace(pattern, REDACTED);

/**
 * Returns a function that redacts a body chunk by chunk. The last call is without a chunk.
 * @param {RegExp} pattern
 */
export function createChunkRedactor(pattern) {
  let held = "";
  /** @param {Uint8Array | undefined} chunk */
  return (chunk) => {
    const text = held + decodeLatin1(chunk ?? []);
    let end = text.length;
    if (chunk) {
      // The end of the chunk may be the start of a key.
      while (
        end > 0 &&
        text.length - end < MAX_HELD_BYTES &&
        isKeyCharacter(/** @type {string} */ (text[end - 1]))
      )
        end--;
      for (const { index, 0: match } of text.matchAll(pattern)) {
        if (index < end && index + match.length > end) end = index;
      }
    }
    held = text.slice(end);
    return encodeLatin1(redact(text.slice(0, end), pattern));
  };
}

/** @param {Uint8Array | number[]} bytes */
function decodeLatin1(bytes) {
  let text = "";
  // In parts, because engines limit the number of arguments.
  for (let at = 0; at < bytes.length; at += 8192) {
    text += String.fromCharCode(...bytes.slice(at, at + 8192));
  }
  return text;
}

/** @param {string} text */
function encodeLatin1(text) {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  return bytes;
}
