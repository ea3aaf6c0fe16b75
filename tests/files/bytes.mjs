// Helpers that build the bytes of files.

export const ascii = (text) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
export const filled = (length, byte = 0) => new Uint8Array(length).fill(byte);

export function concat(...parts) {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Returns an integer of `length` bytes, little-endian unless `big`. */
export function int(value, length, big = false) {
  let rest = BigInt.asUintN(8 * length, BigInt(value));
  const bytes = new Uint8Array(length);
  for (let n = 0; n < length; n++) {
    bytes[n] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return big ? bytes.reverse() : bytes;
}

/** Returns each of these values as an integer of `length` bytes. */
export function ints(values, length, big = false) {
  const all = new Uint8Array(values.length * length);
  values.forEach((value, n) => all.set(int(value, length, big), n * length));
  return all;
}

/** Returns a copy with these bytes in place of the previous ones. */
export function patched(bytes, at, put) {
  const copy = bytes.slice();
  copy.set(put, at);
  return copy;
}
