// Checks the options of a client in its constructor, before any wasm is loaded.

import { CLIENT_OPTIONS } from "../catalogue.js";
import { copyOptions } from "./arguments.js";
import { findProblem } from "./check-options.js";
import { isBrowser } from "./environment.js";
import { configurationError } from "./local-errors.js";
import { isA, memberOf } from "./untrusted-values.js";

/** @import { ThetaOneOptions } from "../index.js" */

/**
 * Returns a copy of the constructor's options. Throws a ConfigurationError if they are invalid.
 * @param {unknown} options
 * @returns {ThetaOneOptions}
 */
export function checkOptions(options) {
  const copy = /** @type {ThetaOneOptions} */ (
    copyOptions("options", options) ?? Object.create(null)
  );
  if (isA(memberOf(copy, "baseUrl"), "URL"))
    copy.baseUrl = /** @type {string} */ (memberOf(copy.baseUrl, "href"));
  const problem = findProblem("options", copy, CLIENT_OPTIONS);
  if (problem) throw configurationError(problem);
  if (copy.apiKey != null && copy.dangerouslyAllowBrowserKey !== true && isBrowser()) {
    throw configurationError(
      "options.apiKey must not be used in a browser: everyone who opens the page could read the " +
        "key. Let your own backend add the header x-api-key and set baseUrl to it; " +
        "for a page that only you use, set dangerouslyAllowBrowserKey: true",
    );
  }
  return copy;
}
