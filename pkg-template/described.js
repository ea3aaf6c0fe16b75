/** What a value is, in words; nothing that may be a secret. */
export function described(value) {
  if (value === "") return "an empty string";
  if (Array.isArray(value)) return "an array";
  // A string may be a key that was put into the wrong option.
  if (typeof value === "string") return "a string";
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value === "object") return "an object";
  return `a ${typeof value}`;
}
