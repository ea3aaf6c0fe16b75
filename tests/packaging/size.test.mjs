// Compares the download of a page, bundled and minified, with a budget. Prints the largest modules.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { brotliCompressSync } from "node:zlib";
import { build } from "esbuild";

import { install } from "./installed.mjs";

/**
 * Bytes, each file compressed alone with brotli 11. Lower a number when the code becomes smaller,
 * so that it stays smaller.
 */
const BUDGET = {
  "thetaone-web/errors": 1_520,
  "thetaone-web/server, when it starts": 4_300,
  "thetaone-web/server, with limits": 9_700,
  "before the first call": 7_520,
  "between a click and a recording": 12_000,
  "all, wasm inlined": 91_600,
  "all, wasm served": 85_840,
  "thetaone-web/react adds": 3_000,
  "thetaone-web/elements adds": 8_000,
  "thetaone-web/elements, all of it": 13_150,
};

/**
 * The chunks that every page loads besides its own imports. Only some pages need the other chunks.
 */
const NEEDED =
  /\/(loading\/runtime|wasm\/inline|record\/start-recording|server\/(handler|rate-limits))\.js$/;
/** The chunk that `record()` loads before sound is recorded. */
const RECORDER = /\/record\/start-recording\.js$/;

const HOOK_NAMES = "ThetaOneProvider, useThetaOne, useCall, useLevel, useMicrophones, useRecorder";
/**
 * All hooks. React belongs to the page and does not count. They are imported by name, as in pages:
 * esbuild adds a helper for namespace imports.
 */
const HOOKS = `import { ${HOOK_NAMES} } from "thetaone-web/react";\nglobalThis.x = { ${HOOK_NAMES} };`;

/**
 * The chunks that elements fetch on demand: Korean, sound, waveforms, help for a refused
 * microphone.
 */
const OF_ELEMENTS = /\/elements\/(texts-ko|playback|waveform-drawing|microphone-help)\.js$/;

const installed = install();
after(installed.remove);

const sizes = {};
const largest = [];

before(async () => {
  const page = "new ThetaOne({ baseUrl: '/api' }).ready();";
  const inlined = await downloaded(`import { ThetaOne } from "thetaone-web";\n${page}`);
  const served = await downloaded(
    `import { ThetaOne, init } from "thetaone-web/external";\ninit("/core.wasm");\n${page}`,
  );
  const errors = await downloaded(
    `import { ThetaOneError } from "thetaone-web/errors";\nglobalThis.x = ThetaOneError;`,
  );
  const server = await downloaded(
    `export { createProxy, toNodeHandler, vitePlugin } from "thetaone-web/server";`,
  );
  const wasm = brotli(installed.bytes("core_bg.wasm"));
  sizes["thetaone-web/errors"] = errors.first;
  sizes["thetaone-web/server, when it starts"] = server.first;
  sizes["thetaone-web/server, with limits"] = server.first + server.core;
  sizes["before the first call"] = inlined.first;
  sizes["between a click and a recording"] = inlined.first + inlined.recorder;
  sizes["all, wasm inlined"] = inlined.first + inlined.core;
  sizes["all, wasm served"] = served.first + served.core + wasm;
  sizes["thetaone-web/react adds"] =
    (await downloaded(`import { ThetaOne } from "thetaone-web";\n${HOOKS}\n${page}`)).first -
    inlined.first;
  const elements = await downloaded(
    `import { ThetaOne } from "thetaone-web";\nimport "thetaone-web/elements";\n${page}`,
    OF_ELEMENTS,
  );
  sizes["thetaone-web/elements adds"] = elements.first - inlined.first;
  sizes["thetaone-web/elements, all of it"] = elements.first - inlined.first + elements.core;
  largest.push(["core_bg.wasm", wasm], ...served.files);
});

const brotli = (bytes) => brotliCompressSync(bytes).length;

/**
 * Returns the size of what a page with this script downloads at once (`first`), and of the chunks
 * that match `later` and are downloaded on demand (`core`).
 */
