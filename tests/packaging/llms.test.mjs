// Tests that llms.txt names everything that a coding agent needs to know. tests/types checks its
// code, and links.test.mjs its links.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";

import { install } from "./installed.mjs";

const installed = install();
after(installed.remove);

const read = (name) => readFileSync(new URL(`../../${name}`, import.meta.url), "utf8");
const text = read("llms.txt");
const assertNamed = (name) => assert.ok(text.includes(`\`${name}\``), `${name} is not named`);

test("it is in the package", () => {
  assert.equal(installed.read("llms.txt"), text);
});

test("it names every entry", () => {
  const { exports } = JSON.parse(installed.read("package.json"));
  const entries = Object.keys(exports).filter((entry) => entry !== "./package.json");
  assert.ok(entries.length > 8);
  for (const entry of entries) assertNamed(`thetaone-web${entry.slice(1)}`);
});

test("it names every class, code and reason of an error", () => {
  const page = read("docs/errors.md");
  const classes = [...page.matchAll(/^## (\w+)$/gm)].map(([, name]) => name);
  const codes = [...page.matchAll(/^### `(\w+)`(?: · `(\w+)`)?$/gm)];
  assert.ok(classes.length > 15 && codes.length > 30);
  for (const name of new Set([...classes, ...codes.flatMap(([, ...names]) => names)]))
    if (name !== undefined) assertNamed(name);
});

test("it names every function and hook of the entries", () => {
  for (const entry of ["react", "server"]) {
    const functions = [...installed.read(`${entry}.d.ts`).matchAll(/^export function (\w+)/gm)];
    assert.ok(functions.length > 2, entry);
    for (const [, name] of functions) assertNamed(name);
  }
});

test("its proxy is that of the quick start, which the tests run", () => {
  const [block] = /^```javascript\n.*?^```$/ms.exec(text);
  assert.ok(read("README.md").includes(block));
});

test("every page of the documentation is linked", () => {
  const pages = installed.files.filter((name) => name.startsWith("docs/"));
  assert.ok(pages.length > 12);
  for (const page of pages) assert.ok(text.includes(`](${page})`), page);
});
