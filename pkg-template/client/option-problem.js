// Checks the options of methods, for the core.

import { LONG_REQUEST, PREPARE, REQUEST } from "./call-options.js";
import { findProblem } from "./check-options.js";

// Not a namespace import, for which esbuild adds a helper to the code that every page loads.
const TABLES = { LONG_REQUEST, PREPARE, REQUEST };

/**
 * Returns what is wrong with `options`, called `name` in the message, by a table of
 * call-options.js; `undefined` if nothing is. Never throws.
 * @param {string} name
 * @param {unknown} options
 * @param {keyof typeof TABLES} table
 */
export function optionProblem(name, options, table) {
  try {
    return findProblem(name, options, TABLES[table]);
  } catch {
    return `${name} could not be read`;
  }
}
