// Tests that calls leak nothing in the wasm instance, however they end.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

import { install } from "./installed.mjs";

const installed = install();
after(installed.remove);
const speech = fileURLToPath(new URL("../fixtures/speech.wav", import.meta.url));

/**
 * Makes the calls of `call` 200 times, then 800 times more. Returns the memory and table sizes of
 * the instance after each series.
 */
const memoryAfter = (call) =>
  installed.run(`
    import { readFileSync } from "node:fs";
    const instances = [];
    const { instantiate } = WebAssembly;
    WebAssembly.instantiate = async (...args) => {
      const made = await instantiate(...args);
      instances.push(made.instance ?? made);
      return made;
    };
    const { ThetaOne } = await import("thetaone-web");
    const answered = (status, body, headers = { "content-type": "application/json" }, baseUrl = "http://localhost/api") =>
      new ThetaOne({ baseUrl, retry: { maxAttempts: 1 }, fetch: async () => new Response(body, { status, headers }) });
    const ok = answered(200, JSON.stringify({ text: "", text_type: "en", metadata: {}, response_time_in_sec: 0 }), undefined, "https://far.example/api");
    const refused = answered(402, JSON.stringify({ detail: "Insufficient credits" }));
    const offline = new ThetaOne({ baseUrl: "http://localhost/api", retry: { maxAttempts: 1 }, fetch: async () => { throw new TypeError("no network"); } });
    /** Makes a call that is aborted while the device waits for a network. */
    const givenUp = async () => {
      Object.defineProperty(globalThis, "navigator", { value: { onLine: false }, configurable: true });
      globalThis.addEventListener = () => {};
      const controller = new AbortController();
      const onProgress = ({ phase }) => phase === "waiting" && controller.abort();
      try {
        return await ok.transcribe(speech, {}, { signal: controller.signal, onProgress });
      } finally {
        delete globalThis.addEventListener;
        delete globalThis.navigator;
      }
    };
    const speech = new Blob([readFileSync(${JSON.stringify(speech)})]);
    const many = async (calls) => {
      const ends = new Set();
      for (let made = 0; made < calls; made++) ends.add(await (${call}).then(() => "done", ({ name }) => name));
      const { exports } = instances.at(-1);
      const found = (kind, size) => Object.values(exports).filter((value) => value instanceof kind).map(size);
      return {
        ends: [...ends],
        instances: instances.length,
        bytes: found(WebAssembly.Memory, ({ buffer }) => buffer.byteLength),
        slots: found(WebAssembly.Table, ({ length }) => length),
      };
    };
    console.log(JSON.stringify({ first: await many(200), then: await many(800) }));
    process.exit(0);
  `);

/** The calls, and how each of them ends. */
const CALLS = {
  "ok.transcribe(speech)": "done",
  "ok.transcribe(speech, {}, { onProgress() {} })": "done",
  "refused.transcribe(speech)": "PaymentRequiredError",
  "offline.transcribe(speech)": "ConnectionError",
  "ok.transcribe(speech, { nonsense: 1 })": "InvalidOptionsError",
  "ok.transcribe(new Blob(['not audio']))": "InvalidAudioError",
  "givenUp()": "AbortError",
};

for (const [call, end] of Object.entries(CALLS)) {
  test(`a thousand calls leave nothing behind: ${call}`, () => {
    const { first, then } = memoryAfter(call);
    assert.deepEqual(first.ends, [end]);
    assert.ok(first.slots.length > 0 && first.bytes.length > 0);
    assert.deepEqual(then, first);
  });
}

test("a file that is not read to its end is let go", () => {
  const streams = installed.run(`
    import { readFileSync } from "node:fs";
    import { ThetaOne } from "thetaone-web";
    const streams = { opened: 0, cancelled: 0 };
    Blob.prototype.stream = function () {
      streams.opened += 1;
      let at = 0;
      return new ReadableStream({
        type: "bytes",
        pull: async (controller) => {
          const { view } = controller.byobRequest;
          const bytes = new Uint8Array(await this.slice(at, at + view.byteLength).arrayBuffer());
          view.set(bytes);
          at += bytes.length;
          controller.byobRequest.respond(bytes.length);
        },
        cancel: () => (streams.cancelled += 1),
      });
    };
    // Speech between two long silences is detected long before the end.
    const wav = readFileSync(${JSON.stringify(speech)});
    const silence = new Uint8Array(60 * 32_000);
    const header = wav.subarray(0, 44);
    const samples = wav.subarray(44);
    const bytes = silence.length * 2 + samples.length;
    header.writeUInt32LE(36 + bytes, 4);
    header.writeUInt32LE(bytes, 40);
    const answer = JSON.stringify({ text: "", text_type: "en", metadata: {}, response_time_in_sec: 0 });
    const fetch = async () => new Response(answer, { headers: { "content-type": "application/json" } });
    const client = new ThetaOne({ baseUrl: "http://localhost/api", fetch });
    await client.transcribe(new Blob([header, silence, samples, silence]));
    console.log(JSON.stringify(streams));
    process.exit(0);
  `);
  assert.deepEqual(streams, { opened: 1, cancelled: 1 });
});
