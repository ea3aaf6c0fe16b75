// Tests of values from other realms, class instances and Proxies, and of errors that are passed
// between realms. tests/properties/ tests arbitrary values.

import assert from "node:assert/strict";
import { after, test } from "node:test";

import { install } from "./installed.mjs";

const installed = install();
after(installed.remove);

const PRELUDE = `
  import { createContext, runInContext } from "node:vm";
  import { Worker } from "node:worker_threads";
  import { AbortedError, RateLimitError, Take, ThetaOne, ThetaOneError } from "thetaone-web";
  import * as errors from "thetaone-web/errors";
  import { toneWav } from "thetaone-web/testing";
  const take = toneWav({ seconds: 0.5 });
  const realm = createContext({});
  const foreign = (source) => runInContext(source, realm);
  const failure = (call) => call.then(() => ({ name: "it did not fail" }), (error) => error);
  const OK = '{"text":"x","speech_components":[],"user_speech_components":[]}';
  // AbortSignal.timeout() does not keep Node running.
  setInterval(() => {}, 1000);
  const sent = [];
  const fetch = async (url, init) => {
    sent.push({ url, file: init.body.get("file"), options: init.body.get("options") ?? init.body.get("transcribe_options") });
    return new Response(OK);
  };
  /** Returns objects that have these members in each possible way. */
  const placed = (members) => ({
    own: { ...members },
    hidden: Object.defineProperties({}, Object.fromEntries(Object.entries(members).map(([name, value]) => [name, { value }]))),
    created: Object.create(members),
    "without prototype": Object.assign(Object.create(null), members),
    "created from what has no prototype": Object.create(Object.assign(Object.create(null), members)),
    getters: (() => {
      class Base {}
      for (const [name, value] of Object.entries(members)) Object.defineProperty(Base.prototype, name, { get: () => value });
      return new (class extends Base {})();
    })(),
    "another realm's": Object.assign(foreign("({})"), members),
    "a proxy": new Proxy({ ...members }, {}),
  });
`;
const run = (body) =>
  installed.run(
    `${PRELUDE} const outcome = await (async () => { ${body} })(); console.log(JSON.stringify(outcome)); process.exit(0);`,
  );

test("options count wherever an object has them, on every level", () => {
  const { urls, attempts, options, progress, formats, aborted } = run(`
    const [urls, attempts, options, progress, formats, aborted] = [{}, {}, {}, {}, {}, {}];
    for (const [how, given] of Object.entries(placed({ baseUrl: "/proxy", fetch }))) {
      await new ThetaOne(given).transcribe(take);
      urls[how] = sent.at(-1).url;
    }
    const busy = async () => new Response("{}", { status: 500 });
    for (const [how, retry] of Object.entries(placed({ maxAttempts: 2, baseDelayMs: 0 }))) {
      attempts[how] = (await failure(new ThetaOne({ baseUrl: "/proxy", fetch: busy, retry }).transcribe(take))).attempts.length;
      attempts[how + ", of a request"] = (await failure(new ThetaOne({ baseUrl: "/proxy", fetch: busy }).transcribe(take, {}, { retry }))).attempts.length;
    }
    const theta = new ThetaOne({ baseUrl: "/proxy", fetch });
    for (const [how, given] of Object.entries(placed({ gold_text: "Wow", language: "en" }))) {
      await theta.pronunciationSimple(take, given);
      options[how] = sent.at(-1).options;
    }
    let now;
    for (const [how, given] of Object.entries(placed({ onProgress: ({ phase }) => (progress[now] = phase), deadlineMs: 60_000 }))) {
      now = how;
      await theta.transcribe(take, {}, given);
    }
    for (const [how, given] of Object.entries(placed({ format: "mp3" }))) formats[how] = (await theta.prepare(take, given)).blob.type;
    for (const [how, given] of Object.entries(placed({ signal: AbortSignal.abort() }))) {
      aborted[how] = [(await failure(theta.prepare(take, given))).name, (await failure(theta.record(given))).name, (await failure(theta.references.get(take, { gold_text: "x" }, given))).name];
    }
    return { urls, attempts, options, progress, formats, aborted };
  `);
  for (const [how, url] of Object.entries(urls)) assert.equal(url, "/proxy/transcribe", how);
  for (const [how, count] of Object.entries(attempts)) assert.equal(count, 2, how);
  for (const [how, json] of Object.entries(options))
    assert.equal(json, '{"gold_text":"Wow","language":"en"}', how);
  for (const [how, type] of Object.entries(formats)) assert.equal(type, "audio/mpeg", how);
  for (const [how, names] of Object.entries(aborted))
    assert.deepEqual(names, ["AbortError", "AbortError", "AbortError"], how);
  assert.equal(Object.keys(progress).length, Object.keys(urls).length);
});

