// The options of a proxy, checked when it is created.

import { configurationError } from "./configuration-error.js";
import { API_URL, KEY_PREFIX } from "./api.js";
import { hostnameOf, isLoopback } from "./host.js";

/** Longer keys could not be recognized where an upstream repeats them. */
const MAX_KEY_LENGTH = 256;

/** The longest time that `setTimeout` takes. */
const MAX_MS = 2 ** 31 - 1;

const isFunction = (value) => typeof value === "function";
const isObject = (value) => typeof value === "object" && value !== null;
const isPositive = (value) => Number.isInteger(value) && value > 0;
const isListOf = (isItem) => (value) => Array.isArray(value) && value.every(isItem);

/** Whether `key` can be an API key: the prefix, then what HTTP allows in credentials (RFC 9110, 11.2). */
export const isKey = (key) =>
  typeof key === "string" && key.length <= MAX_KEY_LENGTH && key.startsWith(KEY_PREFIX) && /^[\w.~+/=-]+$/.test(key.slice(KEY_PREFIX.length));

function isOrigin(value) {
  try {
    return /^https?:/.test(value) && new URL(value).origin === value;
  } catch {
    return false;
  }
}

function isBaseUrl(value) {
  try {
    const { protocol, hostname, username, password, search, hash } = new URL(value);
    const isSafe = protocol === "https:" || (protocol === "http:" && isLoopback(hostname));
    return isSafe && username + password + search + hash === "";
  } catch {
    return false;
  }
}

/** For each option, whether a value is one, and what it must be. */
const OPTIONS = {
  apiKey: [
    (value) => isFunction(value) || isKey(value),
    `an API key (${KEY_PREFIX}…, of letters, digits and -._~+/=) or a function; ` +
      "take one from console.thetaone.co and set it in the server's environment, as THETA_ONE_API_KEY",
  ],
  baseUrl: [isBaseUrl, "an https: URL (or http: on this machine) without credentials, query or fragment"],
  authorize: [isFunction, "a function"],
  allowedOrigins: [isListOf(isOrigin), 'an array of origins, like "https://app.example.com"; there is no "*"'],
  allowedHosts: [
    isListOf((value) => typeof value === "string" && hostnameOf(value) !== undefined),
    'an array of host names, like "app.example.com" or "app.example.com:8443"',
  ],
  maxBytes: [isPositive, "an integer from 1"],
  requestsPerMinute: [isPositive, "an integer from 1"],
  limiter: [(value) => isFunction(value?.consume), "an object with consume(id, points)"],
  limiterFailure: [(value) => value === "open" || value === "closed", '"open" or "closed"'],
  perUser: [
    (value) => isObject(value) && Object.keys(value).length === 2 && isFunction(value.id) && isPositive(value.requestsPerMinute),
    "{ id, requestsPerMinute }, a function and an integer from 1",
  ],
  timeoutMs: [(value) => isPositive(value) && value <= MAX_MS, `an integer from 1 to ${MAX_MS}`],
  onEvent: [isFunction, "a function"],
  fetch: [isFunction, "a function"],
};

/** Whether `next build` evaluates routes, often on a machine that has no key. */
const isNextBuild = () => globalThis.process?.env?.NEXT_PHASE === "phase-production-build";

/** Returns a checked copy of `options`, with defaults. No error shows a value: one may be a key in the wrong place. */
export function checkedOptions(options) {
  if (!isObject(options)) throw configurationError("the proxy takes its options as an object: { apiKey }");
  const checked = {
    baseUrl: API_URL,
    allowedOrigins: [],
    maxBytes: 25_000_000,
    limiterFailure: "closed",
    timeoutMs: 65_000,
    fetch: (...call) => globalThis.fetch(...call),
  };
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(OPTIONS, name)) {
      throw configurationError(`options.${name} is not an option; the options are ${Object.keys(OPTIONS).join(", ")}`);
    }
    if (value != null) checked[name] = value;
  }
  checked.apiKey ??= isNextBuild() ? () => undefined : "";
  for (const [name, [isValid, expected]] of Object.entries(OPTIONS)) {
    const value = checked[name];
    if (value === undefined || isValid(value)) continue;
    throw configurationError(`options.${name} ${value === "" ? "is missing: it" : ""} must be ${expected}`);
  }
  checked.baseUrl = `${checked.baseUrl}`.replace(/\/+$/, "");
  checked.allowedHosts &&= checked.allowedHosts.map((host) => host.toLowerCase());
  return checked;
}
