// Tests of the package's `exports` and types with publint and arethetypeswrong.

import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { publint } from "publint";
import { formatMessage } from "publint/utils";

import { install, tarball } from "./installed.mjs";

const installed = install();
after(installed.remove);

/**
 * Problems that arethetypeswrong ignores with `--profile esm-only`, too: there is no CommonJS, and
 * the subpaths are only in `exports`, which TypeScript's `node10` resolution does not read.
 */
const MEANT = (problem) =>
  problem.kind === "CJSResolvesToESM" ||
  (problem.kind === "NoResolution" && problem.resolutionKind === "node10");

test("every entry's types are those of its code, wherever it is imported", async () => {
  const packed = createPackageFromTarballData(new Uint8Array(readFileSync(tarball())));
  // The type of an imported `.wasm` depends on the bundler.
  const checked = await checkPackage(packed, {
    excludeEntrypoints: ["./core_bg.wasm", "./core_bg.wasm?module"],
  });
  assert.ok(checked.types, "it has types");
  assert.deepEqual(Object.keys(checked.entrypoints).sort(), [
    ".",
    "./elements",
    "./errors",
    "./external",
    "./package.json",
    "./react",
    "./server",
    "./service-worker",
    "./testing",
  ]);
  const problems = checked.problems.filter((problem) => !MEANT(problem));
  assert.deepEqual(problems, []);
});

test("a bundler and Node find what package.json promises", async () => {
  const { messages, pkg } = await publint({ pkgDir: installed.folder, pack: false, strict: true });
  // This entry is for Next's edge runtime, which imports a wasm as a module only if its name ends
  // so.
  const others = messages.filter(({ path }) => path.at(-1) !== "./core_bg.wasm?module");
  assert.deepEqual(
    others.map((message) => formatMessage(message, pkg)),
    [],
  );
});
