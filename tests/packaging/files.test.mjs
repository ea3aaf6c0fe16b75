// Awkward files in Node: sent whole and right, or refused with the true reason.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";

import { allFiles, wrongWith } from "../files/all.mjs";
import { outcomeOf } from "../files/outcome.mjs";
import { install } from "./installed.mjs";

const installed = install();
after(installed.remove);

test("every file is sent whole and right, or refused with the true reason", async () => {
  const sdk = await import(pathToFileURL(join(installed.folder, "index.js")));
  const files = await allFiles(installed.folder);
  assert.ok(files.length >= 150, `${files.length} files`);
  const wrong = [];
  for (const file of files) {
    const problem = wrongWith(file, "node", await outcomeOf(sdk, file.bytes));
    if (problem) wrong.push(`${file.name}: ${problem}`);
  }
  console.log(`${files.length} files`);
  assert.deepEqual(wrong, []);
});
