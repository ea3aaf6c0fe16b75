// SHA-256 (FIPS 180-4), for pages without WebCrypto: those that are not served by HTTPS.

/**
 * A Uint32Array. `any`, because by `noUncheckedIndexedAccess` each of its words may be missing, and
 * all indexes here are within it.
 * @typedef {any} Words
 */

/**
 * Returns the first 32 fractional bits of the `power`-th roots of the first `count` primes.
 * @param {number} count
 * @param {number} power
 * @returns {Words}
 */
function rootFractions(count, power) {
  /** @type {Words} */
  const words = new Uint32Array(count);
  for (let number = 2, found = 0; found < count; number++) {
    let divisor = 2;
    while (number % divisor !== 0) divisor++;
    if (divisor === number) words[found++] = (number ** (1 / power) % 1) * 2 ** 32;
  }
  return words;
}

/**
 * @param {number} word
 * @param {number} bits
 */
const rotateRight = (word, bits) => (word >>> bits) | (word << (32 - bits));

/**
 * Returns the digest of `bytes`: 32 bytes.
 * @param {Uint8Array<ArrayBuffer>} bytes
 */
export function sha256(bytes) {
  const state = rootFractions(8, 2);
  const constants = rootFractions(64, 3);
  // The bytes, a one bit, and the length in bits at the end of the last block of 64 bytes.
  const padded = new Uint8Array((((bytes.length + 8) >> 6) << 6) + 64);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setBigUint64(padded.length - 8, BigInt(bytes.length) * 8n);
  /** @type {Words} */
  const words = new Uint32Array(64);
  for (let block = 0; block < padded.length; block += 64) {
    for (let at = 0; at < 64; at++) {
      const [word15, word2] = [words[at - 15], words[at - 2]];
      words[at] =
        at < 16
          ? view.getUint32(block + at * 4)
          : words[at - 16] +
            (rotateRight(word15, 7) ^ rotateRight(word15, 18) ^ (word15 >>> 3)) +
            words[at - 7] +
            (rotateRight(word2, 17) ^ rotateRight(word2, 19) ^ (word2 >>> 10));
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let at = 0; at < 64; at++) {
      const choice = (e & f) ^ (~e & g);
      const majority = (a & b) ^ (a & c) ^ (b & c);
      const first =
        h +
        (rotateRight(e, 6) ^ rotateRight(e, 11) ^ rotateRight(e, 25)) +
        choice +
        constants[at] +
        words[at];
      const second = (rotateRight(a, 2) ^ rotateRight(a, 13) ^ rotateRight(a, 22)) + majority;
      [a, b, c, d, e, f, g, h] = [(first + second) | 0, a, b, c, (d + first) | 0, e, f, g];
    }
    [a, b, c, d, e, f, g, h].forEach((word, at) => (state[at] += word));
  }
  const digest = new DataView(new ArrayBuffer(32));
  state.forEach((/** @type {number} */ word, /** @type {number} */ at) =>
    digest.setUint32(at * 4, word),
  );
  return new Uint8Array(digest.buffer);
}
