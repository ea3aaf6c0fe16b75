// Checks the options of methods, for the core.

import * as tables from "./call-options.js";
import { problemOf } from "./check-options.js";

/** As `problemOf`, by a table of call-options.js. What throws when it is read is refused too. */
export function optionProblem(name, options, table) {
  try {
    return problemOf(name, options, tables[table]);
  } catch {
    return `${name} could not be read`;
  }
}
