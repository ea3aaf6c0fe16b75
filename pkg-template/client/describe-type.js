import { isArray } from "./untrusted-values.js";

/**
 * Describes the type of a value in words. Leaves out the content of strings, because a string may
 * be a key that was passed in the wrong place.
 * @param {unknown} value
 */
export function describeType(value) {
  if (value === "") return "an empty string";
  if (value == null || typeof value === "number" || typeof value === "boolean")
    return String(value);
  if (isArray(value)) return "an array";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