test("an unknown option is refused wherever an object has it, and Object.prototype has none", () => {
  const { refused, polluted, bound } = run(`
    const refused = {};
    for (const [how, given] of Object.entries(placed({ baseURL: "/proxy" }))) {
      try {
        new ThetaOne(given);
      } catch ({ message }) {
        refused[how] = message;
      }
    }
    for (const strange of [new Map(), new Date(), new Headers()]) {
      try {
        new ThetaOne(strange);
      } catch ({ name }) {
        refused[strange.constructor.name] = name + " is not an option";
      }
    }
    const theta = new ThetaOne({ baseUrl: "/proxy", fetch });
    // Loads the core first, because Node's module loader would also read the properties that are
    // added.
    await theta.transcribeLong(take);
    const calls = [];
    const note = (name) => () => calls.push(name);
    Object.assign(Object.prototype, { fetch: note("fetch"), onProgress: note("onProgress"), onEvent: note("onEvent"), signal: AbortSignal.abort(), retry: 5, deadlineMs: -1, trimSilence: 7 });
    const own = new ThetaOne({ baseUrl: "/proxy", fetch });
    const results = [await own.transcribe(take), await own.transcribe(take, {}, {}), await own.transcribeLong(take, {}, {}), await own.prepare(take, {}), await own.prepare(take)];
    for (const name of ["fetch", "onProgress", "onEvent", "signal", "retry", "deadlineMs", "trimSilence"]) delete Object.prototype[name];
    class Session {
      #token = "t";
      baseUrl = "/proxy";
      headers() { return { "x-session": this.#token }; }
    }
    let bound;
    await new ThetaOne(Object.assign(new Session(), { fetch: async (url, init) => { bound = new Headers(init.headers).get("x-session"); return new Response(OK); } })).transcribe(take);
    return { refused, polluted: [calls, results.length], bound };
  `);
  assert.equal(Object.keys(refused).length, 11);
  for (const [how, message] of Object.entries(refused))
    assert.match(message, /is not an option/, how);
  assert.deepEqual(polluted, [[], 5]);
  assert.equal(bound, "t", "a method keeps its `this`");
});

test("bytes of any realm and any kind of memory are sent as they are", () => {
  const { sizes, expected, refused } = run(`
    const bytes = new Uint8Array(await take.arrayBuffer());
    realm.bytes = bytes;
    const shared = new SharedArrayBuffer(bytes.length);
    new Uint8Array(shared).set(bytes);
    const growing = new ArrayBuffer(bytes.length, { maxByteLength: 1e6 });
    new Uint8Array(growing).set(bytes);
    const sounds = {
      buffer: bytes.buffer, view: bytes, "data view": new DataView(bytes.buffer), "16-bit view": new Int16Array(bytes.buffer),
      shared, "shared view": new Uint8Array(shared), growing, "growing view": new Uint8Array(growing),
      "foreign buffer": foreign("new Uint8Array(bytes).buffer"), "foreign view": foreign("new Uint8Array(bytes)"),
      "foreign data view": foreign("new DataView(new Uint8Array(bytes).buffer)"), "foreign shared memory": foreign("{ const s = new SharedArrayBuffer(bytes.length); new Uint8Array(s).set(bytes); s }"),
      blob: take, file: new File([take], "x"), "a subclass": new (class Sound extends Blob {})([take]),
    };
    const theta = new ThetaOne({ baseUrl: "/proxy", fetch });
    const sizes = {};
    for (const [name, sound] of Object.entries(sounds)) {
      const call = theta.transcribe(sound);
      // Changes to the sound after the call have no effect.
      if (ArrayBuffer.isView(sound) && name.includes("foreign")) sound.buffer.constructor && new Uint8Array(sound.buffer).fill(0);
      const error = await failure(call);
      sizes[name] = error.name === "it did not fail" ? sent.at(-1).file.size : error.message;
    }
    const like = { [Symbol.toStringTag]: "Blob", size: 5 };
    const refused = [];
    for (const sound of [Object.create(Blob.prototype), { [Symbol.toStringTag]: "ArrayBuffer", byteLength: 9, length: 1e9 }, like, [1], {}, "x", null]) refused.push((await failure(theta.prepare(sound))).name);
    return { sizes, expected: bytes.length, refused };
  `);
  for (const [name, size] of Object.entries(sizes)) assert.equal(size, expected, name);
  assert.deepEqual(refused.slice(0, 2), ["ConfigurationError", "ConfigurationError"]);
  for (const name of refused) assert.match(name, /^(Configuration|InvalidAudio)Error$/);
});

