import { ENDPOINTS } from "./api.js";

/** @import { EndpointPath } from "../index.js" */

/**
 * Returns the API's path for the last segment of a request's path, or `undefined`. Encoded
 * characters, dot segments and empty segments do not match, because programs on the way read them
 * differently.
 * @param {string} path
 */
export function matchEndpoint(path) {
  if (!/^(?:\/[^/\\%;?#\s]+)+$/.test(path) || /\/\.{1,2}\//.test(path)) return undefined;
  const last = path.slice(path.lastIndexOf("/"));
  return ENDPOINTS.includes(last) ? /** @type {EndpointPath} */ (last) : undefined;
}
