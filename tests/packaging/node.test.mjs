// Tests of the installed package in Node, where it must load although there is no browser.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

import { install } from "./installed.mjs";

const installed = install();
after(installed.remove);

// The error classes of the contract, and their parents.
const ERRORS = {
  ThetaOneError: "Error",
  BadRequestError: "ThetaOneError",
  InvalidOptionsError: "BadRequestError",
  MissingGoldTextError: "BadRequestError",
  InvalidNativeSpeechComponentsError: "BadRequestError",
  NotAllWordsSpokenError: "BadRequestError",
  InvalidAudioError: "BadRequestError",
  AuthenticationError: "ThetaOneError",
  PaymentRequiredError: "ThetaOneError",
  PayloadTooLargeError: "ThetaOneError",
  RateLimitError: "ThetaOneError",
  ServerError: "ThetaOneError",
  UnexpectedStatusError: "ThetaOneError",
  InvalidResponseError: "ThetaOneError",
  ConnectionError: "ThetaOneError",
  TimeoutError: "ThetaOneError",
  AbortedError: "ThetaOneError",
  MicrophoneError: "ThetaOneError",
  StorageError: "ThetaOneError",
  ConfigurationError: "ThetaOneError",
  WasmLoadError: "ThetaOneError",
};

test("every class of the contract is exported, and extends what it should", () => {
  const parents = installed.run(`
    import * as sdk from "thetaone-web";
    const parents = {};
    for (const [name, value] of Object.entries(sdk)) {
      const parent = typeof value === "function" ? Object.getPrototypeOf(value) : null;
      parents[name] = parent?.prototype instanceof Error || parent === Error ? parent.name : typeof value;
    }
    console.log(JSON.stringify(parents));
  `);
  assert.equal(parents.ThetaOne, "function");
  for (const [name, parent] of Object.entries(ERRORS)) assert.equal(parents[name], parent, name);
});

/** Returns the declarations that index.d.ts re-exports. */
const typesOfIndex = () =>
  Array.from(installed.read("index.d.ts").matchAll(/^export \* from "\.\/(.*)\.js";$/gm))
    .map(([, file]) => installed.read(`${file}.d.ts`))
    .join("\n");

test("the types declare every class that is exported, and no other", () => {
  const exported = installed.run(`
    import * as sdk from "thetaone-web";
    console.log(JSON.stringify(Object.keys(sdk)));
  `);
  const types = typesOfIndex();
  const declared = Array.from(
    types.matchAll(/^export (?:declare )?(?:abstract )?(?:class|const|function) (\w+)/gm),
    ([, name]) => name,
  );
  assert.deepEqual(declared.sort(), exported.sort());
});

test("the other entries export the same, and declare it", () => {
  const [main, external, errors] = installed.run(`
    const entries = ["thetaone-web", "thetaone-web/external", "thetaone-web/errors"];
    const modules = await Promise.all(entries.map((entry) => import(entry)));
    console.log(JSON.stringify(modules.map((module) => Object.keys(module))));
  `);
  assert.deepEqual(external.sort(), [...main, "init"].sort());
  assert.match(
    installed.read("external.d.ts"),
    /^export \* from "\.\/index\.js";$[\s\S]*^export function init\(/m,
  );
  const [, declared] = /^export \{([^}]*)\}/m.exec(installed.read("errors.d.ts"));
  const names = Object.keys(ERRORS).sort();
  assert.deepEqual(declared.match(/\w+/g).sort(), names);
  // Exports for the package's own use.
  assert.deepEqual(
    errors.filter((name) => !["addressed", "makeError"].includes(name)).sort(),
    names,
  );
});

test("every type of the package is to be had from the errors entry too", () => {
  const types = (source, pattern) => Array.from(source.matchAll(pattern), ([, name]) => name);
  const all = types(typesOfIndex(), /^export (?:type|interface) (\w+)/gm);
  const [listed] = types(installed.read("errors.d.ts"), /^export type \{([^}]*)\}/gm);
  assert.deepEqual(listed.match(/\w+/g).sort(), [...all, "Take"].sort());
});

