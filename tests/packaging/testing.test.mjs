// Tests of thetaone-web/testing: the scripted API, the virtual clock, and the calls that use them.

import assert from "node:assert/strict";
import { after, test } from "node:test";

import { install } from "./installed.mjs";

const installed = install();
after(installed.remove);

const PRELUDE = `
  import { ThetaOne, ThetaOneError } from "thetaone-web";
  import { answers, fault, scriptedFetch, seededRandom, speechComponents, toneWav, virtualClock } from "thetaone-web/testing";
  const take = toneWav({ seconds: 0.5 });
  const client = (steps, options) => {
    const fetch = scriptedFetch(steps);
    return { fetch, theta: new ThetaOne({ baseUrl: "/api/theta", fetch, ...options }) };
  };
  const failure = (call) => call.then(() => { throw new Error("it did not fail"); }, (error) => error);
  const thrown = (act) => {
    try { act(); } catch (error) { return error.message; }
    return "nothing was thrown";
  };
`;
/** Returns the result of a function body, which may use the declarations above. */
const run = (body) =>
  installed.run(
    `${PRELUDE} const outcome = await (async () => { ${body} })(); console.log(JSON.stringify(outcome));`,
  );

test("the types declare what is exported, and no more", () => {
  const exported = installed.run(
    `import * as testing from "thetaone-web/testing"; console.log(JSON.stringify(Object.keys(testing)));`,
  );
  const declared = Array.from(
    installed.read("testing.d.ts").matchAll(/^export (?:const|function) (\w+)/gm),
    ([, name]) => name,
  );
  assert.deepEqual(declared.sort(), exported.sort());
});

test("importing it replaces nothing and prints nothing", () => {
  const changed = installed.run(`
    const globals = () => [globalThis, Math, performance, Date, AbortSignal, Blob.prototype, Response.prototype]
      .flatMap((object) => Object.entries(Object.getOwnPropertyDescriptors(object)));
    // Node creates some of its globals on first access.
    for (const name of Object.getOwnPropertyNames(globalThis)) void globalThis[name];
    const before = globals();
    await import("thetaone-web/testing");
    const same = (one, other) => one && other && one[0] === other[0] && ["value", "get"].every((key) => Object.is(one[1][key], other[1][key]));
    console.log(JSON.stringify(globals().filter((entry, at) => !same(entry, before[at])).map(([name]) => name)));
  `);
  assert.deepEqual(changed, []);
});

// The errors that the contract assigns to each response: name, requested reason, class, code,
// status, reported reason.
const ERRORS = [
  ["badRequest", undefined, "BadRequestError", "BAD_REQUEST", 400],
  ["invalidOptions", undefined, "InvalidOptionsError", "INVALID_OPTIONS", 400, "malformed_json"],
  ["invalidOptions", "schema", "InvalidOptionsError", "INVALID_OPTIONS", 400, "schema"],
  ["missingGoldText", undefined, "MissingGoldTextError", "MISSING_GOLD_TEXT", 400],
  [
    "invalidNativeSpeechComponents",
    undefined,
    "InvalidNativeSpeechComponentsError",
    "INVALID_NATIVE_SPEECH_COMPONENTS",
    400,
    "malformed_json",
  ],
  [
    "invalidNativeSpeechComponents",
    "schema",
    "InvalidNativeSpeechComponentsError",
    "INVALID_NATIVE_SPEECH_COMPONENTS",
    400,
    "schema",
  ],
  ["notAllWordsSpoken", undefined, "NotAllWordsSpokenError", "NOT_ALL_WORDS_SPOKEN", 400],
  ["invalidAudio", undefined, "InvalidAudioError", "INVALID_AUDIO", 400],
  ["unauthorized", undefined, "AuthenticationError", "UNAUTHORIZED", 401, "invalid_key"],
  ["unauthorized", "inactive_key", "AuthenticationError", "UNAUTHORIZED", 401, "inactive_key"],
  ["unauthorized", "unknown", "AuthenticationError", "UNAUTHORIZED", 401, "unknown"],
  [
    "paymentRequired",
    undefined,
    "PaymentRequiredError",
    "PAYMENT_REQUIRED",
    402,
    "insufficient_credits",
  ],
  [
    "paymentRequired",
    "plan_required",
    "PaymentRequiredError",
    "PAYMENT_REQUIRED",
    402,
    "plan_required",
  ],
  ["paymentRequired", "unknown", "PaymentRequiredError", "PAYMENT_REQUIRED", 402, "unknown"],
  ["payloadTooLarge", undefined, "PayloadTooLargeError", "PAYLOAD_TOO_LARGE", 413],
  ["rateLimited", undefined, "RateLimitError", "RATE_LIMIT_EXCEEDED", 429],
  ["serverError", undefined, "ServerError", "INTERNAL_SERVER_ERROR", 500],
  ["badGateway", undefined, "ServerError", "BAD_GATEWAY", 502],
  ["serviceUnavailable", undefined, "ServerError", "SERVICE_UNAVAILABLE", 503],
  ["gatewayTimeout", undefined, "ServerError", "GATEWAY_TIMEOUT", 504],
];

