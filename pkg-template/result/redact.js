// Removes keys from errors, however a text spells them. The core removes plain keys. This file
// removes keys whose prefix a server, proxy or framework has escaped, and keys in exceptions of the
// caller's code.

import { KEY_PREFIX } from "./constants.js";
import { makeError as createError } from "./errors.js";

/** @import { ErrorFields } from "../internal.js" */

/**
 * Matches a key up to the next quote, space or tag. The prefix may be escaped more than once:
 * `%252D`, `&amp;#45;`, `%5Cu002d`.
 */
const KEY_PATTERN = new RegExp(
  `${[...KEY_PREFIX].map(escapedCharacterPattern).join("")}[^\\s"'\`<]+`,
  "gi",
);
/** Members that hold text in an exception and its members without being own or enumerable. */
const TEXT_MEMBERS = ["name", "message", "stack", "cause", "headers", "href"];
/** The most objects that are searched in an exception, and the most members of each. */
const MAX_SEARCHED = 99;

/** @type {(text: string) => string} */
let withoutSecrets = (text) => text;

/** Loads the module that `noteKey` needs. If that fails, calls go on with less thorough errors. */
export const loadSecrets = () => import("./find-keys.js").catch(() => {});

/**
 * Registers the key of a request, because the response may quote it without the prefix. In browsers
 * there is none.
 * @param {string} key
 */
export async function noteKey(key) {
  const secrets = await loadSecrets();
  if (secrets) withoutSecrets = secrets.registerSecret(KEY_PREFIX, key.slice(KEY_PREFIX.length));
}

/**
 * Creates an error of the class with this name, and removes keys from its texts and its cause.
 * @param {string} className
 * @param {ErrorFields} fields
 */
export function makeError(className, fields) {
  for (const name of /** @type {const} */ (["message", "detail"])) {
    const text = fields[name];
    if (text) fields[name] = withoutKeys(text);
  }
  if (quotesKey(fields, "cause")) fields.cause = copyWithoutKeys(fields.cause);
  return createError(className, fields);
}

/** @param {string} text */
const withoutKeys = (text) => withoutSecrets(text.replace(KEY_PATTERN, `${KEY_PREFIX}…`));

/**
 * Returns a pattern for a character as it is, escaped by its code in any radix, or by its name.
 * @param {string} character
 */
function escapedCharacterPattern(character) {
  const codes = [16, 10, 8].map((radix) => character.charCodeAt(0).toString(radix)).join("|");
  const opening = "[%=&\\\\][%&#\\\\xu{02356acmp;]*?";
  return `(?:${character}|${opening}(?:${codes}|hyphen|dash)(?:[;}]|%3b)?)`;
}

/**
 * True if `holder[name]`, or an object that it refers to, quotes a key.
 * @param {any} holder
 * @param {PropertyKey} name
 * @param {Set<unknown>} seen
 * @returns {boolean}
 */
function quotesKey(holder, name, seen = new Set()) {
  try {
    const value = holder[name];
    if (typeof value === "string") return withoutKeys(value) !== value;
    if (Object(value) !== value || seen.has(value) || ArrayBuffer.isView(value)) return false;
    if (seen.size > MAX_SEARCHED) return false;
    seen.add(value);
    const texts = [...TEXT_MEMBERS, ...Reflect.ownKeys(value).slice(0, MAX_SEARCHED)];
    if (texts.some((name) => quotesKey(value, name, seen))) return true;
    // The names themselves, and the entries of headers, maps and sets.
    value.forEach?.((/** @type {any} */ entry, /** @type {any} */ key) => {
      texts.push(entry, key);
    });
    return texts.some((_, index) => quotesKey(texts, index, seen));
  } catch {
    // Nobody else can read the value either.
    return false;
  }
}

/**
 * Returns an error with the name and message of `cause`, without keys.
 * @param {unknown} cause
 */
function copyWithoutKeys(cause) {
  const { name, message } = Object(cause);
  const copy = new Error(withoutKeys(`${message ?? cause}`));
  return Object.assign(copy, { name: withoutKeys(`${name ?? "Error"}`), stack: undefined });
}
