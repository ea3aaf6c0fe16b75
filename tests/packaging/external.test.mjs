// Tests of the entry whose wasm is passed to `init`, in Node. For browsers, see ../bundlers.

import assert from "node:assert/strict";
import { after, test } from "node:test";

import { install } from "./installed.mjs";

const installed = install();
after(installed.remove);

/** Runs `source` in the project. Returns the value that it passes to `tell`. */
const run = (source) =>
  installed.run(`
    import { readFileSync } from "node:fs";
    import { pathToFileURL } from "node:url";
    import { ThetaOne, ThetaOneError, init } from "thetaone-web/external";
    const path = "./node_modules/thetaone-web/core_bg.wasm";
    const wasm = readFileSync(path);
    const outcome = async (attempt) => {
      try {
        await attempt();
        return "ok";
      } catch (error) {
        return (ThetaOneError.is(error) ? error.name : "untyped") + ": " + error.message;
      }
    };
    const tell = (value) => console.log(JSON.stringify(value));
    const theta = new ThetaOne({ baseUrl: "http://127.0.0.1:1" });
    ${source}
  `);

const GIVEN = {
  "its address on disk": "pathToFileURL(path).href",
  "a URL object": "pathToFileURL(path)",
  bytes: "wasm",
  "an ArrayBuffer": "Uint8Array.from(wasm).buffer",
  "a view into a larger buffer": "Buffer.concat([Buffer.alloc(8), wasm]).subarray(8)",
  "a compiled module": "new WebAssembly.Module(wasm)",
  "a response": 'new Response(wasm, { headers: { "content-type": "application/wasm" } })',
  "a response of a wrong type": 'new Response(wasm, { headers: { "content-type": "text/plain" } })',
  "a response without a type": "new Response(wasm)",
  "a promise": "Promise.resolve(wasm)",
};

for (const [what, expression] of Object.entries(GIVEN)) {
  test(`the wasm may be ${what}`, () => {
    const outcomes = run(`
      tell([await outcome(() => init(${expression})), await outcome(() => theta.ready())]);
    `);
    assert.deepEqual(outcomes, ["ok", "ok"]);
  });
}

test("without init, a call says that it is missing; with it, the same client works", () => {
  const [before, after] = run(`
    const before = await outcome(() => theta.ready());
    await init(wasm);
    tell([before, await outcome(() => theta.ready())]);
  `);
  assert.match(before, /^WasmLoadError: .*init\(source\).*thetaone-web\/external/);
  assert.equal(after, "ok");
});

test("a call waits for an init that is under way", () => {
  assert.deepEqual(
    run(`
    const starting = init(wasm);
    tell([await outcome(() => theta.ready()), await outcome(() => starting)]);
  `),
    ["ok", "ok"],
  );
});

test("init may be called again: after a failure to mend it, after a success for nothing", () => {
  assert.deepEqual(
    run(`
    const outcomes = [];
    for (const source of [new Uint8Array(9), wasm, wasm, new Uint8Array(9)]) {
      outcomes.push((await outcome(() => init(source))).split(":")[0]);
    }
    outcomes.push(await outcome(() => theta.ready()));
    tell(outcomes);
  `),
    ["WasmLoadError", "ok", "ok", "ok", "ok"],
  );
});

test("after a failed init, calls fail with its error", () => {
  const [first, second] = run(`
    tell([await outcome(() => init(new Uint8Array(9))), await outcome(() => theta.ready())]);
  `);
  assert.equal(first, second);
});

test("init() rejects with a WasmLoadError that names the cause", () => {
  const expected = {
    undefined: /^ConfigurationError: init\(\) takes/,
    5: /^ConfigurationError/,
    "{}": /^ConfigurationError/,
    "new Uint8Array(0)": /^WasmLoadError: .*not WebAssembly: serve .*core_bg\.wasm/,
    'new Response("<!doctype html>", { headers: { "content-type": "text/html" } })':
      /^WasmLoadError: .*a page, not WebAssembly/,
    'new Response("", { status: 404 })': /^WasmLoadError: .*status 404: serve .*core_bg\.wasm/,
    used: /^WasmLoadError: .*read already.*clone/,
    '"http://127.0.0.1:1/core_bg.wasm"': /^WasmLoadError: http:.*could not be fetched: serve/,
    '"file:///nowhere/core_bg.wasm"': /^WasmLoadError: file:.*ENOENT/,
    "wasm.subarray(0, 900)": /^WasmLoadError: the wasm core could not be started/,
    another: /^WasmLoadError: .*installed version/,
    'Promise.reject(new Error("no such luck"))': /^WasmLoadError: .*no such luck/,
  };
  const outcomes = run(`
    // A module with an import that the glue does not have, as in a file of another version.
    const another = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 2, 7, 1, 1, 97, 1, 98, 0, 0);
    const used = new Response(wasm);
    await used.text();
    const outcomes = [];
    for (const source of [${Object.keys(expected).map((source) => `() => ${source.startsWith("{") ? `(${source})` : source}`)}]) {
      outcomes.push(await outcome(() => init(source())));
    }
    tell([...outcomes, await outcome(() => init(wasm))]);
  `);
  Object.entries(expected).forEach(([source, pattern], at) =>
    assert.match(outcomes[at], pattern, source),
  );
  assert.equal(outcomes.at(-1), "ok");
});
