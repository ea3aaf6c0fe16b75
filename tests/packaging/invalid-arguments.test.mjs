// Tests of wrong uses of the installed package. Each leads to a typed error that names the mistake
// and the expected value, thrown at the place of the mistake.

import assert from "node:assert/strict";
import { after, test } from "node:test";

import { install } from "./installed.mjs";

const installed = install();
after(installed.remove);

/** Returns the errors that `attempts` throw or reject with, by expression. */
function outcomes(prelude, attempts) {
  const listed = attempts.map(
    (expression) => `[${JSON.stringify(expression)}, async () => ${expression}]`,
  );
  return installed.run(`
    import { ThetaOne, ThetaOneError } from "thetaone-web";
    const unhandled = [];
    process.on("unhandledRejection", (error) => unhandled.push(String(error)));
    ${prelude}
    const outcomes = {};
    for (const [expression, attempt] of [${listed.join(",\n")}]) {
      try {
        await attempt();
        outcomes[expression] = { name: "no error" };
      } catch (error) {
        const { name, message, code, reason, origin } = error;
        outcomes[expression] = { name, message, code, reason, origin, typed: ThetaOneError.is(error) };
      }
    }
    await new Promise((resolve) => setImmediate(resolve));
    console.log(JSON.stringify({ outcomes, unhandled }));
  `);
}

function check(prelude, expected) {
  const { outcomes: got, unhandled } = outcomes(
    prelude,
    expected.map(([expression]) => expression),
  );
  assert.deepEqual(unhandled, []);
  for (const [expression, name, named] of expected) {
    const outcome = got[expression];
    assert.equal(outcome.name, name, `${expression}: ${outcome.message}`);
    assert.ok(outcome.typed, expression);
    assert.equal(outcome.origin, "client", expression);
    assert.ok(outcome.message.includes(named), `${expression}: ${outcome.message}`);
    assert.ok(!outcome.message.includes("[object"), outcome.message);
    assert.ok(!outcome.message.includes("sk-theta-emulated"), outcome.message);
  }
}

test("the constructor refuses bad options by name", () => {
  check("", [
    ["new ThetaOne('x')", "ConfigurationError", "options must be an object"],
    ["new ThetaOne([])", "ConfigurationError", "options must be an object"],
    ["new ThetaOne({ baseUrl: 'not a url' })", "ConfigurationError", "options.baseUrl"],
    ["new ThetaOne({ baseUrl: '' })", "ConfigurationError", "options.baseUrl"],
    ["new ThetaOne({ baseUrl: 'ftp://x' })", "ConfigurationError", "options.baseUrl"],
    ["new ThetaOne({ baseUrl: 'http://' })", "ConfigurationError", "options.baseUrl"],
    ["new ThetaOne({ baseUrl: '//elsewhere' })", "ConfigurationError", "options.baseUrl"],
    ["new ThetaOne({ baseUrl: 'https://user:secret@x' })", "ConfigurationError", "options.baseUrl"],
    ["new ThetaOne({ baseUrl: '/api?x=1' })", "ConfigurationError", "options.baseUrl"],
    ["new ThetaOne({ baseUrl: 5 })", "ConfigurationError", "options.baseUrl"],
    ["new ThetaOne({ baseURL: '/api' })", "ConfigurationError", "options.baseURL"],
    ["new ThetaOne({ locale: 'fr' })", "ConfigurationError", "options.locale"],
    ["new ThetaOne({ fetch: 'x' })", "ConfigurationError", "options.fetch"],
    ["new ThetaOne({ headers: 'x' })", "ConfigurationError", "options.headers"],
    ["new ThetaOne({ apiKey: 5 })", "ConfigurationError", "options.apiKey"],
    ["new ThetaOne({ onEvent: {} })", "ConfigurationError", "options.onEvent"],
    ["new ThetaOne({ deadlineMs: 0 })", "ConfigurationError", "options.deadlineMs"],
    ["new ThetaOne({ attemptTimeoutMs: NaN })", "ConfigurationError", "options.attemptTimeoutMs"],
    ["new ThetaOne({ maxConcurrent: 1.5 })", "ConfigurationError", "options.maxConcurrent"],
    ["new ThetaOne({ retry: 3 })", "ConfigurationError", "options.retry"],
    [
      "new ThetaOne({ retry: { maxAttempts: 0 } })",
      "ConfigurationError",
      "options.retry.maxAttempts",
    ],
    ["new ThetaOne({ retry: { attempts: 2 } })", "ConfigurationError", "options.retry.attempts"],
    [
      "new ThetaOne({ retry: { turns: { clients: 30 } } })",
      "ConfigurationError",
      "options.retry.turns is not an option; the options are maxAttempts",
    ],
    ["new ThetaOne({ get baseUrl() { throw new Error('trap') } })", "ConfigurationError", "getter"],
  ]);
});

test("a key is refused in a window and a worker, unless it is meant", () => {
  const key = "'sk-theta-emulated-ok'";
  check("globalThis.document = {};", [
    [`new ThetaOne({ apiKey: ${key} })`, "ConfigurationError", "options.apiKey"],
  ]);
  check("globalThis.WorkerGlobalScope = Object;", [
    [`new ThetaOne({ apiKey: () => ${key} })`, "ConfigurationError", "options.apiKey"],
  ]);
  const { outcomes: meant } = outcomes("globalThis.document = {};", [
    `new ThetaOne({ apiKey: ${key}, dangerouslyAllowBrowserKey: true })`,
  ]);
  assert.deepEqual(
    Object.values(meant).map(({ name }) => name),
    ["no error"],
  );
});

test("a disposed client refuses every method", () => {
  const prelude =
    "const theta = new ThetaOne({ baseUrl: 'http://127.0.0.1:1' }); await theta.ready(); theta.dispose(); theta.dispose();";
  check(prelude, [
    ["theta.transcribe(new Uint8Array(1))", "ConfigurationError", "disposed"],
    ["theta.prepare(new Uint8Array(1))", "ConfigurationError", "disposed"],
    ["theta.record()", "ConfigurationError", "disposed"],
    ["theta.ready()", "ConfigurationError", "disposed"],
  ]);
});

test("errors name what Node cannot do", () => {
  const prelude =
    "const theta = new ThetaOne({ baseUrl: 'http://127.0.0.1:1', retry: { maxAttempts: 1 } });";
  check(prelude, [
    ["theta.record()", "MicrophoneError", "getUserMedia"],
    ["theta.record({ maxSeconds: -1 })", "ConfigurationError", "options.maxSeconds"],
    ["theta.prepare(new TextEncoder().encode('OggS and the rest'))", "InvalidAudioError", "ogg"],
    ["theta.prepare(null)", "ConfigurationError", "audio must be"],
    ["theta.prepare(new Uint8Array(1), { trim: true })", "ConfigurationError", "options.trim"],
    [
      "theta.transcribe(new Uint8Array(1), {}, { get retry() { throw 1 } })",
      "ConfigurationError",
      "getter",
    ],
  ]);
});

test("a call to a server that is not there is a ConnectionError", () => {
  const { outcomes: got } = outcomes(
    `
    const { toneWav } = await import("thetaone-web/testing");
    // The audio is a tone, because silence would be refused before it is sent.
    const wav = toneWav({ seconds: 0.5 });
    const theta = new ThetaOne({ baseUrl: "http://127.0.0.1:1", retry: { maxAttempts: 2, baseDelayMs: 1 } });
    `,
    ["theta.transcribe(wav)"],
  );
  assert.deepEqual(
    Object.values(got).map(({ name, reason }) => [name, reason]),
    [["ConnectionError", "unreachable"]],
  );
});