test("importing needs nothing of a browser and prints nothing", () => {
  const globals = installed.run(`
    const before = Object.getOwnPropertyNames(globalThis);
    await import("thetaone-web");
    console.log(JSON.stringify(Object.getOwnPropertyNames(globalThis).filter((name) => !before.includes(name))));
  `);
  assert.deepEqual(globals, []);
});

test("the wasm starts on ready(), as often as it is asked", () => {
  const settled = installed.run(`
    import { ThetaOne } from "thetaone-web";
    const theta = new ThetaOne({ baseUrl: "http://127.0.0.1:1" });
    const values = await Promise.all([theta.ready(), theta.ready()]);
    await new ThetaOne({ baseUrl: "http://127.0.0.1:1" }).ready();
    theta.dispose();
    console.log(JSON.stringify(values.map((value) => typeof value)));
  `);
  assert.deepEqual(settled, ["undefined", "undefined"]);
});

test("blobs that have no streams are read all the same", () => {
  const { text, sent } = installed.run(`
    import { ThetaOne } from "thetaone-web";
    import { answers, scriptedFetch, toneWav } from "thetaone-web/testing";
    // jsdom has no Blob.stream.
    delete Blob.prototype.stream;
    const fetch = scriptedFetch([answers.transcribe({ text: "heard" })]);
    const { text } = await new ThetaOne({ baseUrl: "/api", fetch }).transcribe(toneWav({ seconds: 20 }));
    console.log(JSON.stringify({ text, sent: fetch.requests[0].audio.size }));
  `);
  assert.equal(text, "heard");
  assert.equal(sent, 44 + 640_000);
});

test("a wrong use is a ConfigurationError here too", () => {
  const error = installed.run(`
    import { ThetaOne, ThetaOneError, ConfigurationError } from "thetaone-web";
    try {
      new ThetaOne({ baseUrl: "not an address" });
    } catch (error) {
      const { name, code, message } = error;
      const known = error instanceof ConfigurationError && ThetaOneError.is(error);
      console.log(JSON.stringify({ name, code, message, known }));
    }
  `);
  assert.equal(error.name, "ConfigurationError");
  assert.equal(error.code, "CONFIGURATION");
  assert.match(error.message, /baseUrl/);
  assert.ok(error.known);
});

test("neither a key nor a recording follows a redirect to another origin", () => {
  const speech = fileURLToPath(new URL("../fixtures/speech.wav", import.meta.url));
  const [errors, requests] = installed.run(`
    import { readFileSync } from "node:fs";
    import { createServer } from "node:http";
    import { ThetaOne } from "thetaone-web";
    const listening = (answer) =>
      new Promise((resolve) => {
        const server = createServer(answer).listen(0, "127.0.0.1", () => resolve(server));
      });
    const asked = [];
    const elsewhere = await listening((request, response) => {
      asked.push(request.headers["x-api-key"] ?? "no key");
      response.end('{"text":"","metadata":{}}');
    });
    const address = ({ port }) => \`http://127.0.0.1:\${port}\`;
    const moved = await listening((request, response) => {
      request.resume();
      response.writeHead(307, { location: address(elsewhere.address()) + request.url }).end();
    });
    const theta = (options) => new ThetaOne({ baseUrl: address(moved.address()), ...options });
    const speech = readFileSync(${JSON.stringify(speech)});
    const key = "sk-theta-emulated-ok";
    const errors = [];
    for (const options of [{ apiKey: key }, { headers: { "x-api-key": key } }, { headers: () => ({ authorization: "Bearer " + key }) }, {}]) {
      errors.push(await theta(options).transcribe(speech).catch(({ name, status, attempts }) => [name, status, attempts.length]));
    }
    console.log(JSON.stringify([errors, asked]));
    moved.close();
    elsewhere.close();
  `);
  assert.deepEqual(errors, Array(4).fill(["UnexpectedStatusError", 307, 1]));
  assert.deepEqual(requests, []);
});

test("the elements are imported on the server without a word, and define nothing there", () => {
  const messages = installed.run(`
    import { define, ThetaRecorder, ThetaScore, ThetaWaveform } from "thetaone-web/elements";
    define();
    define("other");
    console.log(JSON.stringify([ThetaRecorder, ThetaScore, ThetaWaveform].map((Class) => typeof Class)));
  `);
  assert.deepEqual(messages, ["function", "function", "function"]);
});
