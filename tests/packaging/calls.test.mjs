// Tests of calls in Node that go wrong in ways that neither the API nor the caller intended.

import assert from "node:assert/strict";
import { after, test } from "node:test";

import { install } from "./installed.mjs";

const installed = install();
after(installed.remove);

const run = (body) =>
  installed.run(`
    import { ThetaOne } from "thetaone-web";
    import { answers, scriptedFetch, toneWav, virtualClock } from "thetaone-web/testing";
    const take = toneWav();
    const answer = (status, body, headers) => async () => new Response(body, { status, headers });
    const ok = answer(200, '{"text":"x"}');
    const theta = (options) => new ThetaOne({ baseUrl: "http://localhost/api", fetch: ok, ...options });
    const told = ({ name, code, reason, status, message, attempts }) =>
      ({ name, code, reason: reason ?? null, status: status ?? null, message, attempts: attempts?.length });
    const failure = (call) => call.then(() => ({ name: "it did not fail" }), told);
    const outcome = await (async () => { ${body} })();
    console.log(JSON.stringify(outcome));
    process.exit(0);
  `);

test("a call sends its arguments as they were when it was made", () => {
  const { sent, bytes, changed } = run(`
    const sent = [];
    const client = theta({
      fetch: async (_, { body }) => {
        sent.push([body.get("options"), body.get("native_speech_components_json")]);
        bytes.push(new Uint8Array(await body.get("file").arrayBuffer())[100]);
        return new Response('{"user_speech_components":[]}');
      },
    });
    const bytes = [];
    const audio = await take.arrayBuffer();
    const own = new Uint8Array(audio);
    const changed = own[100] + 1;
    const options = { gold_text: "first", native_speech_components: [{ type: "word", score: 1 }] };
    const call = client.pronunciation(own, options);
    options.gold_text = "second";
    options.native_speech_components[0].score = 2;
    own[100] = changed;
    await call;
    return { sent, bytes, changed };
  `);
  assert.deepEqual(sent, [['{"gold_text":"first"}', '[{"type":"word","score":1}]']]);
  assert.equal(bytes.length, 1);
  assert.notEqual(bytes[0], changed);
});

test("a reference goes back with the same JSON values in the same order, as it is when it is passed", () => {
  const came = String.raw`[ {"type":"word","score":95.0,"later":{"b":1E3,"a":null}, "text":"]\"[ \\"} ,{"type":"pause","lists":[[1],[]]} ]`;
  const { sent, changed } = run(`
    const sent = [];
    const fetch = async (url, { body }) => {
      if (url.endsWith("analyze-native")) return new Response('{"speech_components":' + ${JSON.stringify(came)} + '}');
      sent.push(body.get("native_speech_components_json"));
      return new Response('{"user_speech_components":[]}');
    };
    const client = theta({ fetch });
    const gold_text = "a";
    const { speech_components } = await client.analyzeNative(take, { gold_text });
    await client.pronunciation(take, { gold_text, native_speech_components: speech_components });
    const call = client.pronunciation(take, { gold_text, native_speech_components: structuredClone(speech_components) });
    speech_components[1].type = "word";
    await call;
    await client.pronunciation(take, { gold_text, native_speech_components: speech_components });
    return { sent, changed: JSON.stringify(speech_components) };
  `);
  const same = JSON.stringify(JSON.parse(came));
  assert.deepEqual(sent, [same, same, changed]);
  assert.notEqual(changed, same);
});

test("no key that may be sent gets into an error", () => {
  const texts = run(`
    const key = "sk-theta-abc.DEF/GHI+jkl==";
    const all = async (call) => {
      const error = await call.catch((error) => error);
      return [error.message, error.detail, JSON.stringify(error), error.supportReport(), String(error.cause)];
    };
    return [
      await all(theta({ apiKey: key, fetch: answer(400, JSON.stringify({ detail: "bad key " + key })) }).transcribe(take)),
      await all(theta({ headers: { "x-api-key": key + "\\nx" } }).transcribe(take)),
      await all(theta().transcribe(take, { [key]: 1 })),
      await all(theta().transcribe(take, {}, { [key]: 1 })),
    ].flat();
  `);
  for (const text of texts) assert.doesNotMatch(String(text), /abc|DEF|jkl/);
  assert.match(texts[0], /bad key sk-theta-…/);
});

