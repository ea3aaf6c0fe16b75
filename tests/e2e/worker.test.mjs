// Tests of recordings in a worker, which has no OfflineAudioContext, compared with a window. The
// packed package is served without a bundler.

import { strict as assert } from "node:assert";
import { after, before } from "node:test";
import { install } from "../packaging/installed.mjs";
import { ENGINE, launch, test } from "./page.mjs";
import { serve } from "./files.mjs";

const recordings = new URL("../fixtures/recordings/", import.meta.url);
const FILES = {
  "/": "<!doctype html><title>worker</title>",
  "/work.js": `
    import { ThetaOne, ThetaOneError } from "/thetaone-web/index.js";
    const shown = (error) => ({
      typed: ThetaOneError.is(error), name: error.name, reason: error.reason, message: error.message,
    });
    const answer = { text: "hi", text_type: "en" };
    /** Converts a file. Resolves to the properties of the take or of the error. */
    export async function prepared(name, { cut = 1, damage = [], abort } = {}) {
      const bytes = new Uint8Array(await (await fetch("/recordings/" + name)).arrayBuffer());
      for (const at of damage) bytes.fill(0xff, at, at + 40);
      const theta = new ThetaOne({ baseUrl: "/api" });
      const controller = new AbortController();
      if (abort === "at once") setTimeout(() => controller.abort());
      // Called where blocks are decoded one by one.
      globalThis.onBlock = () => abort === "at the first block" && controller.abort();
      try {
        const take = await theta.prepare(bytes.slice(0, bytes.length * cut), { signal: controller.signal });
        const samples = new Int16Array((await take.blob.arrayBuffer()).slice(44));
        const rms = Math.sqrt(samples.reduce((sum, s) => sum + s * s, 0) / samples.length);
        return { seconds: samples.length / 16000, dbfs: 20 * Math.log10(rms / 32768), isTruncated: take.warnings?.includes("truncated") };
      } catch (error) {
        return { error: shown(error) };
      }
    }
    export async function uploaded(name) {
      const bytes = await (await fetch("/recordings/" + name)).arrayBuffer();
      let sent;
      const theta = new ThetaOne({
        baseUrl: "/api",
        fetch: async (url, { body }) => {
          sent = body.get("file");
          return Response.json(answer);
        },
      });
      const { text } = await theta.transcribe(bytes);
      return { text, type: sent.type, head: new TextDecoder("latin1").decode((await sent.arrayBuffer()).slice(0, 4)) };
    }
    export async function encoded(name) {
      const bytes = await (await fetch("/recordings/" + name)).arrayBuffer();
      const theta = new ThetaOne({ baseUrl: "/api" });
      const { blob, durationSeconds } = await theta.prepare(bytes, { format: "mp3" });
      const again = await theta.prepare(blob);
      return { type: blob.type, durationSeconds, again: again.durationSeconds, heard: "rmsDbfs" in again };
    }
    export async function together(names) {
      return Promise.all(names.map((name) => prepared(name)));
    }
    export async function withoutDecoder(name, options) {
      const { AudioDecoder } = globalThis;
      delete globalThis.AudioDecoder;
      try {
        return await prepared(name, options);
      } finally {
        globalThis.AudioDecoder = AudioDecoder;
      }
    }
    /** Simulates Safari, whose decodeAudioData may reject. Counts the decoders that are used. */
    export async function inSafari(name, { refuses }) {
      const { AudioDecoder } = globalThis;
      const { decodeAudioData } = OfflineAudioContext.prototype;
      const counts = { decoders: 0, wholes: 0 };
      if (!("line" in new Error())) Error.prototype.line = 1;
      Object.defineProperty(navigator, "platform", { value: "MacIntel", configurable: true });
      globalThis.AudioDecoder = class extends AudioDecoder {
        constructor(init) {
          super(init);
          counts.decoders++;
        }
      };
      OfflineAudioContext.prototype.decodeAudioData = function (bytes) {
        counts.wholes++;
        return refuses ? Promise.reject(new DOMException("no", "EncodingError")) : decodeAudioData.call(this, bytes);
      };
      try {
        return { ...(await prepared(name)), ...counts };
      } finally {
        globalThis.AudioDecoder = AudioDecoder;
        // decodeAudioData is inherited from BaseAudioContext.
        delete OfflineAudioContext.prototype.decodeAudioData;
        delete Error.prototype.line;
        delete navigator.platform;
      }
    }
    /** Counts the decoders and decoded blocks that are not closed. */
    export async function leaks(name, options) {
      const { AudioDecoder } = globalThis;
      const decoders = [];
      let open = 0;
      let most = 0;
      globalThis.AudioDecoder = class extends AudioDecoder {
        constructor({ output, error }) {
          super({
            output: (data) => {
              most = Math.max(most, ++open);
              globalThis.onBlock();
              const close = data.close.bind(data);
              data.close = () => {
                open--;
                close();
              };
              output(data);
            },
            error,
          });
          decoders.push(this);
        }
      };
      try {
        const result = await prepared(name, options);
        const isOpen = () => open > 0 || decoders.some(({ state }) => state !== "closed");
        while (isOpen()) await new Promise((resolve) => setTimeout(resolve));
        return { result, open, most, states: decoders.map(({ state }) => state) };
      } finally {
        globalThis.AudioDecoder = AudioDecoder;
      }
    }
  `,
  "/worker.js": `
    import * as work from "/work.js";
    onmessage = async ({ data: { name, args } }) => postMessage(await work[name](...args));
  `,
};

