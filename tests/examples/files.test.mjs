// Tests that the examples are short, complete, and what is tested.

import { strict as assert } from "node:assert";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

import { NAMES, filesOf, modules, readJson, source } from "./projects.mjs";

const SOURCE = /\.(js|ts|tsx|vue|svelte|html|css)$/;
const CONFIG = /(^|\/)vite\.config\.js$/;
/** The page of an example with Vite and a framework, which only loads the entry. */
const ENTRY_PAGE =
  /<body>\s*<div id="\w+"><\/div>\s*<script type="module" src="\/src\/main\.tsx?"><\/script>\s*<\/body>/;

/** Returns the source files of an example, with their text. */
async function sourcesOf(name) {
  const files = (await filesOf(name)).filter((file) => SOURCE.test(file) && !CONFIG.test(file));
  const texts = files.map(async (file) => [file, await readFile(join(source(name), file), "utf8")]);
  return (await Promise.all(texts)).filter(([, text]) => !ENTRY_PAGE.test(text));
}

for (const name of NAMES) {
  test(`the example ${name} has less than 80 lines of source`, async (t) => {
    const sources = await sourcesOf(name);
    const lines = sources.map(([file, text]) => [file, text.trimEnd().split("\n").length]);
    const total = lines.reduce((sum, [, count]) => sum + count, 0);
    t.diagnostic(`${total} lines: ${lines.map(([file, count]) => `${file} ${count}`).join(", ")}`);
    assert.ok(total > 20 && total < 80, `${total} lines`);
  });

  test(`the example ${name} declares all its packages, in the versions that are tested`, async () => {
    const manifest = await readJson(join(source(name), "package.json"));
    const declared = { ...manifest.dependencies, ...manifest.devDependencies };
    for (const [dependency, range] of Object.entries(declared)) {
      const { version } = await readJson(join(modules, dependency, "package.json"));
      assert.equal(range, `^${version}`, dependency);
    }
    const sources = await sourcesOf(name);
    const config = (await filesOf(name)).filter((file) => CONFIG.test(file));
    const texts = [
      ...sources.map(([, text]) => text),
      ...(await Promise.all(config.map((file) => readFile(join(source(name), file), "utf8")))),
    ];
    const imported = texts.flatMap((text) =>
      [...text.matchAll(/^\s*import .*?"([^"./][^"]*)";$|^\s*\} from "([^"./][^"]*)";$/gm)].map(
        (found) => (found[1] ?? found[2]).match(/^(?:@[^/]+\/)?[^/]+/)[0],
      ),
    );
    assert.ok(imported.includes("thetaone-web"));
    assert.deepEqual(
      imported.filter((dependency) => !Object.hasOwn(declared, dependency)),
      [],
    );
  });

  test(`the example ${name} keeps its key out of git and out of the page`, async () => {
    const files = await filesOf(name);
    assert.ok(files.includes("README.md") && files.includes(".env.example"));
    const read = (file) => readFile(join(source(name), file), "utf8");
    assert.match(await read(".gitignore"), /^\.env\.local$/m);
    assert.match(await read(".env.example"), /^THETA_ONE_API_KEY=$/m);
    // Prefixes that Vite and Next.js copy into the page.
    for (const file of files) assert.doesNotMatch(await read(file), /VITE_|NEXT_PUBLIC_/, file);
  });
}

test("the code of docs/frameworks.md is that of the examples", async () => {
  const page = await readFile(new URL("../../docs/frameworks.md", import.meta.url), "utf8");
  const blocks = [...page.matchAll(/^```\w+\n(.*?)^```$/gms)].map(([, code]) => code);
  const files = NAMES.map(async (name) => {
    const shown = (await filesOf(name)).filter((file) => SOURCE.test(file));
    return Promise.all(shown.map((file) => readFile(join(source(name), file), "utf8")));
  });
  const code = new Set((await Promise.all(files)).flat());
  assert.ok(blocks.length >= 10);
  for (const block of blocks) assert.ok(code.has(block), `no example has this file:\n${block}`);
});