async function downloaded(script, later = NEEDED) {
  const source = join(installed.project, "page.js");
  writeFileSync(source, script);
  const { outputFiles, metafile, warnings } = await build({
    entryPoints: [source],
    bundle: true,
    format: "esm",
    splitting: true,
    minify: true,
    metafile: true,
    write: false,
    outdir: "out",
    external: ["react"],
    absWorkingDir: installed.project,
    logLevel: "silent",
  });
  assert.deepEqual(
    warnings.map(({ text }) => text),
    [],
  );
  const chunks = metafile.outputs;
  const bytes = (path) =>
    brotli(outputFiles.find((file) => file.path === join(installed.project, path)).contents);
  const reached = (from, kind) =>
    from
      .flatMap((path) => chunks[path].imports)
      .filter((found) => found.kind === kind && !found.external)
      .map(({ path }) => path);
  /** Returns these chunks and all that they import statically. */
  const closed = (paths) => {
    const all = new Set(paths);
    for (const path of all) for (const next of reached([path], "import-statement")) all.add(next);
    return [...all];
  };
  const first = closed(Object.keys(chunks).filter((path) => chunks[path].entryPoint === "page.js"));
  // Finds the chunks that `first` fetches on demand, and those that these fetch in turn.
  const loadedBy = (pattern) => {
    const loaded = [];
    for (let found = first; found.length > 0; ) {
      const needed = reached(found, "dynamic-import").filter((path) =>
        pattern.test(chunks[path].entryPoint),
      );
      found = closed(needed).filter((path) => !first.includes(path) && !loaded.includes(path));
      loaded.push(...found);
    }
    return loaded;
  };
  const core = loadedBy(later);
  const sum = (paths) => paths.reduce((total, path) => total + bytes(path), 0);
  const files = [...first, ...core].flatMap((path) =>
    Object.entries(chunks[path].inputs).map(([file, { bytesInOutput }]) => [
      file.replace(/.*node_modules\//, ""),
      bytesInOutput,
    ]),
  );
  return { first: sum(first), core: sum(core), recorder: sum(loadedBy(RECORDER)), files };
}

for (const [what, budget] of Object.entries(BUDGET)) {
  test(`${what}: at most ${budget} bytes`, () => {
    assert.ok(sizes[what] > 0);
    assert.ok(sizes[what] <= budget, `${sizes[what]} bytes are ${sizes[what] - budget} too many`);
  });
}

test("README.md and docs/measurements.md say so", () => {
  const page = (name) => readFileSync(new URL(`../../${name}`, import.meta.url), "utf8");
  const prose = page("README.md").replace(/\s+/g, " ");
  const numbers =
    /: ([\d.]+) kB before the first call, then (\d+) kB in all with the wasm inlined, or (\d+) kB with the wasm served/.exec(
      prose,
    );
  assert.ok(numbers, "README.md says how much a page downloads");
  // The tolerance is the rounding: a byte more or less must not decide between two rounded values.
  for (const [index, [what, rounding]] of [
    ["before the first call", 60],
    ["all, wasm inlined", 600],
    ["all, wasm served", 600],
  ].entries()) {
    const bytes = Number(numbers[index + 1]) * 1000;
    assert.ok(
      Math.abs(bytes - sizes[what]) <= rounding,
      `${what}: ${sizes[what]} bytes, and README.md says ${bytes}`,
    );
  }
  // The tolerance is half a percent, because two compilers produce slightly different sizes.
  for (const [, what, number] of page("docs/measurements.md").matchAll(
    /^\| (before the first call|between a click and a recording|all, wasm \w+) \| ([\d,]+) \|$/gm,
  )) {
    const bytes = Number(number.replace(",", ""));
    assert.ok(
      Math.abs(bytes - sizes[what]) <= sizes[what] / 200,
      `${what}: ${sizes[what]} bytes, and the page says ${number}`,
    );
  }
});

test("the largest files of each bundle are printed", (t) => {
  for (const [what, size] of Object.entries(sizes))
    t.diagnostic(`${what}: ${size} bytes of ${BUDGET[what]}`);
  t.diagnostic("minified, before compression (the wasm: compressed):");
  for (const [file, size] of largest.sort(([, a], [, b]) => b - a).slice(0, 12))
    t.diagnostic(`  ${size} ${file}`);
});
