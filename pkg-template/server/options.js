// The options of a proxy, validated when it is created.

import { API_URL, KEY_PREFIX } from "./api.js";
import { configurationError } from "./configuration-error.js";
import { isLoopback, parseHostname } from "./hostname.js";

/** @import { ProxyOptions } from "../server.js" */

/**
 * The options that have a default.
 * @typedef {"baseUrl" | "allowedOrigins" | "maxBytes" | "limiterFailure" | "timeoutMs" | "fetch"}
 *   Defaulted
 */

/**
 * Validated options, with defaults.
 * @typedef {{ [Name in Defaulted]-?: NonNullable<ProxyOptions[Name]> } &
 *   Omit<ProxyOptions, Defaulted | "apiKey"> & { apiKey: NonNullable<ProxyOptions["apiKey"]> }
 * } ValidOptions
 */

/** The length up to which a key is recognized where an upstream repeats it. */
const MAX_KEY_LENGTH = 256;

/** The longest time that `setTimeout` takes, in milliseconds. */
const MAX_INTEGER = 2 ** 31 - 1;

/** @param {unknown} value */
const isFunction = (value) => typeof value === "function";
/** @param {any} value */
const isPositive = (value) => Number.isInteger(value) && value > 0 && value <= MAX_INTEGER;
/** @type {(isItem: (item: any) => boolean) => (value: unknown) => boolean} */
const isArrayOf = (isItem) => (value) => Array.isArray(value) && value.every(isItem);

/**
 * True if `key` can be an API key: the prefix, then characters that HTTP allows in credentials (RFC
 * 9110, 11.2).
 * @param {unknown} key
 * @returns {key is string}
 */
export const isKey = (key) =>
  typeof key === "string" &&
  key.length <= MAX_KEY_LENGTH &&
  key.startsWith(KEY_PREFIX) &&
  /^[\w.~+/=-]+$/.test(key.slice(KEY_PREFIX.length));

/**
 * Returns a URL, or an object without members if it is invalid.
 * @param {any} value
 */
function tryParseUrl(value) {
  try {
    return new URL(value);
  } catch {
    return /** @type {URL} */ ({});
  }
}

/** @param {any} value */
const isOrigin = (value) => /^https?:/.test(value) && tryParseUrl(value).origin === value;

/** @param {unknown} value */
function isBaseUrl(value) {
  const { href, protocol, hostname, username, password } = tryParseUrl(value);
  const isSafe = protocol === "https:" || (protocol === "http:" && isLoopback(hostname));
  return isSafe && username + password === "" && !/[?#]/.test(href);
}

/** @typedef {[isValid: (value: any) => boolean, expected: string]} Rule */

/** @type {Rule} */
const POSITIVE = [isPositive, `an integer from 1 to ${MAX_INTEGER}`];
/** @type {Rule} */
const FUNCTION = [isFunction, "a function"];

/**
 * For each option, whether a value is valid, and what it must be.
 * @type {Record<string, Rule>}
 */
const RULES = {
  apiKey: [
    (value) => isFunction(value) || isKey(value),
    `an API key, ${KEY_PREFIX}… (from console.thetaone.co, set as THETA_ONE_API_KEY), ` +
      "or a function",
  ],
  baseUrl: [isBaseUrl, "an https: URL (http: on this machine)"],
  authorize: FUNCTION,
  allowedOrigins: [isArrayOf(isOrigin), 'an array of origins, like "https://app.example.com"'],
  allowedHosts: [
    isArrayOf((value) => typeof value === "string" && parseHostname(value) !== undefined),
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

/**
 * True for an object that inherits members at most from `Object.prototype`, of whichever realm:
 * that has no prototype.
 * @param {unknown} options
 */
function isPlain(options) {
  if (typeof options !== "object" || options === null) return false;
  const prototype = Object.getPrototypeOf(options);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/**
 * Returns a copy of `options`. Throws if a getter throws, or for an object of a class, whose
 * inherited members would be ignored without notice.
 * @param {object} options
 * @returns {Record<string, any>}
 */
export function copyOptions(options) {
  let copy;
  try {
    copy = isPlain(options) && { ...options };
  } catch {
    throw configurationError("options could not be read: a getter threw");
  }
  if (!copy) throw configurationError("options must be a plain object, whose members are its own");
  return copy;
}

/** True while `next build` evaluates routes, often on a machine that has no key. */
const isNextBuild = () => {
  const { process } = /** @type {{ process?: { env?: Record<string, string> } }} */ (globalThis);
  return process?.env?.NEXT_PHASE === "phase-production-build";
};

/**
 * Returns a validated copy of `options`, with defaults. No error contains a value, because it may
 * be a key in the wrong place.
 * @param {ProxyOptions} options
 * @returns {ValidOptions}
 */
export function validateOptions(options) {
  /** @type {Record<string, any>} */
  const valid = {
    baseUrl: API_URL,
    allowedOrigins: [],
    maxBytes: 25_000_000,
    limiterFailure: "closed",
    timeoutMs: 65_000,
    /** @type {ValidOptions["fetch"]} Looked up for each call, because tools replace it. */
    fetch: (url, init) => fetch(url, init),
  };
  for (const [name, value] of Object.entries(copyOptions(options))) {
    if (!Object.hasOwn(RULES, name)) {
      throw configurationError(
        `options.${name} is not an option; the options are ${Object.keys(RULES).join(", ")}`,
      );
    }
    if (value != null) valid[name] = Array.isArray(value) ? [...value] : value;
  }
  valid.apiKey ??= isNextBuild() ? () => undefined : "";
  for (const [name, [isValid, expected]] of Object.entries(RULES)) {
    const value = valid[name];
    try {
      if (value === undefined || isValid(value)) continue;
    } catch {
      // A getter of the value threw.
    }
    throw configurationError(
      `options.${name} ${value === "" ? "is missing: it " : ""}must be ${expected}`,
    );
  }
  // Parsed, because `fetch` would reject a URL with spaces around it.
  valid.baseUrl = new URL(valid.baseUrl).href.replace(/\/+$/, "");
  valid.perUser &&= { ...valid.perUser };
  valid.allowedHosts &&= valid.allowedHosts.map((/** @type {string} */ host) => host.toLowerCase());
  return /** @type {ValidOptions} */ (valid);
}
