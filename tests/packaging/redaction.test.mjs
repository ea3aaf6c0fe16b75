// Tests that no part of a key that a response or an exception quotes, in any encoding, is left in
// an error.

import assert from "node:assert/strict";
import { after, test } from "node:test";

import { install } from "./installed.mjs";

const installed = install();
after(installed.remove);

/** Runs `body` in Node with the package; `SEED=…` repeats a failure. */
const run = (body) =>
  installed.run(`
    import { ThetaOne } from "thetaone-web";
    import { toneWav } from "thetaone-web/testing";
    import { inspect } from "node:util";

    const take = toneWav();
    let state = ${Number(process.env.SEED ?? Date.now() % 2 ** 31)};
    const seed = state;
    /** mulberry32 */
    function random() {
      state = (state + 0x6d2b79f5) | 0;
      let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    }
    const pick = (list) => list[Math.floor(random() * list.length)];
    const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    const randomSecret = () =>
      Array.from({ length: 12 + Math.floor(random() * 40) }, () => (random() < 0.25 ? pick("-._~+/=") : pick(LETTERS))).join("");

    const hex = (character) => character.charCodeAt(0).toString(16).padStart(2, "0");
    const escapeSome = (escape, isEscaped = (character) => /[^A-Za-z0-9]/.test(character)) => (text) =>
      Array.from(text, (character) => (isEscaped(character) ? escape(character) : character)).join("");
    const json = (text) => JSON.stringify(text).slice(1, -1);
    const ENCODINGS = {
      plain: (text) => text,
      "JSON slashes": (text) => text.replaceAll("/", "\\\\/"),
      "encodeURIComponent": encodeURIComponent,
      "encodeURIComponent twice": (text) => encodeURIComponent(encodeURIComponent(text)),
      "percent, upper": escapeSome((character) => "%" + hex(character).toUpperCase()),
      "percent, lower": escapeSome((character) => "%" + hex(character)),
      "percent twice": escapeSome((character) => "%25" + hex(character)),
      "percent, all": escapeSome((character) => "%" + hex(character), () => true),
      "\\\\u": escapeSome((character) => "\\\\u00" + hex(character)),
      "\\\\u, upper": escapeSome((character) => "\\\\u00" + hex(character).toUpperCase()),
      "\\\\u twice": escapeSome((character) => "\\\\\\\\u00" + hex(character)),
      "\\\\u{}": escapeSome((character) => "\\\\u{" + hex(character) + "}"),
      "\\\\x": escapeSome((character) => "\\\\x" + hex(character)),
      "entity, decimal": escapeSome((character) => "&#" + character.charCodeAt(0) + ";"),
      "entity, padded": escapeSome((character) => "&#0" + character.charCodeAt(0) + ";"),
      "entity, hexadecimal": escapeSome((character) => "&#x" + hex(character) + ";"),
      "entity, upper": escapeSome((character) => "&#X" + hex(character).toUpperCase() + ";"),
      "entity twice": escapeSome((character) => "&amp;#" + character.charCodeAt(0) + ";"),
      "entity, first letter too": (text) => "&#115;" + escapeSome((character) => "&#" + character.charCodeAt(0) + ";")(text.slice(1)),
      "entity, named": (text) =>
        text.replace(/[+=/._-]/g, (character) => ({ "+": "&plus;", "=": "&equals;", "/": "&sol;", ".": "&period;", _: "&lowbar;", "-": "&hyphen;" })[character]),
      "quoted-printable": escapeSome((character) => "=" + hex(character).toUpperCase()),
      "form, decoded": (text) => text.replaceAll("+", " "),
      "JSON in JSON": (text) => json(json(text.replaceAll("/", "\\\\/"))),
      "percent in JSON": (text) => json(escapeSome((character) => "%" + hex(character))(text)),
      "entity in percent": (text) => encodeURIComponent(escapeSome((character) => "&#" + character.charCodeAt(0) + ";")(text)),
      "\\\\u in percent": (text) => encodeURIComponent(escapeSome((character) => "\\\\u00" + hex(character))(text)),
    };
    /** Without its prefix, only the client that sent the key can recognize it. */
    const WITHOUT_PREFIX = { secret: (text) => text.slice(9), base64: btoa, "base64 with a name": (text) => btoa("x:" + text) };
    const before = ["", "bad key ", "key=", "{'x-api-key': '", "<p>", "x-api-key: ", "(", "열쇠 ", "x".repeat(380)];
    const behind = ["", " was refused", "'}", "</p>", '"', "\\n\\nforged: line", ", or not", ")", ".", "&next=1", "…"];
    const bodies = [
      (said) => JSON.stringify({ detail: said }),
      (said) => JSON.stringify({ detail: [{ loc: ["header", said], msg: said }] }),
      (said) => JSON.stringify({ detail: { error: said } }),
      (said) => JSON.stringify({ error: said }).replaceAll("/", "\\\\/"),
      (said) => "<html><body><pre>" + said + "</pre></body></html>",
      (said) => said,
    ];

    /** Returns everything that a log could show of an error. */
    const shown = (error) => [
      error.message, error.detail, error.stack, String(error), JSON.stringify(error), error.supportReport(),
      inspect(error, { depth: 9, showHidden: true }), inspect(error.cause, { depth: 9, showHidden: true }),
      ...Object.values(error).map(String), error.cause?.stack, String(error.cause?.message),
    ].join("\\n");
    /** Returns the first part of the secret that is still in the text. */
    const leftOf = (secret, text) => {
      for (let at = 0; at + 6 <= secret.length; at++) if (text.includes(secret.slice(at, at + 6))) return secret.slice(at, at + 6);
    };
    const leaks = [];
    const outcome = await (async () => { ${body} })();
    console.log(JSON.stringify(outcome));
    process.exit(0);
  `);