test("a signal that only another library knows aborts", () => {
  const names = run(`
    /** A signal as in a polyfill. */
    class AbortSignal extends EventTarget {
      aborted = false;
      get [Symbol.toStringTag]() { return "AbortSignal"; }
      abort(reason) { this.aborted = true; this.reason = reason; this.dispatchEvent(new Event("abort")); }
    }
    const theta = new ThetaOne({ baseUrl: "/proxy", fetch: () => new Promise(() => {}) });
    const names = [];
    for (const method of ["transcribe", "transcribeLong"]) {
      const signal = new AbortSignal();
      const error = await failure(theta[method](take, {}, { signal, onProgress: ({ phase }) => phase === "uploading" && signal.abort("gone") }));
      names.push(error.name, error.cause);
    }
    names.push((await failure(theta.transcribe(take, {}, { signal: {} }))).name);
    return names;
  `);
  assert.deepEqual(names, ["AbortError", "gone", "AbortError", "gone", "ConfigurationError"]);
});

test("a Proxy is never a foreign TypeError", () => {
  const { is, thrown } = run(`
    const revoked = (target) => { const { proxy, revoke } = Proxy.revocable(target, {}); revoke(); return proxy; };
    const boom = () => { throw new RangeError("trap"); };
    const traps = new Proxy({}, { get: () => boom });
    const proxies = [revoked({}), revoked(() => {}), revoked([]), new Proxy({}, { get: boom, getPrototypeOf: boom, ownKeys: boom }), new Proxy(() => {}, { get: boom, apply: boom }), traps];
    const is = proxies.map((proxy) => [Take.is(proxy), ThetaOneError.is(proxy)]);
    const thrown = [];
    for (const proxy of proxies) {
      const theta = new ThetaOne({ baseUrl: "/proxy", fetch });
      const attempts = [
        () => new ThetaOne(proxy), () => new ThetaOne({ retry: proxy }), () => new ThetaOne({ headers: proxy }).transcribe(take),
        () => theta.transcribe(proxy), () => theta.transcribe(take, proxy), () => theta.transcribe(take, {}, proxy), () => theta.transcribe(take, {}, { signal: proxy }),
        () => theta.transcribe(take, {}, { onProgress: proxy }), () => theta.prepare(take, proxy), () => theta.record(proxy), () => theta.outbox.resume(proxy, proxy),
        () => theta.references.get(take, proxy, proxy), () => new errors.TimeoutError(proxy), () => errors.ThetaOneError.from(proxy), () => theta.dispose(proxy),
      ];
      for (const attempt of attempts) {
        try {
          await attempt();
        } catch (error) {
          if (!ThetaOneError.is(error)) thrown.push(String(attempt) + ": " + error);
        }
      }
    }
    return { is, thrown };
  `);
  for (const found of is) assert.deepEqual(found, [false, false]);
  assert.deepEqual(thrown, []);
});

test("a signal that timed out has a sentence that fits, while the core loads and afterwards", () => {
  const errors = run(`
    const theta = new ThetaOne({ baseUrl: "/proxy", locale: "ko", fetch: () => new Promise(() => {}) });
    const told = ({ name, code, reason, cause, ...error }, it) => ({ name, code, reason: reason ?? null, cause: cause?.name, en: it.userMessage("en"), ko: it.userMessage() });
    const ended = async (signal) => { const it = await failure(theta.transcribe(take, {}, { signal })); return told(it, it); };
    const over = AbortSignal.timeout(0);
    await new Promise((resolve) => over.addEventListener("abort", resolve));
    return [await ended(over), await theta.ready().then(() => ended(over)), await ended(AbortSignal.timeout(20)), await ended(AbortSignal.any([AbortSignal.timeout(20)])), await ended(AbortSignal.abort())];
  `);
  for (const { name, code, reason, cause, en, ko } of errors.slice(0, 4)) {
    assert.deepEqual(
      [name, code, reason, cause],
      ["AbortError", "ABORTED", "timeout", "TimeoutError"],
    );
    assert.match(en, /too long/);
    assert.match(ko, /오래/);
  }
  assert.deepEqual([errors[4].reason, errors[4].en], [null, "Cancelled."]);
});