test("before the core is there, errors are told in the client's language too", () => {
  const messages = installed.run(`
    import { ThetaOne } from "thetaone-web";
    import { ThetaOne as External } from "thetaone-web/external";
    const options = { baseUrl: "http://localhost/api", locale: "ko", apiKey: "sk-theta-emulated-ok" };
    const audio = new Blob(["x"]);
    const of = (call) => call.catch((error) => [error.name, error.userMessage(), error.endpoint, /prefix only/.test(error.supportReport())]);
    const gone = new ThetaOne(options);
    gone.dispose();
    console.log(JSON.stringify([
      await of(new ThetaOne(options).transcribe(audio, {}, { signal: AbortSignal.abort() })),
      await of(new External(options).analyzeNative(audio, { gold_text: "a" })),
      await of(gone.transcribeLong(audio)),
    ]));
  `);
  const korean = /^[^a-z]+$/;
  assert.deepEqual(
    messages.map(([name]) => name),
    ["AbortError", "WasmLoadError", "ConfigurationError"],
  );
  for (const [name, message] of messages) assert.match(message, korean, name);
  assert.deepEqual(
    messages.map(([, , endpoint]) => endpoint),
    ["/transcribe", "/analyze-native", "/transcribe"],
  );
  assert.ok(messages.every(([, , , hasKey]) => hasKey));
});

test("every call that fails is told as a failure", () => {
  const { events, codes } = run(`
    const events = [];
    const onEvent = ({ type, code, endpoint }) => events.push([type, code ?? null, endpoint]);
    const client = theta({ onEvent, retry: { maxAttempts: 1 }, fetch: answer(402, "") });
    const codes = [];
    const fails = async (call) => codes.push((await failure(call)).code);
    const thrower = Object.defineProperty({}, "gold_text", { enumerable: true, get() { throw new Error("no"); } });
    await fails(client.transcribe(take, {}, { signal: AbortSignal.abort() }));
    await client.ready();
    await fails(client.transcribe(take, {}, { nonsense: 1 }));
    await fails(client.analyzeNative(take, thrower));
    await fails(client.transcribe(new Blob([])));
    await fails(client.transcribe(take));
    client.dispose();
    await fails(client.transcribe(take));
    return { events, codes };
  `);
  assert.deepEqual(codes, [
    "ABORTED",
    "CONFIGURATION",
    "CONFIGURATION",
    "INVALID_AUDIO",
    "PAYMENT_REQUIRED",
    "CONFIGURATION",
  ]);
  const failures = events.filter(([type]) => type === "failure");
  assert.deepEqual(
    failures.map(([, code]) => code),
    codes,
  );
  assert.equal(failures[2][2], "/analyze-native");
});

test("the deadline counts from the call, not from when the core is loaded", () => {
  const { slow, tooSlow, isLate } = installed.run(`
    import { readFileSync } from "node:fs";
    import { ThetaOne, init } from "thetaone-web/external";
    import { toneWav } from "thetaone-web/testing";
    const wasm = readFileSync(new URL(import.meta.resolve("thetaone-web/core_bg.wasm")));
    let load;
    const loading = init(new Promise((resolve) => { load = () => resolve(wasm); }));
    const fetch = () => new Promise(() => {});
    const failed = (deadlineMs) =>
      new ThetaOne({ baseUrl: "http://localhost/api", fetch, deadlineMs }).transcribe(toneWav())
        .catch(({ name, reason, message }) => [name, reason, message]);
    const calls = [failed(2_400), failed(1_200)];
    const tooSlow = await calls[1];
    load();
    await loading;
    // If it counted from the end of loading, the longer deadline would end after this timer. However
    // slow the machine is, Node's timers fire in the order of their times.
    let isLate = false;
    setTimeout(() => (isLate = true), 2_300);
    const slow = await calls[0];
    console.log(JSON.stringify({ slow, tooSlow, isLate }));
    process.exit(0);
  `);
  const message = (ms) => `the call was not done within its deadline of ${ms} ms`;
  assert.deepEqual(tooSlow, ["TimeoutError", "deadline", message(1_200)]);
  assert.deepEqual(slow, ["TimeoutError", "deadline", message(2_400)]);
  assert.equal(isLate, false);
});

