// Keeps the key out of everything that leaves the proxy, for upstreams that echo what they got.

import { KEY_PREFIX } from "./api.js";

/** In ASCII, because bodies are searched as bytes. */
const REDACTED = `${KEY_PREFIX}***`;

/** A secret that is shorter is searched for with the prefix only: it may be an ordinary word. */
const MIN_SECRET_LENGTH = 8;

/** Whether a key may contain this character, in any encoding that is searched for. */
const isKeyLike = (character) => /[\w.~+/=%\\&#;-]/.test(character);

/** Longer than a key in any encoding. */
const MAX_HELD = 8192;

const hexOf = (character) => character.charCodeAt(0).toString(16).padStart(2, "0");
const literally = (text) => text.replace(/[^\w]/g, "\\$&");

/**
 * A pattern for `text` with any character escaped: for URLs, JSON, JavaScript, HTML, repeatedly.
 */
const escapedPattern = (text) =>
  Array.from(text, (character) => {
    const [hex, decimal] = [hexOf(character), character.charCodeAt(0)];
    return `(?:\\\\{0,8}${literally(character)}|%(?:25){0,4}${hex}|\\\\{1,8}(?:u00|x)${hex}|&(?:amp;){0,4}#(?:0*${decimal}|x0*${hex});)`;
  }).join("");

/** The rest of a key of which the prefix was found. */
const REST =
  "(?:[\\w.~+/=-]|%(?:25){0,4}[\\da-f]{2}|\\\\{1,8}(?:u00|x)[\\da-f]{2}|\\\\{1,8}/|&(?:amp;){0,4}#x?[\\da-f]{1,6};){1,512}";

/** Patterns for `text` within a longer text that is in base64, at each of the three offsets. */
const base64Patterns = (text) =>
  [0, 1, 2].map((offset) => {
    const encoded = btoa("\0".repeat(offset) + text);
    const own = encoded.slice(
      Math.ceil((offset * 8) / 6),
      Math.floor(((offset + text.length) * 8) / 6),
    );
    return own.replace(/\+/g, "[+-]").replace(/\//g, "[/_]");
  });

/** Returns a function that takes `key`, and whatever else begins as a key, out of a text. */
export function createRedactor(key) {
  const secret = key.slice(KEY_PREFIX.length);
  const hidden = secret.length < MIN_SECRET_LENGTH ? key : secret;
  const patterns = [
    escapedPattern(KEY_PREFIX) + REST,
    escapedPattern(hidden),
    ...base64Patterns(hidden),
    Array.from(hidden, hexOf).join(""),
  ];
  const pattern = new RegExp(patterns.join("|"), "gi");
  const redact = (text) => text.replace(pattern, REDACTED);

  /** Returns a function that redacts a body chunk by chunk; the last call is without one. */
  redact.bytes = () => {
    let held = "";
    return (chunk) => {
      const text = held + latin1(chunk ?? []);
      let end = text.length;
      if (chunk) {
        // The end of the chunk may be the start of a key.
        while (end > 0 && text.length - end < MAX_HELD && isKeyLike(text[end - 1])) end--;
        for (const { index, 0: found } of text.matchAll(pattern)) {
          if (index < end && index + found.length > end) end = index;
        }
      }
      held = text.slice(end);
      return bytesOf(redact(text.slice(0, end)));
    };
  };
  return redact;
}

function latin1(bytes) {
  let text = "";
  // In parts, because engines limit the number of arguments.
  for (let at = 0; at < bytes.length; at += 8192) {
    text += String.fromCharCode(...bytes.slice(at, at + 8192));
  }
  return text;
}

function bytesOf(text) {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  return bytes;
}
