// Keeps keys out of errors, however a text spells them. The core cuts plain ones; here are those whose prefix a server, a
// proxy or a framework has escaped, and those in exceptions of the caller's.

import { makeError as make } from "./errors.js";

const PREFIX = "sk-theta-";
/** Up to the next quote, space or tag. The prefix may be escaped more than once: `%252D`, `&amp;#45;`, `%5Cu002d`. */
const KEYS = new RegExp(`${[...PREFIX].map(spelled).join("")}[^\\s"'\`<]+`, "gi");
/** Where an exception and what hangs on it hold text without listing it among their own members. */
const MEMBERS = ["name", "message", "stack", "cause", "headers"];
/** How far an exception is looked through, in objects and in members of each. */
const MOST = 99;

let withoutSecrets = (text) => text;

/** Fetches what `noteKey` needs. A call does not fail because its errors may say too much. */
export const loadSecrets = () => import("./find-keys.js").catch(() => {});

/** Notes a key that a request is sent with: its answer may quote it without the prefix. In browsers there is none. */
export async function noteKey(key) {
  const secrets = await loadSecrets();
  if (secrets) withoutSecrets = secrets.note(key.slice(PREFIX.length));
}

/** Makes an error of the class with this name; what it says, and its cause, hold no key. */
export function makeError(className, fields) {
  for (const name of ["message", "detail"])
    if (fields[name]) fields[name] = withoutKeys(fields[name]);
  if (quotesKey(fields, "cause")) fields.cause = withoutKey(fields.cause);
  return make(className, fields);
}

const withoutKeys = (text) => withoutSecrets(text.replace(KEYS, `${PREFIX}…`));

/** Matches a character as it is, or escaped by its code in any radix, or by its name. */
function spelled(character) {
  const codes = [16, 10, 8].map((radix) => character.charCodeAt().toString(radix));
  return `(?:${character}|[%=&\\\\][%&#\\\\xu{02356acmp;]*?(?:${codes.join("|")}|hyphen|dash)(?:[;}]|%3b)?)`;
}

/** Whether a key is in `holder[name]`, or in what hangs on it, as far as that can be read. */
function quotesKey(holder, name, seen = new Set()) {
  try {
    const value = holder[name];
    if (typeof value === "string") return withoutKeys(value) !== value;
    if (Object(value) !== value || seen.has(value) || seen.size > MOST || ArrayBuffer.isView(value))
      return false;
    seen.add(value);
    const names = [...MEMBERS, ...Reflect.ownKeys(value).slice(0, MOST)];
    if (names.some((name) => quotesKey(value, name, seen))) return true;
    // Headers, maps and sets.
    const entries = [];
    value.forEach?.((entry) => entries.push(entry));
    return entries.some((_, index) => quotesKey(entries, index, seen));
  } catch {
    // It cannot be read by others either.
    return false;
  }
}

/** An error that says what `cause` does, without the key. */
function withoutKey(cause) {
  const { name, message } = Object(cause);
  const copy = new Error(withoutKeys(`${message ?? cause}`));
  return Object.assign(copy, { name: withoutKeys(`${name ?? "Error"}`), stack: undefined });
}
