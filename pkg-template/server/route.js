import { ENDPOINTS } from "./api.js";

/**
 * Returns the API's path for the path of a request, by its last segment, or `undefined`. Encoded
 * characters, dot segments and empty segments are refused, because programs on the way read them
 * differently.
 */
export function endpointOf(path) {
  if (!/^(?:\/[^/\\%;?#\s]+)+$/.test(path) || /\/\.{1,2}\//.test(path)) return undefined;
  const last = path.slice(path.lastIndexOf("/"));
  return ENDPOINTS.includes(last) ? last : undefined;
}
