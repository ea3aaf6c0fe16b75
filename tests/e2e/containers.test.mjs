// Tests of awkward recordings in containers, in a window and in a worker. They are converted whole,
// converted with a warning about the missing part, or refused with the right reason.

import { strict as assert } from "node:assert";
import { after, before } from "node:test";
import { containers } from "../files/containers.mjs";
import { install } from "../packaging/installed.mjs";
import { serve } from "./files.mjs";
import { ENGINE, launch, test } from "./page.mjs";

/** By how much a length may differ, in seconds: decoders keep a frame or two. */
const DELTA_SECONDS = 0.025;
/** The length that may be missing without being reported, in seconds. */
const UNNOTICED_SECONDS = 0.2;

/**
 * The cases that `decodeAudioData`, the only decoder of WebKitGTK 2.50.6, rejects or leaves padding
 * in. About one in fifteen of its rejections never settles.
 */
const BEYOND_WEBKITGTK = [
  "OpusHead of version 2",
  "OpusHead of version 15",
  "Ogg with wrong checksums",
  "Ogg with some wrong checksums",
  "two Ogg streams behind each other",
  "a second Opus header in the stream",
  "two Vorbis streams behind each other",
  "firefox.ogg, cut at 0.35",
  "firefox.ogg, bits flipped, 1",
  "firefox.ogg, bits flipped, 2",
  "firefox.ogg, bits flipped, 3",
  "chromium.mp4, whole",
  "AAC in MP4 with iTunSMPB",
  "ADTS in WAVE",
  "FLAC in WAVE",
  // WebKitGTK decodes AMR, although the table says that no engine does.
  "AMR in MP4",
];

const CASES = containers().filter(({ engines }) => engines?.includes(ENGINE) ?? true);

const FILES = {
  "/": "<!doctype html><title>containers</title>",
  "/work.js": `
    import { ThetaOne, ThetaOneError } from "/thetaone-web/index.js";
    export async function prepared(path) {
      const blob = await (await fetch(path)).blob();
      const theta = new ThetaOne({ baseUrl: "/api" });
      try {
        const take = await theta.prepare(blob);
        const samples = new Int16Array((await take.blob.arrayBuffer()).slice(44));
        const rms = Math.sqrt(samples.reduce((sum, s) => sum + s * s, 0) / samples.length);
        return {
          seconds: take.durationSeconds,
          isTruncated: take.warnings?.includes("truncated") ?? false,
          dbfs: 20 * Math.log10(rms / 32768),
        };
      } catch (error) {
        return { reason: ThetaOneError.is(error) ? error.reason : String(error), message: error.message };
      } finally {
        theta.dispose();
      }
    }
  `,
  "/worker.js": `
    import { prepared } from "/work.js";
    onmessage = async ({ data }) => postMessage(await prepared(data));
  `,
};
CASES.forEach(({ bytes }, index) => {
  FILES[`/case/${index}`] = bytes;
});

let browser;
let server;
let page;
let installed;
before(async () => {
  installed = install();
  server = await serve(FILES, { "/thetaone-web/": installed.folder });
  browser = await launch();
  page = await browser.newPage();
  await page.goto(server.url);
  await page.evaluate(() => {
    globalThis.worker = new Worker("/worker.js", { type: "module" });
  });
});
after(async () => {
  await browser?.close();
  await server?.close();
  installed?.remove();
});

const inWindow = (path) =>
  page.evaluate(async (path) => (await import("/work.js")).prepared(path), path);
const inWorker = (path) =>
  page.evaluate(
    (path) =>
      new Promise((resolve, reject) => {
        globalThis.worker.onmessage = ({ data }) => resolve(data);
        globalThis.worker.onerror = ({ message }) => reject(new Error(message));
        globalThis.worker.postMessage(path);
      }),
    path,
  );

function check(
  { seconds, whole, isTruncated = false, reason, delta = DELTA_SECONDS, dbfs },
  result,
) {
  const text = JSON.stringify(result);
  if (reason) {
    assert.equal(result.reason, reason, text);
  } else if (whole) {
    if (result.reason) assert.ok(["truncated", "undecodable"].includes(result.reason), text);
    else
      assert.ok(
        result.isTruncated || Math.abs(result.seconds - whole) < UNNOTICED_SECONDS,
        `${text}, whole: ${whole} s`,
      );
  } else {
    assert.ok(Math.abs(result.seconds - seconds) < delta, `${text}, not ${seconds} s`);
    assert.equal(result.isTruncated, isTruncated, text);
    if (dbfs) assert.ok(Math.abs(result.dbfs - dbfs) < 0.5, `${text}, not ${dbfs} dBFS`);
  }
}

for (const [index, { name, expect }] of CASES.entries()) {
  const path = `/case/${index}`;
  const inTheWindow = BEYOND_WEBKITGTK.includes(name)
    ? "in a window, beyond WebKitGTK: "
    : "in a window: ";

  test(`${inTheWindow}${name}: all of it, or a word of what is missing`, async () => {
    check(expect, await inWindow(path));
  });

  test(`in a worker as in a window: ${name}`, async () => {
    const [window, worker] = [await inWindow(path), await inWorker(path)];
    check(expect, worker);
    assert.equal(
      worker.reason,
      window.reason,
      `${JSON.stringify(window)} ${JSON.stringify(worker)}`,
    );
    if (window.seconds)
      assert.ok(
        Math.abs(window.seconds - worker.seconds) < 0.002,
        `${window.seconds} ${worker.seconds}`,
      );
  });
}
