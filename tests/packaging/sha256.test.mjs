// Compares the hash for pages without WebCrypto with Node's.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import fc from "fast-check";

import { install } from "./installed.mjs";

const installed = install();
after(installed.remove);
const { sha256 } = await import(pathToFileURL(join(installed.folder, "references/sha256.js")));

const hex = (bytes) => Buffer.from(bytes).toString("hex");
const expected = (bytes) => createHash("sha256").update(bytes).digest("hex");

test("bytes of every length around the blocks have the digest that Node gives", () => {
  for (let length = 0; length < 200; length++) {
    const bytes = new Uint8Array(length).fill(length);
    assert.equal(hex(sha256(bytes)), expected(bytes), `${length} bytes`);
  }
});

test("any bytes have the digest that Node gives", () => {
  const bytes = fc.uint8Array({ maxLength: 2_000 });
  fc.assert(
    fc.property(bytes, (bytes) => assert.equal(hex(sha256(bytes)), expected(bytes))),
    { numRuns: 50 },
  );
});
