import { isArray } from "./untrusted-values.js";

/** What a value is, in words; of strings without their content: one may be a key that was put into the wrong place. */
export function describeType(value) {
  if (value === "") return "an empty string";
  if (value == null || typeof value === "number" || typeof value === "boolean")
    return String(value);
  if (isArray(value)) return "an array";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
