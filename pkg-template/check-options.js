// Holds options against the tables of the core, which catalogue.js and call-options.js are generated from.

import { described } from "./described.js";
import { isRecord } from "./foreign.js";
import { isSignal } from "./signal.js";

/** Returns what is wrong with `options`, called `path`; `undefined` where they fit. They are a copy; see guard.js. */
export function problemOf(path, options, fields) {
  if (options == null) return undefined;
  if (!isRecord(options)) return `${path} must be an object, got ${described(options)}`;
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(fields, name)) {
      return `${path}.${name} is not an option; the options are ${Object.keys(fields).join(", ")}`;
    }
    if (value == null) continue;
    const field = fields[name];
    if (!FITS[field.kind](value, field)) return `${path}.${name} must be ${field.expected}, got ${described(value)}`;
    const problem = field.fields && isRecord(value) && problemOf(`${path}.${name}`, value, field.fields);
    if (problem) return problem;
  }
  return undefined;
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
  signal: isSignal,
  // What is in it, is read where it is used.
  resume: () => true,
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
