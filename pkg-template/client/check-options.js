// Checks options by the tables in catalogue.js, call-options.js and record/options.js, which are
// generated from the core.

import { describeType } from "./describe-type.js";
import { isRecord, isSignal } from "./untrusted-values.js";

/**
 * An option of a table: the name of its type, or the type with its limits.
 * @typedef {object} DetailedOption
 * @property {string} kind
 * @property {number} [min]
 * @property {number} [max]
 * @property {readonly unknown[]} [values]
 * @property {OptionTable} [fields]
 */
/** @typedef {{ readonly [name: string]: string | DetailedOption }} OptionTable */

/**
 * Returns what is wrong with `options`, called `path` in the message; `undefined` if nothing is.
 * @param {string} path
 * @param {unknown} options a copy; see arguments.js
 * @param {OptionTable} fields
 * @returns {string | undefined}
 */
export function findProblem(path, options, fields) {
  if (options == null) return undefined;
  if (!isRecord(options)) return `${path} must be an object, got ${describeType(options)}`;
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(fields, name)) {
      return `${path}.${name} is not an option; the options are ${Object.keys(fields).join(", ")}`;
    }
    if (value == null) continue;
    // A string has neither `kind` nor `fields`.
    const field = /** @type {DetailedOption} */ (fields[name]);
    const [matches, expected] = KINDS[/** @type {Kind} */ (field.kind ?? field)];
    if (!matches(value, field))
      return (
        `${path}.${name} must be ${expected ?? describeExpected(field)}, ` +
        `got ${describeType(value)}`
      );
    const problem =
      field.fields && isRecord(value) && findProblem(`${path}.${name}`, value, field.fields);
    if (problem) return problem;
  }
  return undefined;
}

/**
 * @param {unknown} value
 * @param {DetailedOption} field
 */
const isNumber = (value, { min, max }) =>
  typeof value === "number" &&
  value >= /** @type {number} */ (min) &&
  value <= /** @type {number} */ (max);
/** @param {unknown} value */
const isFunction = (value) => typeof value === "function";
/** @param {unknown} value */
const isFilledText = (value) => typeof value === "string" && value !== "";

/** @typedef {keyof typeof KINDS} Kind */
/** @typedef {(value: unknown, field: DetailedOption) => boolean} Matches */

/**
 * The types of options by their names in the tables: whether a value matches, and the expectation
 * in words, unless it depends on the option.
 * @satisfies {Record<string, [matches: Matches, expected?: string]>}
 */
const KINDS = {
  bool: [(value) => typeof value === "boolean", "true or false"],
  text: [isFilledText, "a string that is not empty"],
  oneOf: [(value, { values }) => /** @type {readonly unknown[]} */ (values).includes(value)],
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

/** @param {DetailedOption} field */
function describeExpected({ kind, values, min, max }) {
  if (values) return `one of ${values.map((value) => JSON.stringify(value)).join(", ")}`;
  return `a ${kind === "integer" ? "whole " : ""}number from ${min} to ${max}`;
}

/** @param {unknown} value */
function isBaseUrl(value) {
  if (typeof value !== "string" || /[?#\s\\]/.test(value)) return false;
  if (value.startsWith("/") && !value.startsWith("//")) return true;
  if (!/^https?:\/\//i.test(value)) return false;
  try {
    const url = new URL(value);
    // fetch rejects URLs with credentials.
    return url.username === "" && url.password === "";
  } catch {
    return false;
  }
}