test("the first call rejects an invalid deadline, signal or audio as later calls do", () => {
  const names = run(`
    const { proxy: revoked, revoke } = Proxy.revocable({}, {});
    revoke();
    const hostile = [
      [take, { deadlineMs: "30000" }], [take, { deadlineMs: 1n }], [take, { deadlineMs: Symbol() }],
      [take, { deadlineMs: { valueOf() { throw new Error("no"); } } }],
      [take, { signal: { aborted: false, addEventListener() {} } }], [take, { signal: revoked }],
      [revoked, {}], [new Proxy({}, { getPrototypeOf() { throw new Error("no"); } }), {}],
    ];
    const names = [];
    for (const [audio, request] of hostile) {
      const error = await theta().transcribe(audio, {}, request).catch((error) => error);
      names.push(error.name + " " + error.endpoint);
    }
    return names;
  `);
  for (const name of names) assert.equal(name, "ConfigurationError /transcribe");
});

test("a gate that stays closed past the deadline is not waited for", () => {
  const { error, elapsedMs } = run(`
    const clock = virtualClock();
    const client = theta({ requestsPerMinute: 1, deadlineMs: 2_000, fetch: answer(500, "") });
    await client.ready();
    clock.install();
    const error = await clock.until(failure(client.transcribe(take)));
    return { error, elapsedMs: clock.elapsedMs };
  `);
  assert.deepEqual(
    [error.name, error.status, error.attempts, elapsedMs],
    ["ServerError", 500, 1, 0],
  );
});

test("after several attempts, the message says how many", () => {
  const [three, one] = run(`
    const clock = virtualClock();
    const client = theta({ fetch: answer(503, "") });
    await client.ready();
    clock.install();
    return [
      await clock.until(failure(client.transcribe(take))),
      await failure(client.transcribe(take, {}, { retry: { maxAttempts: 1 } })),
    ];
  `);
  assert.match(three.message, /^503: .* \(after 3 attempts\)$/);
  assert.doesNotMatch(one.message, /attempts/);
});

test("a success without what was promised is none", () => {
  const outcomes = run(`
    const given = (body) => theta({ fetch: answer(200, body) });
    const options = { gold_text: "a", native_speech_components: [] };
    return [
      await failure(given('{"error":"session expired"}').pronunciationSimple(take, { gold_text: "a" })),
      await failure(given('{"user_speech_components":{}}').pronunciation(take, options)),
      await failure(given('{"user_speech_components":[]}').pronunciation(take, options)),
    ].map(({ name }) => name);
  `);
  assert.deepEqual(outcomes, ["InvalidResponseError", "InvalidResponseError", "it did not fail"]);
});

test("an answer that breaks off was billed, and is not asked for again", () => {
  const { requests, error } = run(`
    const { createServer } = await import("node:http");
    let requests = 0;
    const server = createServer((request, response) => {
      requests += 1;
      request.resume().on("end", () => {
        response.writeHead(200, { "content-length": 100 });
        response.write('{"text":', () => response.destroy());
      });
    });
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    const baseUrl = "http://127.0.0.1:" + server.address().port;
    const error = await failure(new ThetaOne({ baseUrl }).transcribe(take));
    return { requests, error };
  `);
  assert.equal(requests, 1);
  assert.deepEqual(
    [error.name, error.reason, error.status, error.attempts],
    ["InvalidResponseError", "incomplete", 200, 1],
  );
});

test("a status counts though its body never comes", () => {
  const [refused, busy, requests] = run(`
    let requests = 0;
    const hanging = (status) => async () => {
      requests += 1;
      return new Response(new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(1)) }), { status });
    };
    const clock = virtualClock();
    const clients = [401, 500].map((status) => theta({ fetch: hanging(status) }));
    await Promise.all(clients.map((client) => client.ready()));
    clock.install();
    const errors = [];
    for (const client of clients) errors.push(await clock.until(failure(client.transcribe(take))));
    return [...errors, requests];
  `);
  assert.deepEqual(
    [refused.name, refused.status, refused.attempts],
    ["AuthenticationError", 401, 1],
  );
  assert.deepEqual([busy.name, busy.status, busy.attempts], ["ServerError", 500, 3]);
  assert.equal(requests, 4);
});