test("an error goes to another thread and back, and is what it was", () => {
  const { same, odd } = run(`
    const theta = new ThetaOne({ baseUrl: "/proxy", locale: "ko", apiKey: "sk-theta-secret", retry: { maxAttempts: 2, baseDelayMs: 0 }, fetch: async () => new Response('{"detail":"Rate limit exceeded."}', { status: 429, headers: { "retry-after": "0" } }) });
    const error = await failure(theta.transcribe(take));
    // A worker that imports the package itself, and sends back the error that it received as its
    // own.
    const worker = new Worker(\`
      const { parentPort } = require("node:worker_threads");
      parentPort.on("message", async (json) => {
        const { ThetaOneError } = await import("thetaone-web/errors");
        parentPort.postMessage(ThetaOneError.from(json).toJSON());
      });
    \`, { eval: true, execArgv: [] });
    worker.postMessage(error.toJSON());
    const json = await new Promise((resolve) => worker.once("message", resolve));
    await worker.terminate();
    const back = ThetaOneError.from(JSON.parse(JSON.stringify(json)));
    const told = (it) => [it.name, it.constructor.name, it instanceof RateLimitError, { ...it }, it.message, it.userMessage(), it.userMessage("en"), it.supportReport()];
    const again = ThetaOneError.from(error) === error;
    const thrower = { get code() { throw new Error("x"); } };
    const odd = [undefined, null, 5, "x", [], thrower, new Error("x"), { code: 5 }, { code: "TIMEOUT", name: "constructor", attempts: { length: 1e9 }, message: "sk-theta-secret", helpUrl: 5, cause: "sk-theta-secret", userMessages: 7 }]
      .map((value) => ThetaOneError.from(value)).map((it) => [ThetaOneError.is(it), it.name, it.code, typeof it.userMessage(), JSON.stringify(it).includes("secret"), it.attempts.length, it.cause ?? null]);
    return { same: [told(error), told(back), again, JSON.stringify(json).includes("secret")], odd };
  `);
  const [before, after, again, hasKey] = same;
  assert.deepEqual(after, before);
  assert.equal(before[3].attempts.length, 2);
  assert.deepEqual([again, hasKey], [true, false]);
  for (const [is, , , sentence, secret, attempts, cause] of odd)
    assert.deepEqual([is, sentence, secret, attempts, cause], [true, "string", false, 0, null]);
  for (const [, name, code] of odd.slice(0, -1))
    assert.deepEqual([name, code], ["ConfigurationError", "CONFIGURATION"]);
  assert.deepEqual(odd.at(-1).slice(1, 3), ["ThetaOneError", "TIMEOUT"]);
});

test("thousands of calls that wait keep little memory of the core", () => {
  const { before, queued, after } = run(`
    const memories = [];
    const { instantiate } = WebAssembly;
    WebAssembly.instantiate = async (...args) => {
      const made = await instantiate(...args);
      const memory = Object.values((made.instance ?? made).exports).find((it) => it instanceof WebAssembly.Memory);
      if (memory) memories.push(memory);
      return made;
    };
    let open;
    const opened = new Promise((resolve) => (open = resolve));
    let waiting = 0;
    const theta = new ThetaOne({ baseUrl: "/proxy", onEvent: ({ type }) => type === "queued" && waiting++, fetch: async () => { await opened; return new Response(OK); } });
    await theta.ready();
    // Node has wasm of its own.
    const [core] = memories;
    const before = core.buffer.byteLength;
    const sound = toneWav({ seconds: 3 });
    const calls = Array.from({ length: 600 }, () => theta.transcribe(sound));
    while (waiting < 596) await new Promise((resolve) => setTimeout(resolve, 5));
    const queued = core.buffer.byteLength;
    open();
    await Promise.all(calls);
    return { before, queued, after: core.buffer.byteLength };
  `);
  // The first bytes of the queued uploads alone are 58 MB.
  assert.ok(queued - before < 10_000_000, `${before} bytes became ${queued}`);
  assert.ok(after < 15_000_000);
});