test("each answer of the reference has a name, and is the error that it says", () => {
  const { told, named, reference } = run(`
    const { REFERENCE } = await import("./node_modules/thetaone-web/testing/error-reference.js");
    const told = [];
    for (const [name, reason] of ${JSON.stringify(ERRORS)}) {
      const { theta } = client([answers[name](reason ? { reason } : undefined)], { retry: { maxAttempts: 1 } });
      const error = await failure(theta.analyzeNative(take, { gold_text: "Wow" }));
      told.push([error.name, error.code, error.status, error.reason ?? null, error.origin, error.attempts.length]);
    }
    return { told, named: Object.keys(answers), reference: REFERENCE.map(({ code, reason }) => [code, reason ?? null]) };
  `);
  ERRORS.forEach(([, , name, code, status, reason = null], at) => {
    assert.deepEqual(told[at], [name, code, status, reason, "server", 1]);
  });
  const tested = ERRORS.map(([, , , code, , reason = null]) => [code, reason]);
  assert.deepEqual(reference.toSorted(), tested.toSorted());
  const methods = ["transcribe", "analyzeNative", "pronunciation", "pronunciationSimple"];
  assert.deepEqual(
    named.toSorted(),
    [...methods, ...new Set(ERRORS.map(([name]) => name))].toSorted(),
  );
});

test("answers can be worded otherwise, and a wrong reason is refused", () => {
  const outcome = run(`
    const { theta } = client([answers.badGateway({ detail: "Upstream is gone", delayMs: 5 })], { retry: { maxAttempts: 1 } });
    const { detail } = await failure(theta.transcribe(take));
    return [detail, thrown(() => answers.unauthorized({ reason: "expired" })), thrown(() => answers.rateLimited({ reason: "quota" }))];
  `);
  assert.deepEqual(outcome, [
    "Upstream is gone",
    "answers.unauthorized has no reason expired; there are invalid_key, inactive_key, unknown",
    "answers.rateLimited has no reason quota",
  ]);
});

test("each method has its success, about the sentence that was asked for", () => {
  const { texts, words, changed, typo } = run(`
    const { theta, fetch } = client([
      answers.transcribe(), answers.transcribe({ text: "Hi", later: [null] }), answers.analyzeNative(), answers.pronunciation(),
      answers.pronunciationSimple({ user_speech_components: speechComponents("Check this castle.", { castle: { score: 41 } }) }),
    ]);
    const texts = [await theta.transcribe(take), await theta.transcribe(take)];
    const native = await theta.analyzeNative(take, { gold_text: "Wow, it's  Theta!" });
    const options = { gold_text: "둘 셋", native_speech_components: native.speech_components };
    const { user_speech_components } = await theta.pronunciation(take, options);
    const changed = await theta.pronunciationSimple(take, { gold_text: "x" });
    fetch.assertDone();
    const words = [native.speech_components, user_speech_components].map((list) => list.map(({ word, start, end }) => [word, start, end]));
    return { texts, words, changed, typo: thrown(() => speechComponents("Wow", { wow: { score: 1 } })) };
  `);
  assert.deepEqual(texts[0], {
    text: "Welcome to Theta One AI!",
    text_type: "en",
    metadata: {},
    response_time_in_sec: 0.4252,
  });
  assert.deepEqual([texts[1].text, texts[1].later], ["Hi", [null]]);
  assert.deepEqual(words, [
    [
      ["Wow", 0, 0.4],
      ["it's", 0.4, 0.8],
      ["Theta", 0.8, 1.2],
    ],
    [
      ["둘", 0, 0.4],
      ["셋", 0.4, 0.8],
    ],
  ]);
  assert.deepEqual(
    changed.user_speech_components.map(({ word, score }) => [word, score]),
    [
      ["Check", 95],
      ["this", 95],
      ["castle", 41],
    ],
  );
  assert.equal(typo, 'speechComponents: "Wow" has no word wow');
});

