// Tests of calls that end early: before they start, in the tick in which they are made, or while a
// chunk of the package never arrives. Each settles with an error of the package, and leaves no
// unhandled rejection, on which Node would exit.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";

import { install } from "./installed.mjs";

const installed = install();
after(installed.remove);

/**
 * Every call, with the means to end it: `both` is `{ signal, deadlineMs }`. Some calls accept only
 * the signal, and some neither.
 */
const CALLS = {
  transcribe: "theta.transcribe(take, {}, both)",
  transcribeLong: "theta.transcribeLong(take, {}, both)",
  analyzeNative: "theta.analyzeNative(take, { gold_text: 'Wow' }, both)",
  pronunciation:
    "theta.pronunciation(take, { gold_text: 'Wow', native_speech_components: [] }, both)",
  pronunciationSimple: "theta.pronunciationSimple(take, { gold_text: 'Wow' }, both)",
  prepare: "theta.prepare(take, { signal })",
  "prepare what is none": "theta.prepare(new Blob(['x']), { signal })",
  "prepare MP3": "theta.prepare(take, { format: 'mp3', signal })",
  record: "theta.record({ signal, format: 'mp3' })",
  stop: "theta.record({ format: 'mp3' }).then((recorder) => recorder.stop())",
  "references.get": "theta.references.get(take, { gold_text: 'Wow' }, both)",
  "references.has": "theta.references.has(take, { gold_text: 'Wow' })",
  "references.delete": "theta.references.delete(take, { gold_text: 'Wow' })",
  "references.clear": "theta.references.clear()",
  "outbox.list": "theta.outbox.list()",
  "outbox.get": "theta.outbox.get('x')",
  "outbox.resume": "theta.outbox.resume('x', both)",
  "outbox.discard": "theta.outbox.discard('x')",
  "outbox.clear": "theta.outbox.clear()",
  ready: "theta.ready()",
};

/** Returns the names of the events that can end a call while it loads something. */
const endsOf = (name) => [
  ...(CALLS[name].includes("both") ? ["signal", "deadlineMs"] : []),
  ...(CALLS[name].includes("signal") ? ["signal"] : []),
  "dispose",
];

/** The ways in which a call ends. `act` is called after the call was made. */
const ENDS = {
  "aborted before": "controller.abort(); act = () => {};",
  "aborted at once": "act = () => controller.abort();",
  "aborted in a microtask": "act = () => queueMicrotask(() => controller.abort());",
  "disposed of at once": "act = () => theta.dispose();",
  "disposed of in a microtask": "act = () => queueMicrotask(() => theta.dispose());",
  "disposed of once it is loaded":
    "act = () => theta.ready().then(() => theta.dispose(), () => {});",
  "a deadline of 1 ms": "act = () => {}; both.deadlineMs = 1;",
};

const PRELUDE = `
  import { ThetaOne, ThetaOneError } from "thetaone-web";
  import { fakeMicrophone, toneWav } from "thetaone-web/testing";
  const take = toneWav({ seconds: 0.5 });
  const unhandled = [];
  process.on("unhandledRejection", (error) => unhandled.push(String(error?.stack ?? error)));
  /** Keeps Node running, which would exit if nothing else were pending. */
  const alive = setInterval(() => {}, 1000);
  const settled = (call) => call.then(() => "done", (error) => (ThetaOneError.is(error) ? error.name : "foreign: " + error?.stack));
`;

test("a call that is ended as soon as it is made settles, and leaves no unhandled rejection", () => {
  const calls = Object.entries(CALLS).map(
    ([name, source]) => `[${JSON.stringify(name)}, (theta, signal, both) => ${source}]`,
  );
  const ends = Object.entries(ENDS).map(
    ([name, source]) =>
      `[${JSON.stringify(name)}, (theta, controller, both) => { let act; ${source} return act; }]`,
  );
  const { outcomes, unhandled } = installed.run(`
    ${PRELUDE}
    fakeMicrophone().install();
    const fetch = async () => new Response('{"text":"x","speech_components":[],"user_speech_components":[]}');
    const outcomes = {};
    for (const outbox of [false, true]) for (const warm of [false, true]) {
      for (const [end, prepared] of [${ends}]) for (const [name, call] of [${calls}]) {
        const theta = new ThetaOne({ baseUrl: "/api", fetch, outbox, references: { persist: outbox } });
        if (warm) await theta.ready();
        const controller = new AbortController();
        const both = { signal: controller.signal };
        const act = prepared(theta, controller, both);
        const calling = call(theta, controller.signal, both);
        act();
        (outcomes[end] ??= {})[name + (warm ? ", warm" : "") + (outbox ? ", outbox" : "")] = await settled(calling);
        theta.dispose();
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
    clearInterval(alive);
    await new Promise((resolve) => setTimeout(resolve));
    console.log(JSON.stringify({ outcomes, unhandled }));
    process.exit(0);
  `);
  assert.deepEqual(unhandled, []);
  for (const [end, byCall] of Object.entries(outcomes)) {
    for (const [call, outcome] of Object.entries(byCall)) {
      assert.match(outcome, /^(done|AbortError|TimeoutError|\w+Error)$/, `${call}, ${end}`);
      const takesSignal = endsOf(call.split(", ")[0]).includes("signal");
      if (end === "aborted before" && takesSignal)
        assert.equal(outcome, "AbortError", `${call}, ${end}`);
      if (end === "disposed of at once" && !call.includes("warm"))
        assert.equal(outcome, "AbortError", `${call}, ${end}`);
    }
  }
});