test("Retry-After counts though the body never comes", () => {
  const gaps = run(`
    const times = [];
    const fetch = async () => {
      times.push(clock.elapsedMs);
      const body = new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(1)) });
      return new Response(body, { status: 429, headers: { "retry-after": "20" } });
    };
    const clock = virtualClock();
    const client = theta({ fetch, attemptTimeoutMs: 1_000, retry: { maxAttempts: 2 } });
    await client.ready();
    clock.install();
    await clock.until(failure(client.transcribe(take)));
    return times[1] - times[0];
  `);
  assert.equal(gaps, 21_000);
});

test("waiting for a token is no part of an attempt, and what was never sent costs nothing", () => {
  const { slow, events, next } = run(`
    const clock = virtualClock();
    const events = [];
    const onEvent = ({ type }) => events.push(type);
    let headers = () => new Promise(() => {});
    const client = theta({ requestsPerMinute: 1, attemptTimeoutMs: 1_000, onEvent, headers: () => headers() });
    await client.ready();
    clock.install();
    const slow = await clock.until(failure(client.transcribe(take)));
    headers = () => ({});
    const next = await client.transcribe(take).then(({ text }) => text);
    return { slow, events, next };
  `);
  assert.deepEqual([slow.name, slow.reason, slow.attempts], ["TimeoutError", "attempt", 0]);
  assert.match(slow.message, /headers and options\.apiKey took longer than 1000 ms/);
  assert.equal(next, "x");
  assert.deepEqual(
    events.filter((type) => type === "attempt"),
    ["attempt"],
  );
});

test("a fetch of the page's own may give something like a Response", () => {
  const outcomes = run(`
    const headers = new Headers();
    const likes = {
      text: { ok: true, status: 200, headers, text: async () => '{"text":"x"}' },
      json: { ok: true, status: 200, json: async () => ({ text: "x" }) },
      refused: { status: 429, headers: new Map([["retry-after", "7"]]), json: async () => ({ detail: "Rate limit exceeded." }) },
      empty: { status: 204, text: async () => "" },
      proxy: new Proxy(new Response('{"text":"x"}'), {}),
      nothing: undefined,
    };
    const outcomes = {};
    for (const [name, like] of Object.entries(likes)) {
      const client = theta({ retry: { maxAttempts: 1 }, deadlineMs: 5_000, fetch: async () => like });
      outcomes[name] = await client.transcribe(take).then(({ text }) => text, (error) => [error.code, error.attempts.length, error.retryAfterMs ?? null]);
    }
    return outcomes;
  `);
  assert.equal(outcomes.text, "x");
  assert.equal(outcomes.json, "x");
  assert.deepEqual(outcomes.refused, ["RATE_LIMIT_EXCEEDED", 1, 7_000]);
  assert.deepEqual(outcomes.empty, ["UNEXPECTED_STATUS", 1, null]);
  // Node reads through a Proxy, and browsers do not.
  if (outcomes.proxy !== "x") assert.deepEqual(outcomes.proxy, ["CONFIGURATION", 1, null]);
  assert.deepEqual(outcomes.nothing, ["CONFIGURATION", 1, null]);
});

test("a fetch that was replaced is no more trusted than one that was passed", () => {
  const outcomes = run(`
    const real = globalThis.fetch;
    const broken = { status: 200, headers: new Headers(), text: () => Promise.reject(new Error("gone")) };
    const likes = [undefined, null, {}, { ok: false, json: async () => ({}) }, broken, { ...broken, status: 503 }, Response.error(), { status: 600, text: async () => "" }, { status: 200, json: async () => ({ text: "x" }) }];
    const client = new ThetaOne({ baseUrl: "http://localhost/api", retry: { maxAttempts: 1 }, maxConcurrent: 1, deadlineMs: 5_000 });
    const outcomes = [];
    for (const like of likes) {
      globalThis.fetch = async () => like;
      outcomes.push(await client.transcribe(take).then(({ text }) => text, ({ code, reason }) => [code, reason ?? null].join(" ")));
    }
    globalThis.fetch = real;
    return outcomes;
  `);
  const [broken, ...rest] = [outcomes.slice(0, 4), ...outcomes.slice(4)];
  for (const outcome of broken) assert.equal(outcome, "CONFIGURATION ");
  assert.deepEqual(rest, [
    "INVALID_RESPONSE incomplete",
    "SERVICE_UNAVAILABLE ",
    "CONNECTION_FAILED unreachable",
    "CONFIGURATION ",
    "x",
  ]);
});

