// What tools that know every way to import a package say of this one.

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
 * What arethetypeswrong leaves out too with `--profile esm-only`: there is no CommonJS, and the subpaths are in
 * `exports` alone, which TypeScript's `node10` resolution does not read.
 */
const MEANT = (problem) =>
  problem.kind === "CJSResolvesToESM" ||
  (problem.kind === "NoResolution" && problem.resolutionKind === "node10");

test("every entry's types are those of its code, wherever it is imported", async () => {
  const packed = createPackageFromTarballData(new Uint8Array(readFileSync(tarball())));
  // What a `.wasm` is to an importer is the bundler's to say.
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
  // For Next's edge runtime, which takes a wasm for a module only by a name that ends so.
  const others = messages.filter(({ path }) => path.at(-1) !== "./core_bg.wasm?module");
  assert.deepEqual(
    others.map((message) => formatMessage(message, pkg)),
    [],
  );
});