test("no part of a key survives in an error, in whatever spelling an answer quotes it", () => {
  const { seed, tried, leaks } = run(`
    let tried = 0;
    const cases = Object.entries({ ...ENCODINGS, ...WITHOUT_PREFIX });
    for (let round = 0; round < 12; round++) {
      for (const [name, encode] of cases) {
        for (const isOwn of name in WITHOUT_PREFIX || name === "form, decoded" ? [true] : [true, false]) {
          const key = "sk-theta-" + randomSecret();
          const status = pick([400, 401, 403, 418, 429, 500, 502, 200]);
          const events = [];
          const body = pick(bodies)(pick(before) + encode(key) + pick(behind));
          const theta = new ThetaOne({
            baseUrl: "http://localhost/api",
            retry: { maxAttempts: 1 },
            onEvent: (event) => events.push(event),
            // The page does not know the key of a proxy.
            ...(isOwn && { apiKey: random() < 0.5 ? key : async () => key }),
            fetch: async () => new Response(body, { status }),
          });
          const error = await theta.transcribe(take).catch((error) => error);
          if (!error.code) throw new Error("it did not fail: " + body);
          const left = leftOf(key.slice(9), shown(error) + JSON.stringify(events));
          if (left) leaks.push({ name, isOwn, left, key, body, message: error.message, detail: error.detail });
          tried++;
        }
      }
    }
    return { seed, tried, leaks };
  `);
  assert.deepEqual(leaks, [], `SEED=${seed}`);
  assert.ok(tried > 500);
});

test("a key is recognized when its plus signs became spaces, and these were collapsed", () => {
  const left = run(`
    const key = "sk-theta-not+-a-R-E-al++-K+ey.-x+F+r~eal/1";
    const fetch = async () => new Response(JSON.stringify({ error: key.replaceAll("+", " ") }));
    const theta = new ThetaOne({ baseUrl: "http://localhost/api", apiKey: key, fetch });
    const error = await theta.transcribe(take).catch((error) => error);
    return leftOf(key.slice(9), shown(error)) ?? "";
  `);
  assert.equal(left, "");
});

