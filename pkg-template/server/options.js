// The options of a proxy, checked when it is created.

import { configurationError } from "./configuration-error.js";
import { API_URL, KEY_PREFIX } from "./api.js";
import { hostnameOf, isLoopback } from "./hostname.js";

/** Longer keys could not be recognized where an upstream repeats them. */
const MAX_KEY_LENGTH = 256;

/** `setTimeout` takes no longer time. */
const MAX_INTEGER = 2 ** 31 - 1;

const isFunction = (value) => typeof value === "function";
const isObject = (value) => typeof value === "object" && value !== null;
const isPositive = (value) => Number.isInteger(value) && value > 0 && value <= MAX_INTEGER;
const isListOf = (isItem) => (value) => Array.isArray(value) && value.every(isItem);

/**
 * Whether `key` can be an API key: the prefix, then what HTTP allows in credentials (RFC 9110,
 * 11.2).
 */
export const isKey = (key) =>
  typeof key === "string" &&
  key.length <= MAX_KEY_LENGTH &&
  key.startsWith(KEY_PREFIX) &&
  /^[\w.~+/=-]+$/.test(key.slice(KEY_PREFIX.length));

function parsedUrl(value) {
  try {
    return new URL(value);
  } catch {
    return {};
  }
}

const isOrigin = (value) => /^https?:/.test(value) && parsedUrl(value).origin === value;

function isBaseUrl(value) {
  const { protocol, hostname, username, password, search, hash } = parsedUrl(value);
  const isSafe = protocol === "https:" || (protocol === "http:" && isLoopback(hostname));
  return isSafe && username + password + search + hash === "";
}

const POSITIVE = [isPositive, `an integer from 1 to ${MAX_INTEGER}`];
const FUNCTION = [isFunction, "a function"];

/** For each option, whether a value is one, and what it must be. */
const OPTIONS = {
  apiKey: [
    (value) => isFunction(value) || isKey(value),
    `an API key, ${KEY_PREFIX}… (from console.thetaone.co, set as THETA_ONE_API_KEY), or a function`,
  ],
  baseUrl: [isBaseUrl, "an https: URL (http: on this machine)"],
  authorize: FUNCTION,
  allowedOrigins: [isListOf(isOrigin), 'an array of origins, like "https://app.example.com"'],
  allowedHosts: [
    isListOf((value) => typeof value === "string" && hostnameOf(value) !== undefined),
    'an array of hosts, like "app.example.com"',
  ],
  maxBytes: POSITIVE,
  requestsPerMinute: POSITIVE,
  limiter: [(value) => isFunction(value?.consume), "an object with consume(id, points)"],
  limiterFailure: [(value) => value === "open" || value === "closed", '"open" or "closed"'],
  perUser: [
    (value) =>
      isFunction(value?.id) &&
      isPositive(value.requestsPerMinute) &&
      Object.keys(value).length === 2,
    "{ id, requestsPerMinute }",
  ],
  timeoutMs: POSITIVE,
  onEvent: FUNCTION,
  fetch: FUNCTION,
};

/** Whether all members are the object's own: `Object.prototype`, of whichever realm, has no prototype. */
function isPlain(options) {
  const prototype = Object.getPrototypeOf(options);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function entriesOf(options) {
  let entries;
  try {
    entries = isPlain(options) ? Object.entries(options) : undefined;
  } catch {
    throw configurationError("options could not be read: a getter threw");
  }
  // Members that are inherited would be ignored in silence.
  if (!entries)
    throw configurationError("options must be a plain object, whose members are its own");
  return entries;
}

/** Whether `next build` evaluates routes, often on a machine that has no key. */
const isNextBuild = () => globalThis.process?.env?.NEXT_PHASE === "phase-production-build";

/**
 * Returns a checked copy of `options`, with defaults. No error shows a value: one may be a key in
 * the wrong place.
 */
export function checkedOptions(options) {
  if (!isObject(options)) throw configurationError("options must be an object");
  const checked = {
    baseUrl: API_URL,
    allowedOrigins: [],
    maxBytes: 25_000_000,
    limiterFailure: "closed",
    timeoutMs: 65_000,
    // Looked up for each call, because tools replace it.
    fetch: (url, init) => fetch(url, init),
  };
  for (const [name, value] of entriesOf(options)) {
    if (!Object.hasOwn(OPTIONS, name)) {
      throw configurationError(
        `options.${name} is not an option; the options are ${Object.keys(OPTIONS).join(", ")}`,
      );
    }
    if (value != null) checked[name] = Array.isArray(value) ? [...value] : value;
  }
  checked.apiKey ??= isNextBuild() ? () => undefined : "";
  for (const [name, [isValid, expected]] of Object.entries(OPTIONS)) {
    const value = checked[name];
    if (value === undefined || isValid(value)) continue;
    throw configurationError(
      `options.${name} ${value === "" ? "is missing: it " : ""}must be ${expected}`,
    );
  }
  checked.baseUrl = `${checked.baseUrl}`.replace(/\/+$/, "");
  checked.allowedHosts &&= checked.allowedHosts.map((host) => host.toLowerCase());
  return checked;
}