test("objects that throw at everything are refused, and nothing hangs after", () => {
  const outcomes = run(`
    const thrower = new Proxy({}, { ownKeys() { throw new Error("no keys"); }, get() { throw new Error("no member"); } });
    const { proxy: revoked, revoke } = Proxy.revocable({}, {});
    revoke();
    const status = Object.defineProperty(new Response(""), "status", { get() { throw new Error("no status"); } });
    const client = theta({ maxConcurrent: 1, deadlineMs: 5_000 });
    const requests = [
      { retry: thrower }, { retry: revoked }, { signal: Object.create(AbortSignal.prototype) },
      { resume: thrower }, thrower, revoked,
    ];
    const outcomes = [];
    for (const request of requests) outcomes.push(await failure(client.transcribe(take, {}, request)));
    for (const options of [thrower, revoked, { suppress_korean: thrower }]) outcomes.push(await failure(client.transcribe(take, options)));
    const odd = theta({ maxConcurrent: 1, deadlineMs: 5_000, fetch: async () => status });
    outcomes.push(await failure(odd.transcribe(take)), await failure(odd.transcribe(take)));
    outcomes.push(await failure(client.transcribe(take)));
    return outcomes.map(({ name }) => name);
  `);
  assert.equal(outcomes.pop(), "it did not fail");
  for (const name of outcomes)
    assert.match(name, /^(ConfigurationError|InvalidOptionsError|it did not fail)$/);
});

test("dispose() ends what was called just before", () => {
  const names = run(`
    const client = theta();
    const first = failure(client.transcribe(take));
    client.dispose();
    const second = theta();
    await second.ready();
    const late = failure(second.transcribe(take));
    second.dispose();
    return [(await first).name, (await late).name, (await failure(second.transcribe(take))).name];
  `);
  assert.deepEqual(names, ["AbortError", "AbortError", "ConfigurationError"]);
});

test("headers in pairs, an address as a URL, and options that are undefined", () => {
  const { sent, urls, odd } = run(`
    const [sent, urls] = [[], []];
    const fetch = async (url, { headers }) => {
      sent.push(headers.get("x-session"));
      urls.push(url);
      return new Response('{"speech_components":[]}');
    };
    class Foreign { *[Symbol.iterator]() { yield ["x-session", "foreign"]; } }
    const all = [new Map([["x-session", "map"]]), new Headers({ "x-session": "headers" }), () => [["x-session", "pairs"]], [["x-session", "array"]], new Foreign()];
    for (const headers of all) {
      await theta({ fetch, headers, baseUrl: new URL("http://localhost/api/"), credentials: undefined, nonsense: undefined })
        .analyzeNative(take, { gold_text: "a", language: undefined }, { signal: undefined, other: undefined });
    }
    const odd = await failure(theta({ fetch, headers: () => ["ab"] }).analyzeNative(take, { gold_text: "a" }));
    return { sent, urls, odd: odd.name };
  `);
  assert.equal(odd, "ConfigurationError");
  assert.deepEqual(sent, ["map", "headers", "pairs", "array", "foreign"]);
  assert.deepEqual([...new Set(urls)], ["http://localhost/api/analyze-native"]);
});

test("a WAV whose samples come after pictures goes up without them", () => {
  const { sizes, failures } = run(`
    const sizes = [];
    const fetch = async (_, { body }) => {
      sizes.push(body.get("file").size);
      return new Response('{"text":"x"}');
    };
    const wav = new Uint8Array(await toneWav({ seconds: 20 }).arrayBuffer());
    const failures = [];
    for (const bytes of [300_000, 3_000_000, 20_000_000]) {
      const list = new Uint8Array(8 + bytes);
      list.set([76, 73, 83, 84]);
      new DataView(list.buffer).setUint32(4, bytes, true);
      new DataView(wav.buffer).setUint32(4, wav.length + list.length - 8, true);
      const whole = new Blob([wav.subarray(0, 36), list, wav.subarray(36)]);
      failures.push(await failure(theta({ fetch }).transcribe(whole)));
    }
    return { sizes, failures };
  `);
  // The bytes before the samples are read into memory, up to 16 MiB.
  assert.deepEqual(
    failures.map(({ name }) => name),
    ["it did not fail", "it did not fail", "InvalidAudioError"],
  );
  assert.deepEqual(sizes, [44 + 640_000, 44 + 640_000]);
});
