// Checks the options of methods, for the core.

import { LONG_REQUEST, PREPARE, RECORD, REQUEST } from "./call-options.js";
import { findProblem } from "./check-options.js";

// Not the module itself: for that, esbuild adds a helper of its own to what every page loads.
const TABLES = { LONG_REQUEST, PREPARE, RECORD, REQUEST };

/** As `findProblem`, by a table of call-options.js. What throws when it is read is refused too. */
export function optionProblem(name, options, table) {
  try {
    return findProblem(name, options, TABLES[table]);
  } catch {
    return `${name} could not be read`;
  }
}