test("an error that the promise of a callback rejects with is reported, not unhandled", () => {
  const { outcomes, reported, unhandled } = installed.run(`
    ${PRELUDE}
    const reported = [];
    globalThis.reportError = (error) => reported.push(String(error?.message ?? error));
    const fetch = async () => new Response('{"text":"x"}');
    const outcomes = [];
    const callbacks = {
      rejects: async () => { throw new Error("rejects"); },
      thenable: () => ({ then(_, reject) { reject("thenable"); } }),
      hostile: () => ({ get then() { throw new Error("hostile"); } }),
    };
    for (const callback of Object.values(callbacks)) {
      const theta = new ThetaOne({ baseUrl: "/api", fetch, onEvent: callback });
      outcomes.push(await settled(theta.transcribe(take, {}, { onProgress: callback })));
      outcomes.push(await settled(theta.transcribeLong(take, {}, { onProgress: callback })));
      theta.dispose();
    }
    clearInterval(alive);
    await new Promise((resolve) => setTimeout(resolve));
    console.log(JSON.stringify({ outcomes, reported, unhandled }));
    process.exit(0);
  `);
  assert.deepEqual(unhandled, []);
  assert.deepEqual(new Set(outcomes), new Set(["done"]));
  assert.deepEqual(new Set(reported), new Set(["rejects", "thenable", "hostile"]));
});

/** The calls that need the core. Recording starts without it. */
const NEEDING_CORE = Object.keys(CALLS).filter((name) => name !== "record");
/** The calls that need each chunk. */
const CHUNKS = {
  "loading/runtime.js": NEEDING_CORE,
  "wasm/inline.js": NEEDING_CORE,
  "record/start-recording.js": ["record", "stop", "ready"],
  "transcribe-long/index.js": ["transcribeLong"],
  "references/index.js": [
    "references.get",
    "references.has",
    "references.delete",
    "references.clear",
  ],
  "outbox/index.js": [
    "outbox.list",
    "outbox.get",
    "outbox.resume",
    "outbox.discard",
    "outbox.clear",
  ],
  "loading/mp3-encoder.js": ["prepare MP3", "stop"],
  "wasm/mp3-inline.js": ["prepare MP3", "stop"],
  "upload/cross-tab-limiter.js": ["transcribe", "transcribeLong", "references.get"],
};

for (const [chunk, names] of Object.entries(CHUNKS)) {
  test(`a call ends though ${chunk} never comes`, () => {
    const folder = join(installed.project, `without-${chunk.replace(/\W/g, "-")}`);
    cpSync(installed.folder, join(folder, "node_modules", "thetaone-web"), { recursive: true });
    writeFileSync(join(folder, "package.json"), '{"type":"module"}');
    writeFileSync(
      join(folder, "node_modules", "thetaone-web", chunk),
      "globalThis.onChunk(); await new Promise(() => {});\nexport default '';\n",
    );
    const calls = names.map(
      (name) => `[${JSON.stringify(name)}, (theta, signal, both) => ${CALLS[name]}]`,
    );
    const source = `
      ${PRELUDE}
      fakeMicrophone().install();
      const outcomes = {};
      const evaluated = new Promise((resolve) => { globalThis.onChunk = resolve; });
      const waits = () => new Promise((resolve) => setImmediate(resolve, "waits"));
      const ends = ${JSON.stringify(Object.fromEntries(names.map((name) => [name, endsOf(name)])))};
      const options = { baseUrl: "/api", shareAcrossTabs: ${chunk === "upload/cross-tab-limiter.js"}, fetch: async () => new Response("{}") };
      for (const [name, call] of [${calls}]) {
        for (const end of ends[name]) {
          const theta = new ThetaOne(options);
          const controller = new AbortController();
          const both = { signal: controller.signal };
          if (end === "deadlineMs") both.deadlineMs = 20;
          const calling = settled(call(theta, controller.signal, both));
          // The call has asked for the chunk, and is pending until something ends it.
          const first = await Promise.race([calling, evaluated.then(waits)]);
          if (end === "signal") controller.abort();
          if (end === "dispose") theta.dispose();
          const never = new Promise((resolve) => setTimeout(resolve, 20_000, "never settled"));
          outcomes[name] = { ...outcomes[name], [end]: [end === "deadlineMs" ? "waits" : first, await Promise.race([calling, never])] };
          theta.dispose();
        }
      }
      await new Promise((resolve) => setImmediate(resolve));
      console.log(JSON.stringify({ outcomes, unhandled }));
      process.exit(0);
    `;
    const printed = execFileSync(process.execPath, ["--input-type=module", "--eval", source], {
      cwd: folder,
      encoding: "utf8",
      timeout: 300_000,
    });
    const { outcomes, unhandled } = JSON.parse(printed);
    assert.deepEqual(unhandled, []);
    for (const [name, ends] of Object.entries(outcomes)) {
      for (const [end, [first, last]] of Object.entries(ends)) {
        assert.equal(first, "waits", `${name}: it has to need ${chunk}`);
        assert.equal(last, end === "deadlineMs" ? "TimeoutError" : "AbortError", `${name}, ${end}`);
      }
    }
  });
}
