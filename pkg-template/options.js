// Refuses bad constructor options at once, before any wasm is loaded. What each
// option may be stands in the core; catalogue.js is generated from there.

import { CLIENT_OPTIONS } from "./catalogue.js";
import { described } from "./described.js";
import { configurationError } from "./early-errors.js";
import { isA, isRecord, memberOf } from "./foreign.js";
import { copied } from "./guard.js";
import { inBrowser } from "./surroundings.js";

/** The checked copy of the constructor's options. */
export function checkedOptions(options) {
  if (options != null && !isRecord(options)) throw configurationError(`options must be an object, got ${described(options)}`);
  const copy = copied("options", options) ?? Object.create(null);
  if (isA(copy.baseUrl, "URL")) copy.baseUrl = memberOf(copy.baseUrl, "href");
  check("options", copy, CLIENT_OPTIONS);
  guardKey(copy);
  return copy;
}

function check(path, options, fields) {
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(fields, name)) {
      throw configurationError(`${path}.${name} is not an option; the options are ${Object.keys(fields).join(", ")}`);
    }
    if (value === null) continue;
    const field = fields[name];
    if (!FITS[field.kind](value, field)) {
      throw configurationError(`${path}.${name} must be ${field.expected}, got ${described(value)}`);
    }
    if (field.fields && typeof value === "object") check(`${path}.${name}`, value, field.fields);
  }
}

const isNumber = (value, { min, max }) => typeof value === "number" && value >= min && value <= max;
const isFunction = (value) => typeof value === "function";

const FITS = {
  bool: (value) => typeof value === "boolean",
  text: (value) => typeof value === "string" && value !== "",
  oneOf: (value, { names }) => names.includes(value),
  anyOf: (value, { numbers }) => numbers.includes(value),
  integer: (value, field) => Number.isInteger(value) && isNumber(value, field),
  number: isNumber,
  record: isRecord,
  switch: (value) => typeof value === "boolean" || isRecord(value),
  function: isFunction,
  textOrFunction: (value) => isFunction(value) || (typeof value === "string" && value !== ""),
  headers: (value) => isFunction(value) || typeof value === "object",
  baseUrl: isBaseUrl,
};

function isBaseUrl(value) {
  if (typeof value !== "string" || /[?#\s\\]/.test(value)) return false;
  if (value.startsWith("/") && !value.startsWith("//")) return true;
  if (!/^https?:\/\//i.test(value)) return false;
  try {
    const url = new URL(value);
    // fetch refuses URLs that carry credentials.
    return url.username === "" && url.password === "";
  } catch {
    return false;
  }
}

function guardKey({ apiKey, dangerouslyAllowBrowserKey }) {
  if (apiKey == null) return;
  if (inBrowser() && dangerouslyAllowBrowserKey !== true) {
    throw configurationError(
      "options.apiKey must not be used in a browser: everyone who opens the page could read the key. " +
        "Let your own backend add the header x-api-key and set baseUrl to it; " +
        "for a page that only you use, set dangerouslyAllowBrowserKey: true",
    );
  }
}