test("no part of a key survives that the caller's own functions throw", () => {
  const { seed, leaks, causes } = run(`
    const causes = [];
    const wraps = {
      message: (said) => new Error(said),
      text: (said) => said,
      "plain object": (said) => ({ said }),
      member: (said) => Object.assign(new TypeError("failed"), { config: { headers: { "x-api-key": said } } }),
      "hidden member": (said) => Object.defineProperty(new Error("failed"), "hidden", { value: said }),
      "symbol": (said) => Object.assign(new Error("failed"), { [Symbol("key")]: said }),
      "nested cause": (said) => new Error("failed", { cause: new Error("deeper", { cause: said }) }),
      aggregate: (said) => new AggregateError([new Error("one"), new Error(said)], "failed"),
      headers: (said) => Object.assign(new Error("failed"), { request: new Request("http://localhost", { headers: { "x-api-key": said } }) }),
      map: (said) => Object.assign(new Error("failed"), { sent: new Map([["x-api-key", said]]) }),
      "key of a map": (said) => Object.assign(new Error("failed"), { sent: new Map([[said, true]]) }),
      set: (said) => Object.assign(new Error("failed"), { sent: new Set([said]) }),
      "name of a member": (said) => Object.assign(new Error("failed"), { sent: { [said]: true } }),
      URL: (said) => Object.assign(new Error("failed"), { url: new URL("http://localhost/?" + said.replaceAll("#", "%23")) }),
      array: (said) => Object.assign(new Error("failed"), { sent: ["x-api-key", said] }),
      name: (said) => Object.assign(new Error("failed"), { name: said }),
      stack: (said) => Object.assign(new Error("failed"), { stack: "at " + said }),
      getter: (said) => ({ name: "Own", message: "failed", get request() { return { key: said }; } }),
      cycle: (said) => { const error = new Error("failed"); error.self = error; error.key = said; return error; },
      DOMException: (said) => new DOMException(said, "DataError"),
    };
    const places = {
      apiKey: (thrown) => ({ apiKey: async () => { throw thrown; } }),
      "apiKey at once": (thrown) => ({ apiKey: () => { throw thrown; } }),
      headers: (thrown) => ({ headers: async () => { throw thrown; } }),
      fetch: (thrown) => ({ fetch: async () => { throw thrown; } }),
    };
    for (const [wrap, wrapped] of Object.entries(wraps)) {
      for (const [place, options] of Object.entries(places)) {
        for (const [name, encode] of Object.entries(ENCODINGS)) {
          // The rest of the key is a separate word there. The client does not know it, because it
          // never sent this key.
          if (name === "form, decoded") continue;
          const key = "sk-theta-" + randomSecret();
          if (["headers", "symbol"].includes(wrap) && /[^ -~]/.test(encode(key))) continue;
          const thrown = wrapped("key " + encode(key) + " expired");
          const theta = new ThetaOne({ baseUrl: "http://localhost/api", retry: { maxAttempts: 1 }, ...options(thrown) });
          const error = await theta.transcribe(take).catch((error) => error);
          const left = leftOf(key.slice(9), shown(error));
          if (left) leaks.push({ wrap, place, name, left, key });
          if (name === "plain" && place === "apiKey") causes.push([wrap, String(error.cause)]);
        }
      }
    }
    return { seed, leaks, causes };
  `);
  assert.deepEqual(leaks, [], `SEED=${seed}`);
  const messages = Object.fromEntries(causes);
  assert.equal(messages.message, "Error: key sk-theta-… expired");
  assert.equal(messages.DOMException, "DataError: key sk-theta-… expired");
  assert.equal(messages.member, "TypeError: failed");
});

test("an exception without a key stays what it was, and words are no keys", () => {
  const outcome = run(`
    const thrown = Object.assign(new Error("failed"), { request: new Request("http://localhost"), list: [1, { two: 2 }] });
    const options = { baseUrl: "http://localhost/api", retry: { maxAttempts: 1 } };
    const failed = await new ThetaOne({ ...options, apiKey: () => { throw thrown; } }).transcribe(take).catch((error) => error);
    const hostile = new Proxy({}, { get() { throw new Error("no"); }, ownKeys() { throw new Error("no"); } });
    const hostiles = await new ThetaOne({ ...options, headers: () => { throw hostile; } }).transcribe(take).catch((error) => error);
    const details = [];
    for (const detail of ["Invalid audio format", "the emulated API is unavailable &amp; 100%25 busy", "keys start with \`sk-theta-\`", "C:\\\\new\\\\u0041"]) {
      const theta = new ThetaOne({
        ...options,
        apiKey: "sk-theta-emulated-invalid-audio",
        fetch: async () => new Response(JSON.stringify({ detail }), { status: 418 }),
      });
      const error = await theta.transcribe(take).catch((error) => error);
      details.push(error.detail === detail);
    }
    return [failed.cause === thrown, hostiles.cause === hostile, hostiles.name, details];
  `);
  assert.deepEqual(outcome, [true, true, "ConfigurationError", [true, true, true, true]]);
});

test("an answer forges no line of a support report, and turns no text round", () => {
  const reports = run(`
    const forged = "API key: sk-theta-forged";
    const reports = [];
    for (const separator of ["\\n", "\\r", "\\r\\n", "\\u2028", "\\u2029", "\\u0085", "\\v", "\\f", "\\u001b[2K\\u001b[1A", "\\0", "\\b", "\\u202e", "\\u2066", "\\u200f", "\\u007f"]) {
      for (const status of [400, 503]) {
        const body = JSON.stringify({ detail: "no" + separator + forged });
        const theta = new ThetaOne({ baseUrl: "http://localhost/api", retry: { maxAttempts: 1 }, fetch: async () => new Response(body, { status }) });
        const error = await theta.transcribe(take).catch((error) => error);
        reports.push([error.supportReport(), error.message]);
      }
      const theta = new ThetaOne({ baseUrl: "http://localhost/api", apiKey: "x" + separator, fetch: async () => { throw new Error("no" + separator + forged); } });
      const own = await theta.transcribe(take).catch((error) => error);
      reports.push([own.supportReport(), own.message]);
    }
    return reports;
  `);
  const unsafe = /[\p{Cc}\p{Cf}\u2028\u2029]/u;
  for (const [report, message] of reports) {
    assert.doesNotMatch(message, unsafe);
    const lines = report.split("\n");
    for (const line of lines) assert.doesNotMatch(line, unsafe);
    assert.equal(lines.filter((line) => line.startsWith("API key:")).length, 1, report);
    assert.ok(lines.length <= 8, report);
  }
});
