// Tests that options are read as in the contract, and that errors name the invalid option.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";

import { install } from "./installed.mjs";

const installed = install();
after(installed.remove);
const module = (name) => import(pathToFileURL(join(installed.folder, name)));
const { CLIENT_OPTIONS: CLIENT } = await module("catalogue.js");
const { LONG_REQUEST, PREPARE, REQUEST } = await module("client/call-options.js");
const { RECORD } = await module("record/options.js");
const { findProblem } = await module("client/check-options.js");
const { optionProblem } = await module("client/option-problem.js");

test("a wrong option is named with what was expected", () => {
  const cases = [
    [
      { attemptTimeoutMs: "30s" },
      "options.attemptTimeoutMs must be a number from 1 to 2147483647, got a string",
    ],
    [{ locale: "fr" }, 'options.locale must be one of "en", "ko", got a string'],
    [
      { retry: { maxAttempts: 0.5 } },
      "options.retry.maxAttempts must be a whole number from 1 to 100, got 0.5",
    ],
    [
      { maxConcurrent: NaN },
      "options.maxConcurrent must be a whole number from 1 to 1000, got NaN",
    ],
    [{ outbox: 1 }, "options.outbox must be true, false or an object, got 1"],
    [
      { outbox: { ttl: 1 } },
      "options.outbox.ttl is not an option; the options are ttlMs, maxBytes",
    ],
    [{ references: true }, "options.references must be an object, got true"],
    [{ retry: false }, "options.retry must be an object, got false"],
    [5, "options must be an object, got 5"],
    [[], "options must be an object, got an array"],
  ];
  for (const [options, problem] of cases)
    assert.equal(findProblem("options", options, CLIENT), problem);
});

test("an unknown option is refused with the known ones", () => {
  assert.match(
    findProblem("options", { baseURL: "/x" }, CLIENT),
    /^options\.baseURL is not an option; the options are baseUrl, /,
  );
});

test("a message never holds the string that was passed", () => {
  assert.doesNotMatch(
    findProblem("options", { retry: "sk-theta-emulated-secret" }, CLIENT),
    /secret/,
  );
});

test("options that are absent are no mistake", () => {
  for (const options of [undefined, null, {}, { signal: undefined }, { signal: null }]) {
    for (const table of [REQUEST, LONG_REQUEST, PREPARE, RECORD])
      assert.equal(findProblem("request", options, table), undefined);
  }
});

test("the options of a call are checked by their kinds", () => {
  const { signal } = new AbortController();
  const onProgress = () => {};
  assert.equal(
    findProblem("request", { signal, onProgress, retry: { maxAttempts: 1 } }, REQUEST),
    undefined,
  );
  assert.equal(
    findProblem("request", { signal: {} }, REQUEST),
    "request.signal must be an AbortSignal, got an object",
  );
  assert.equal(
    findProblem("request", { onProgress: "no" }, REQUEST),
    "request.onProgress must be a function, got a string",
  );
  assert.match(
    findProblem("request", { retry: { attempts: 1 } }, REQUEST),
    /^request\.retry\.attempts is not an option;/,
  );
  for (const [seconds, fits] of [
    [4.9, false],
    [5, true],
    [55, true],
    [60, false],
  ]) {
    assert.equal(
      findProblem("request", { maxPartSeconds: seconds }, LONG_REQUEST) === undefined,
      fits,
      `${seconds} s`,
    );
  }
});

test("the format of audio is checked", () => {
  const rates = "32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160";
  for (const table of [PREPARE, RECORD]) {
    assert.equal(
      findProblem("options", { format: "ogg" }, table),
      'options.format must be one of "wav", "mp3", got a string',
    );
    assert.equal(
      findProblem("options", { bitrateKbps: 50 }, table),
      `options.bitrateKbps must be one of ${rates}, got 50`,
    );
    assert.equal(
      findProblem("options", { bitrateKbps: "48" }, table),
      `options.bitrateKbps must be one of ${rates}, got a string`,
    );
    for (const rate of rates.split(", "))
      assert.equal(
        findProblem("options", { format: "mp3", bitrateKbps: Number(rate) }, table),
        undefined,
      );
  }
});

test("options that throw when they are read are refused", () => {
  const thrower = new Proxy(
    {},
    {
      ownKeys() {
        throw new Error("no keys");
      },
    },
  );
  assert.equal(optionProblem("request", thrower, "REQUEST"), "request could not be read");
});
