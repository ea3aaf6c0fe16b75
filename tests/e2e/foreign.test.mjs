// Tests in a real browser of objects from an iframe, errors from a worker, calls that end at once,
// and chunks that never arrive.

import { strict as assert } from "node:assert";
import { after, before } from "node:test";
import { install } from "../packaging/installed.mjs";
import { launch, test } from "./page.mjs";
import { serve } from "./files.mjs";

const never = new Promise(() => {});
const FILES = {
  "/": "<!doctype html><title>foreign</title><iframe></iframe>",
  "/worker.js": `
    import { ThetaOne } from "/thetaone-web/index.js";
    const theta = new ThetaOne({ baseUrl: "/api", fetch: async () => Response.json({ detail: "Not all words are spoken." }, { status: 400 }) });
    onmessage = ({ data }) => theta.pronunciationSimple(data, { gold_text: "Wow" }).catch((error) => postMessage(error.toJSON()));
  `,
};
// The package with one file that is never sent, and an address whose response waits until a page
// has requested that file.
for (const name of [
  "loading/runtime.js",
  "wasm/inline.js",
  "transcribe-long/index.js",
  "references/index.js",
  "outbox/index.js",
  "loading/mp3-encoder.js",
  "upload/cross-tab-limiter.js",
]) {
  FILES[`/requested/${name}`] = new Promise((resolve) => {
    const get = () => {
      resolve("requested");
      return never;
    };
    Object.defineProperty(FILES, `/without/${name}/${name}`, { get, enumerable: true });
  });
}