let browser;
let server;
let page;
let installed;
before(async () => {
  installed = install();
  server = await serve(FILES, { "/thetaone-web/": installed.folder, "/recordings/": recordings });
  browser = await launch();
  page = await browser.newPage();
  await page.goto(server.url);
});
after(async () => {
  await browser?.close();
  await server?.close();
  installed?.remove();
});

/** Calls a function of work.js in a fresh worker. */
const inWorker = (name, ...args) =>
  page.evaluate(
    ({ name, args }) =>
      new Promise((resolve, reject) => {
        const worker = new Worker("/worker.js", { type: "module" });
        worker.onmessage = ({ data }) => {
          worker.terminate();
          resolve(data);
        };
        worker.onerror = ({ message }) => reject(new Error(message));
        worker.postMessage({ name, args });
      }),
    { name, args },
  );

const inWindow = (name, ...args) =>
  page.evaluate(async ({ name, args }) => (await import("/work.js"))[name](...args), {
    name,
    args,
  });

for (const name of [
  "chromium.webm",
  "chromium.mp4",
  "firefox.webm",
  "firefox.ogg",
  "aac.m4a",
  "fragmented-aac.mp4",
  "speech.flac",
  "speech.aac",
  "vorbis.ogg",
]) {
  test(`in a worker as in a window: ${name} is the same take`, async () => {
    const window = await inWindow("prepared", name);
    const worker = await inWorker("prepared", name);
    const late = worker.seconds - window.seconds;
    assert.ok(Math.abs(late) < 0.001, `${late} s more than in the window`);
    assert.ok(
      Math.abs(worker.dbfs - window.dbfs) < 0.2,
      `${worker.dbfs} dBFS, ${window.dbfs} in the window`,
    );
  });
}

// The largest difference between decoding a file at once and in parts. At once, Firefox and WebKit
// cut off the start of AAC, although nothing marks it as padding, and keep the end of Ogg.
const FILLING_SECONDS = 0.05;

for (const name of ["chromium.webm", "firefox.ogg", "aac.m4a", "vorbis.ogg"]) {
  test(`in a window: ${name} is the same take without WebCodecs`, async () => {
    const inParts = await inWindow("prepared", name);
    const atOnce = await inWindow("withoutDecoder", name);
    assert.ok(
      Math.abs(inParts.seconds - atOnce.seconds) < FILLING_SECONDS,
      `${inParts.seconds} s, ${atOnce.seconds} s`,
    );
    assert.ok(Math.abs(inParts.dbfs - atOnce.dbfs) < 0.3, `${inParts.dbfs} dBFS, ${atOnce.dbfs}`);
  });
}

test("a window detects a cut recording without WebCodecs too", async () => {
  for (const name of ["firefox.ogg", "speech.flac", "chromium.webm"]) {
    const { isTruncated, error } = await inWindow("withoutDecoder", name, { cut: 0.7 });
    // Firefox cannot decode a FLAC that is cut off.
    if (ENGINE === "firefox" && name === "speech.flac")
      assert.equal(error?.reason, "truncated", name);
    else assert.equal(isTruncated, true, name);
  }
});

test("in a window, beyond WebKitGTK: damage is undecodable without WebCodecs, and not a codec that is not supported", async () => {
  const { error } = await inWindow("withoutDecoder", "chromium.webm", { damage: [30] });
  assert.deepEqual([error?.typed, error?.reason], [true, "undecodable"]);
});

