// Holds options against the tables of the core, from which catalogue.js, call-options.js and
// record/options.js are generated.

import { describeType } from "./describe-type.js";
import { isRecord, isSignal } from "./untrusted-values.js";

/** Returns what is wrong with `options`, called `path`; `undefined` where they fit. They are a copy; see arguments.js. */
export function problemOf(path, options, fields) {
  if (options == null) return undefined;
  if (!isRecord(options)) return `${path} must be an object, got ${describeType(options)}`;
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(fields, name)) {
      return `${path}.${name} is not an option; the options are ${Object.keys(fields).join(", ")}`;
    }
    if (value == null) continue;
    const field = fields[name];
    const [fits, expected] = KINDS[field.kind ?? field];
    if (!fits(value, field))
      return `${path}.${name} must be ${expected ?? expectedBy(field)}, got ${describeType(value)}`;
    const problem =
      field.fields && isRecord(value) && problemOf(`${path}.${name}`, value, field.fields);
    if (problem) return problem;
  }
  return undefined;
}

const isNumber = (value, { min, max }) => typeof value === "number" && value >= min && value <= max;
const isFunction = (value) => typeof value === "function";

const isFilledText = (value) => typeof value === "string" && value !== "";

/** By the names that the tables give them: whether a value fits, and, unless the field says it, what is expected. */
const KINDS = {
  bool: [(value) => typeof value === "boolean", "true or false"],
  text: [isFilledText, "a string that is not empty"],
  oneOf: [(value, { values }) => values.includes(value)],
  integer: [(value, field) => Number.isInteger(value) && isNumber(value, field)],
  number: [isNumber],
  record: [isRecord, "an object"],
  switch: [(value) => typeof value === "boolean" || isRecord(value), "true, false or an object"],
  function: [isFunction, "a function"],
  textOrFunction: [
    (value) => isFunction(value) || isFilledText(value),
    "a string that is not empty, or a function that gives one",
  ],
  headers: [
    (value) => isFunction(value) || typeof value === "object",
    "an object of header names and strings, or a function that gives one",
  ],
  baseUrl: [isBaseUrl, "an http(s) URL, or a path that starts with /, without query or fragment"],
  signal: [isSignal, "an AbortSignal"],
  // Checked where it is used.
  unchecked: [() => true],
};

function expectedBy({ kind, values, min, max }) {
  if (values) return `one of ${values.map((value) => JSON.stringify(value)).join(", ")}`;
  return `a ${kind === "integer" ? "whole " : ""}number from ${min} to ${max}`;
}

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
