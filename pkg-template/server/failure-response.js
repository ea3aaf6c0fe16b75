// The response to an error that is no decision of the proxy, such as one of a caller's function.

import { KEY_PREFIX } from "./api.js";
import { ErrorResponse, toResponse } from "./error-response.js";
import { keyPattern, redact } from "./redact.js";

/**
 * Logs an unexpected error without keys. Returns the response, which does not describe it.
 * @param {any} error
 * @param {string} [key] a key that the error may contain
 */
export function failureResponse(error, key = KEY_PREFIX) {
  console.error(redact(`thetaone-web/server: ${error?.stack ?? error}`, keyPattern(key)));
  return toResponse(new ErrorResponse(500, "The proxy failed: its log says why"));
}