test("requests are recorded, but for the values of keys", () => {
  const { first, second, all } = run(`
    const { theta, fetch } = client([answers.pronunciation(), answers.transcribe()], {
      apiKey: "sk-theta-emulated-ok", headers: { "X-Session": "abc", "X-Page": "7", "X-Other": "sk-theta-emulated-no" },
    });
    const reference = '[ {"type": "word", "z": 1.0} ]';
    await theta.pronunciation(take, { gold_text: "Wow", language: "en", native_speech_components: reference });
    await theta.transcribe(take);
    const facts = (audio) => [audio instanceof File, audio.type, audio.size];
    const [first, second] = fetch.requests.map((request) => ({ ...request, audio: facts(request.audio) }));
    return { first, second, all: JSON.stringify(fetch.requests) };
  `);
  assert.deepEqual(
    [first.url, first.method, first.endpoint, first.index],
    ["/api/theta/pronunciation", "POST", "/pronunciation", 0],
  );
  assert.deepEqual(first.fields, {
    options: { gold_text: "Wow", language: "en" },
    native_speech_components_json: [{ type: "word", z: 1 }],
  });
  assert.equal(first.texts.native_speech_components_json, '[ {"type": "word", "z": 1.0} ]');
  assert.deepEqual(first.audio, [true, "audio/wav", 44 + 16000]);
  const hidden = "(not recorded)";
  assert.deepEqual(first.headers, {
    "x-api-key": hidden,
    "x-session": hidden,
    "x-other": hidden,
    "x-page": "7",
  });
  assert.deepEqual([second.endpoint, second.fields, second.aborted], ["/transcribe", {}, false]);
  assert.doesNotMatch(all, /emulated|abc/);
});

test("faults are what they say", () => {
  const outcomes = run(`
    const told = [];
    for (const step of [fault.connection(), fault.brokenBody(), fault.brokenBody({ status: 500 }), fault.notJson()]) {
      const { theta } = client([step], { retry: { maxAttempts: 1 } });
      const { name, reason, status } = await failure(theta.transcribe(take));
      told.push([name, reason ?? null, status ?? null]);
    }
    return told;
  `);
  assert.deepEqual(outcomes, [
    ["ConnectionError", "unreachable", null],
    ["InvalidResponseError", "incomplete", 200],
    ["ServerError", null, 500],
    ["InvalidResponseError", null, 200],
  ]);
});

test("a request too many fails at once and says so; one too few is told by assertDone", () => {
  const { error, requests, surplus, left, done, remaining } = run(`
    const { theta, fetch } = client([answers.transcribe()]);
    await theta.transcribe(take);
    const done = thrown(fetch.assertDone);
    const { name, code, detail, attempts } = await failure(theta.analyzeNative(take, { gold_text: "a" }));
    const surplus = thrown(fetch.assertDone);
    fetch.push(answers.transcribe(), fault.hang(), answers.notAllWordsSpoken());
    return {
      error: [name, code, detail, attempts.length], requests: fetch.requests.length, surplus, done,
      left: thrown(fetch.assertDone), remaining: fetch.remaining,
    };
  `);
  const detail = "scriptedFetch has no answer for request 2, POST /analyze-native: 1 were scripted";
  assert.deepEqual(error, ["UnexpectedStatusError", "UNEXPECTED_STATUS", detail, 1]);
  assert.equal(requests, 2);
  assert.equal(done, "nothing was thrown");
  assert.equal(surplus, "scriptedFetch: 1 of 2 requests had no answer:\n  2. POST /analyze-native");
  assert.equal(
    left,
    "scriptedFetch: 2 of 4 answers were not asked for:\n  3. fault.hang()\n  4. 400",
  );
  assert.equal(remaining, 2);
});

test("a wrong script is refused where it is written", () => {
  const messages = run(`
    const { theta, fetch } = client([
      { status: 418, headers: { "x-a": "b" }, body: "no JSON" }, { body: new TextEncoder().encode('{"text":"bytes"}') }, { status: 204 },
      { body: async ({ endpoint }) => ({ text: endpoint }) },
    ]);
    const right = [(await failure(theta.transcribe(take))).status, (await theta.transcribe(take)).text,
      (await failure(theta.transcribe(take))).status, (await theta.transcribe(take)).text];
    const wrong = [null, answers.transcribe, { stauts: 500 }, { status: 99 }, { delayMs: -1 }, { fault: "offline" }];
    return [right, ...wrong.map((step) => thrown(() => scriptedFetch([answers.transcribe(), step])))];
  `);
  assert.deepEqual(messages[0], [418, "bytes", 204, "/transcribe"]);
  assert.deepEqual(messages.slice(1), [
    "scriptedFetch: answer 2 must be an object such as { status: 200, body: {} }",
    "scriptedFetch: answer 2 must be an object such as { status: 200, body: {} }",
    "scriptedFetch: answer 2 has the unknown field stauts; there are status, headers, body, delayMs, fault",
    "scriptedFetch: answer 2 must have a status from 200 to 599",
    "scriptedFetch: answer 2 must have a delayMs of 0 or more",
    "scriptedFetch: answer 2 must have a fault of connection, hang, brokenBody",
  ]);
});
