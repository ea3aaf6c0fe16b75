// Checks the options of methods, for the core.

import { LONG_REQUEST, PREPARE, REQUEST } from "./call-options.js";
import { problemOf } from "./check-options.js";

// Not the module itself: for that, esbuild adds a helper of its own to what every page loads.
const TABLES = { LONG_REQUEST, PREPARE, REQUEST };

/** As `problemOf`, by a table of call-options.js. What throws when it is read is refused too. */
export function optionProblem(name, options, table) {
  try {
    return problemOf(name, options, TABLES[table]);
  } catch {
    return `${name} could not be read`;
  }
}