test("in a window: a short file in Safari needs no AudioDecoder", async () => {
  const { seconds, decoders, wholes } = await inWindow("inSafari", "chromium.webm", {
    refuses: false,
  });
  assert.ok(seconds > 2, `${seconds} s`);
  assert.deepEqual([decoders, wholes], [0, 1]);
});

test("in a window, beyond WebKitGTK: Safari asks the AudioDecoder where decodeAudioData refuses", async () => {
  const { seconds, decoders, wholes } = await inWindow("inSafari", "chromium.webm", {
    refuses: true,
  });
  assert.ok(seconds > 2, `${seconds} s`);
  assert.deepEqual([decoders, wholes], [1, 1]);
});

test("a worker decodes a recording or says that it cannot, and the page goes on", async () => {
  for (const name of ["chromium.webm", "vorbis.ogg", "aac.m4a", "speech.flac"]) {
    const { seconds, error } = await inWorker("prepared", name);
    if (ENGINE === "webkit")
      assert.deepEqual([error?.typed, error?.reason], [true, "unsupported_codec"], name);
    else assert.ok(seconds > 0.9, name);
    assert.equal(await page.evaluate(() => document.title), "worker");
  }
});

test("a recording is uploaded as WAV", async () => {
  assert.deepEqual(await inWorker("uploaded", "chromium.webm"), {
    text: "hi",
    type: "audio/wav",
    head: "RIFF",
  });
});

test("a worker converts a recording to MP3 without decoding MP3", async () => {
  const worker = await inWorker("encoded", "chromium.webm");
  assert.deepEqual([worker.type, worker.heard], ["audio/mpeg", false]);
  assert.ok(Math.abs(worker.durationSeconds - worker.again) < 1e-9);
});

test("several are decoded at a time, with one demuxer", async () => {
  const takes = await inWorker("together", [
    "chromium.webm",
    "firefox.ogg",
    "chromium.mp4",
    "chromium.webm",
  ]);
  assert.ok(takes.every(({ seconds }) => seconds > 2));
  assert.deepEqual(takes[3], takes[0]);
});

test("a recording that was cut off is a shorter take", async () => {
  const whole = await inWorker("prepared", "chromium.webm");
  const cut = await inWorker("prepared", "chromium.webm", { cut: 0.7 });
  assert.ok(
    cut.seconds > whole.seconds * 0.6 && cut.seconds < whole.seconds * 0.75,
    `${cut.seconds} s`,
  );
});

test("a recording that was cut off before its index is truncated", async () => {
  const { error } = await inWorker("prepared", "aac.m4a", { cut: 0.7 });
  assert.deepEqual(
    [error.typed, error.name, error.reason],
    [true, "InvalidAudioError", "truncated"],
  );
  assert.match(error.message, /mp4/);
});

test("a broken header is undecodable", async () => {
  for (const name of ["chromium.webm", "firefox.ogg", "chromium.mp4"]) {
    const { error } = await inWorker("prepared", name, { damage: [30] });
    assert.deepEqual(
      [error?.typed, error?.name, error?.reason],
      [true, "InvalidAudioError", "undecodable"],
      name,
    );
  }
});

test("a worker without AudioDecoder says what it takes", async () => {
  const { error } = await inWorker("withoutDecoder", "chromium.webm");
  assert.deepEqual([error.typed, error.reason], [true, "unsupported_codec"]);
  assert.match(error.message, /webm.*WAV or MP3/);
});

test("decoder and demuxer are closed on success, error and abort", async () => {
  for (const [options, ends] of [
    [{}, ({ seconds }) => seconds > 2],
    [{ damage: [6000] }, () => true],
    [{ abort: "at once" }, ({ error }) => error?.name === "AbortError"],
    [
      { abort: "at the first block" },
      ({ error, seconds }) => error?.name === "AbortError" || seconds > 2,
    ],
  ]) {
    for (const inPlace of [inWorker, inWindow]) {
      const { result, open, most, states } = await inPlace("leaks", "chromium.webm", options);
      assert.ok(ends(result), JSON.stringify(result));
      assert.equal(open, 0);
      assert.ok(most <= 1, `${most} blocks at a time`);
      assert.ok(
        states.every((state) => state === "closed"),
        `${states}`,
      );
    }
  }
});
