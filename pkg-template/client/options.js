// Refuses bad constructor options at once, before any wasm is loaded. What each
// option may be stands in the core; catalogue.js is generated from there.

import { CLIENT_OPTIONS } from "../catalogue.js";
import { copyOptions } from "./arguments.js";
import { findProblem } from "./check-options.js";
import { isBrowser } from "./environment.js";
import { configurationError } from "./local-errors.js";
import { isA, memberOf } from "./untrusted-values.js";

/** The checked copy of the constructor's options. */
export function checkOptions(options) {
  const copy = copyOptions("options", options) ?? Object.create(null);
  if (isA(memberOf(copy, "baseUrl"), "URL")) copy.baseUrl = memberOf(copy.baseUrl, "href");
  const problem = findProblem("options", copy, CLIENT_OPTIONS);
  if (problem) throw configurationError(problem);
  if (copy.apiKey != null && copy.dangerouslyAllowBrowserKey !== true && isBrowser()) {
    throw configurationError(
      "options.apiKey must not be used in a browser: everyone who opens the page could read the key. " +
        "Let your own backend add the header x-api-key and set baseUrl to it; " +
        "for a page that only you use, set dangerouslyAllowBrowserKey: true",
    );
  }
  return copy;
}
