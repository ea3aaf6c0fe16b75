// Tests of the text that is read from error bodies: the API's JSON, FastAPI's validation errors,
// and any body of a gateway.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";

import { install } from "./installed.mjs";

const installed = install();
after(installed.remove);

/** Returns the properties of the errors that these bodies lead to. */
function errorsFor(status, bodies) {
  // A command line would be too short for them.
  const encoded = bodies.map((body) => Buffer.from(body).toString("base64"));
  writeFileSync(join(installed.project, "bodies.json"), JSON.stringify(encoded));
  return installed.run(`
    import { readFileSync } from "node:fs";
    import { ThetaOne, ThetaOneError } from "thetaone-web";
    import { toneWav } from "thetaone-web/testing";
    const take = toneWav();
    let body;
    const theta = new ThetaOne({
      baseUrl: "http://127.0.0.1:9/api",
      fetch: async () => new Response(body, { status: ${status} }),
      retry: { maxAttempts: 1 },
    });
    const errors = [];
    for (const base64 of JSON.parse(readFileSync("bodies.json", "utf8"))) {
      body = Buffer.from(base64, "base64");
      const error = await theta.transcribe(take).then(() => undefined, (error) => error);
      const isTyped = ThetaOneError.is(error);
      errors.push({ isTyped, code: error.code, reason: error.reason, status: error.status, detail: error.detail });
    }
    console.log(JSON.stringify(errors));
    process.exit(0);
  `);
}

test("the detail of an error body is found in any JSON object", () => {
  const cases = {
    '{"detail": null}': "null",
    '{"detail": {"code": 7}}': '{"code":7}',
    '{"detail": []}': "[]",
    '{"error": "x", "detail": "here"}': "here",
    '{"a": {"detail": "deep"}, "detail": "top"}': "top",
    '{"detail": "caf\\u00e9 \\ud83d\\ude00 \\ud83d"}': "café 😀 \u{fffd}",
    '\u{feff}{"detail": "bom"}': "bom",
    '{"detail": "cut of': '{"detail": "cut of',
    '["detail"]': '["detail"]',
    null: "null",
    '{"detail": "two\\n\\tlines"}': "two\n\tlines",
    ' { "detail" : "a \\"quote\\"", "more": [': 'a "quote"',
    '{"detail": "bad \\escape", ': '{"detail": "bad \\escape",',
    '{"__proto__": {"detail": "inherited"}}': '{"__proto__": {"detail": "inherited"}}',
  };
  const errors = errorsFor(400, Object.keys(cases));
  assert.deepEqual(
    errors.map(({ detail }) => detail),
    Object.values(cases),
  );
});

test("the detail decides the class, whatever stands around it", () => {
  const long = "x".repeat(50_000);
  const [plain, late, early, cut, encoded] = errorsFor(400, [
    '{"detail": "Not all words are spoken."}',
    JSON.stringify({ input: long, detail: "Not all words are spoken." }),
    JSON.stringify({ detail: "Not all words are spoken.", input: long }),
    JSON.stringify({ detail: "Not all words are spoken.", input: long.repeat(10) }),
    // UTF-16 is not valid JSON on the web, but still leads to an error with its status.
    Buffer.from('{"detail": "Not all words are spoken."}', "utf16le"),
  ]);
  for (const { code } of [plain, late, early, cut]) assert.equal(code, "NOT_ALL_WORDS_SPOKEN");
  assert.equal(encoded.code, "BAD_REQUEST");
  assert.ok(encoded.detail.includes("d"));
});

test("FastAPI's validation errors become one line", () => {
  const [whole, mixed, bare] = errorsFor(422, [
    `{"detail":[{"type":"missing","loc":["body","file"],"msg":"Field required","input":null},
      {"loc":["body","options",0],"msg":"bad \\"thing\\""}]}`,
    '{"detail":[{"loc":["body"],"msg":"x"},null]}',
    '{"detail":[{"msg":"no place"},{"loc":[],"msg":"none"},{"loc":7,"msg":"odd"}]}',
  ]);
  assert.equal(whole.detail, 'body.file: Field required; body.options.0: bad "thing"');
  assert.equal(mixed.detail, '[{"loc":["body"],"msg":"x"},null]');
  assert.equal(bare.detail, "no place; none; odd");
});

test("bodies that are not JSON are excerpted", () => {
  const [html, empty, blank, binary] = errorsFor(502, [
    "<html>\n  <h1>502 Bad Gateway</h1>\n</html>",
    "",
    " \r\n ",
    Buffer.from([0xff, 0xfe, 0x00, 0x62, 0x61, 0x64]),
  ]);
  assert.equal(html.detail, "<html> <h1>502 Bad Gateway</h1> </html>");
  assert.equal(empty.detail, undefined);
  assert.equal(blank.detail, undefined);
  assert.equal(binary.detail, "\u{fffd}\u{fffd} bad");
});

test("a body of megabytes, or nested as deeply, is bounded", () => {
  const deep = 100_000;
  const errors = errorsFor(500, [
    "x".repeat(10 << 20),
    "[".repeat(10 << 20),
    `{"detail":${"[".repeat(deep)}${"]".repeat(deep)}}`,
    `{"detail":[{"msg":"x","loc":${"[".repeat(deep)}${"]".repeat(deep)}}]}`,
    `{"detail":${'{"a":'.repeat(30_000)}1${"}".repeat(30_000)}}`,
  ]);
  for (const { isTyped, code, detail } of errors) {
    assert.ok(isTyped);
    assert.equal(code, "INTERNAL_SERVER_ERROR");
    assert.equal(detail.length, 401);
  }
});

/** A generator of numbers from 0 to 1 with a fixed seed (mulberry32). */
function seeded(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

test("any bytes are an error with its status and a bounded detail", () => {
  const random = seeded(7);
  const below = (limit) => Math.floor(random() * limit);
  const bytes = () => Buffer.from(Array.from({ length: below(600) }, () => below(256)));
  const pieces = [
    "{",
    "}",
    "[",
    "]",
    '"',
    ":",
    ",",
    "\\u",
    "d83d",
    '"detail"',
    "detail",
    "\\",
    " ",
    "\n",
    "0",
  ];
  const text = () => Array.from({ length: below(40) }, () => pieces[below(pieces.length)]).join("");
  const bodies = Array.from({ length: 600 }, (_, index) => (index % 2 ? bytes() : text()));
  const errors = errorsFor(400, bodies);
  assert.equal(errors.length, bodies.length);
  for (const [index, { isTyped, status, detail }] of errors.entries()) {
    const body = bodies[index].toString("base64");
    assert.ok(isTyped, body);
    assert.equal(status, 400, body);
    assert.ok(detail === undefined || [...detail].length <= 401, body);
  }
});