let browser, page, server, installed;
before(async () => {
  installed = install();
  const folders = Object.fromEntries(
    Object.keys(FILES)
      .filter((path) => path.startsWith("/without/"))
      .map((path) => [path.match(/^\/without\/[^.]+\.js\//)[0], installed.folder]),
  );
  server = await serve(FILES, {
    "/thetaone-web/": installed.folder,
    "/fixtures/": new URL("../fixtures/", import.meta.url),
    ...folders,
  });
  browser = await launch();
  page = await browser.newPage();
  await page.goto(server.url);
});
after(async () => {
  await browser?.close();
  // Some requests are still pending.
  server?.close();
  installed?.remove();
});

test("sound, signals and addresses of an iframe are as good as the page's own", async () => {
  const outcomes = await page.evaluate(async () => {
    const { ThetaOne } = await import("/thetaone-web/index.js");
    const realm = document.querySelector("iframe").contentWindow;
    const bytes = await (await fetch("/fixtures/speech.wav")).arrayBuffer();
    const theirs = new realm.Uint8Array(new realm.Uint8Array(bytes)).buffer;
    const sounds = {
      blob: new realm.Blob([theirs]),
      file: new realm.File([theirs], "speech.wav"),
      buffer: theirs,
      view: new realm.Uint8Array(theirs),
      "data view": new realm.DataView(theirs),
      "16-bit view": new realm.Int16Array(theirs),
    };
    const sizes = [];
    const options = Object.assign(new realm.Object(), {
      baseUrl: new realm.URL("/api", location.href),
      headers: new realm.Headers({ "x-session": "1" }),
      fetch: async (url, { body }) => {
        sizes.push(body.get("file").size === bytes.byteLength && url.endsWith("/api/transcribe"));
        return new realm.Response('{"text":"x"}');
      },
    });
    const theta = new ThetaOne(options);
    const outcomes = {};
    for (const [name, sound] of Object.entries(sounds)) {
      const { signal } = new realm.AbortController();
      outcomes[name] = await theta.transcribe(sound, {}, { signal }).then(
        ({ text }) => `${text} ${sizes.at(-1)}`,
        (error) => error.message,
      );
      outcomes[`${name}, prepared`] = await theta.prepare(sound, { signal }).then(
        ({ bytes }) => `x ${bytes === sizes.length || bytes > 0}`,
        (error) => error.message,
      );
    }
    const controller = new realm.AbortController();
    const hanging = new ThetaOne({ ...options, fetch: () => new Promise(() => {}) });
    const onProgress = ({ phase }) =>
      phase === "uploading" && controller.abort(new realm.Error("gone"));
    outcomes.signal = await hanging
      .transcribe(sounds.blob, {}, { signal: controller.signal, onProgress })
      .catch(({ name, cause }) => `${name} ${cause.message}`);
    outcomes.aborted = await hanging
      .prepare(sounds.blob, { signal: realm.AbortSignal.abort() })
      .catch(({ name }) => name);
    return outcomes;
  });
  const { signal, aborted, ...sounds } = outcomes;
  for (const [name, outcome] of Object.entries(sounds)) assert.equal(outcome, "x true", name);
  assert.deepEqual([signal, aborted], ["AbortError gone", "AbortError"]);
});

test("a worker's error is its class again in the page", async () => {
  const outcomes = await page.evaluate(async () => {
    const { NotAllWordsSpokenError, ThetaOneError } = await import("/thetaone-web/errors.js");
    const worker = new Worker("/worker.js", { type: "module" });
    worker.postMessage(await (await fetch("/fixtures/speech.wav")).arrayBuffer());
    const { data } = await new Promise((resolve) => (worker.onmessage = resolve));
    worker.terminate();
    const error = ThetaOneError.from(data);
    return [
      error instanceof NotAllWordsSpokenError,
      error.code,
      error.status,
      error.attempts.length,
      error.userMessage("en"),
      error.endpoint,
    ];
  });
  assert.deepEqual(outcomes, [
    true,
    "NOT_ALL_WORDS_SPOKEN",
    400,
    1,
    "Some words were missing. Please read the whole sentence once more.",
    "/pronunciation-simple",
  ]);
});

test("calls that end as soon as they are made leave no unhandled rejection", async () => {
  const { outcomes, unhandled } = await page.evaluate(async () => {
    const { ThetaOne, ThetaOneError } = await import("/thetaone-web/index.js");
    const unhandled = [];
    addEventListener("unhandledrejection", (event) => {
      unhandled.push(String(event.reason?.stack ?? event.reason));
      event.preventDefault();
    });
    const sound = new Blob([await (await fetch("/fixtures/speech.wav")).arrayBuffer()]);
    const calls = {
      transcribe: (theta, _signal, both) => theta.transcribe(sound, {}, both),
      transcribeLong: (theta, _signal, both) => theta.transcribeLong(sound, {}, both),
      prepare: (theta, signal) => theta.prepare(sound, { signal }),
      "prepare nothing": (theta, signal) => theta.prepare(new Blob(["x"]), { signal }),
      "prepare MP3": (theta, signal) => theta.prepare(sound, { signal, format: "mp3" }),
      record: (theta, signal) => theta.record({ signal }),
      references: (theta, _signal, both) => theta.references.get(sound, { gold_text: "Wow" }, both),
      "references.has": (theta) => theta.references.has(sound, { gold_text: "Wow" }),
      "outbox.list": (theta) => theta.outbox.list(),
    };
    const ends = {
      before: (_theta, controller) => {
        controller.abort();
        return () => {};
      },
      "at once": (_theta, controller) => () => controller.abort(),
      "in a microtask": (_theta, controller) => () => queueMicrotask(() => controller.abort()),
      disposed: (theta) => () => theta.dispose(),
      "disposed in a microtask": (theta) => () => queueMicrotask(() => theta.dispose()),
      deadline: (_theta, _controller, both) => {
        both.deadlineMs = 1;
        return () => {};
      },
    };
    const outcomes = {};
    for (const warm of [false, true]) {
      for (const [end, prepared] of Object.entries(ends)) {
        for (const [name, call] of Object.entries(calls)) {
          const theta = new ThetaOne({
            baseUrl: "/api",
            outbox: true,
            references: { persist: true },
            fetch: async () => Response.json({ text: "x", speech_components: [] }),
          });
          if (warm) await theta.ready();
          const controller = new AbortController();
          const both = { signal: controller.signal };
          const act = prepared(theta, controller, both);
          const calling = call(theta, controller.signal, both);
          act();
          outcomes[`${name}, ${end}, ${warm}`] = await calling.then(
            (it) => {
              it?.cancel?.();
              return "done";
            },
            (error) => (ThetaOneError.is(error) ? error.name : String(error)),
          );
          theta.dispose();
        }
      }
    }
    await new Promise((resolve) => setTimeout(resolve));
    return { outcomes, unhandled };
  });
  assert.deepEqual(unhandled, []);
  for (const [name, outcome] of Object.entries(outcomes)) {
    assert.match(outcome, /^(done|\w+Error)$/, name);
    if (/^(trans|prep|ref[^.]*,).*before/.test(name)) assert.equal(outcome, "AbortError", name);
  }
});

for (const [chunk, call] of Object.entries({
  "loading/runtime.js": "theta.transcribe(sound, {}, both)",
  "wasm/inline.js": "theta.transcribe(sound, {}, both)",
  "transcribe-long/index.js": "theta.transcribeLong(sound, {}, both)",
  "references/index.js": "theta.references.get(sound, { gold_text: 'Wow' }, both)",
  "outbox/index.js": "theta.outbox.resume('x', both)",
  "loading/mp3-encoder.js": "theta.prepare(sound, { format: 'mp3', signal: both.signal })",
  "upload/cross-tab-limiter.js": "theta.transcribe(sound, {}, both)",
})) {
  test(`a call ends though the server never sends ${chunk}`, async () => {
    // A context of its own: browsers open six connections to a host, and a file that is never sent
    // holds one until its page is closed.
    const context = await browser.newContext();
    const own = await context.newPage();
    await own.goto(server.url);
    const outcomes = await own.evaluate(
      async ({ chunk, call }) => {
        const { ThetaOne } = await import(`/without/${chunk}/index.js`);
        const sound = new Blob([await (await fetch("/fixtures/speech.wav")).arrayBuffer()]);
        const startCall = new Function("theta", "sound", "both", `return ${call}`);
        const outcomes = [];
        for (const end of call.includes("deadlineMs") || !call.includes(", both")
          ? ["signal", "dispose"]
          : ["signal", "dispose", "deadline"]) {
          const theta = new ThetaOne({
            baseUrl: "/api",
            shareAcrossTabs: chunk === "upload/cross-tab-limiter.js",
            fetch: async () => Response.json({ text: "x" }),
          });
          const controller = new AbortController();
          const both = { signal: controller.signal, ...(end === "deadline" && { deadlineMs: 50 }) };
          const calling = startCall(theta, sound, both).then(
            () => "done",
            ({ name }) => name,
          );
          await Promise.race([calling, fetch(`/requested/${chunk}`)]);
          if (end === "signal") controller.abort();
          if (end === "dispose") theta.dispose();
          outcomes.push(`${end} ${await calling}`);
        }
        return outcomes;
      },
      { chunk, call },
    );
    await context.close();
    const expected = ["signal AbortError", "dispose AbortError", "deadline TimeoutError"];
    assert.deepEqual(outcomes, expected.slice(0, outcomes.length));
  });
}
