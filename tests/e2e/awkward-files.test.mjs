// Tests of awkward files in a window and in a worker: uploaded correctly, or refused with the right
// reason.

import { strict as assert } from "node:assert";
import { after, before } from "node:test";
import { allFiles, wrongWith } from "../files/all.mjs";
import { install } from "../packaging/installed.mjs";
import { serve } from "./files.mjs";
import { SITE_URL, launch, test } from "./page.mjs";

const TEXTS = {
  "/": "<!doctype html><title>files</title>",
  "/work.js": `
    import * as sdk from "/thetaone-web/index.js";
    import { outcomeOf } from "/files/outcome.mjs";

    /**
     * Resolves to the outcome of a file; see outcome.mjs. Bytes are in base64. In a window, the
     * browser also decodes the upload.
     */
    export async function outcome(index) {
      const bytes = new Uint8Array(await (await fetch("/awkward/" + index)).arrayBuffer());
      const { sent, ...rest } = await outcomeOf(sdk, bytes);
      if (!sent) return rest;
      if (typeof OfflineAudioContext === "function") {
        const context = new OfflineAudioContext(1, 1, 48_000);
        rest.heardSeconds = await context.decodeAudioData(sent.buffer.slice(0)).then(({ duration }) => duration, String);
      }
      let text = "";
      for (let at = 0; at < sent.length; at += 8192) text += String.fromCharCode(...sent.subarray(at, at + 8192));
      return { ...rest, sent: btoa(text) };
    }
  `,
  "/worker.js": `
    import { outcome } from "/work.js";
    onmessage = async ({ data, ports }) => ports[0].postMessage(await outcome(data));
  `,
};

let browser;
let server;
let page;
let installed;
let files;
before(async () => {
  installed = install();
  files = await allFiles(installed.folder);
  const awkward = Object.fromEntries(
    files.map(({ bytes }, index) => [`/awkward/${index}`, Buffer.from(bytes)]),
  );
  const folders = {
    "/thetaone-web/": installed.folder,
    "/files/": new URL("../files/", import.meta.url),
  };
  server = await serve({ ...TEXTS, ...awkward }, folders);
  browser = await launch();
  page = await browser.newPage();
  await page.goto(server.url);
  await page.evaluate(async () => {
    const worker = new Worker("/worker.js", { type: "module" });
    const { outcome } = await import("/work.js");
    globalThis.outcomes = {
      window: outcome,
      worker: (index) =>
        new Promise((resolve, reject) => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = ({ data }) => resolve(data);
          worker.onerror = ({ message }) => reject(new Error(message));
          worker.postMessage(index, [port2]);
        }),
    };
  });
});
after(async () => {
  await browser?.close();
  await server?.close();
  installed?.remove();
});

/**
 * Returns the seconds by which decoders may differ. Some keep the padding of an MP3: two frames and
 * 1,105 samples.
 */
const toleranceOf = (sent) => (sent[0] === 0xff ? 0.2 : 0.002);

/**
 * Resolves to the objection of the browser's decoder or of the emulator's (symphonia) to the
 * upload, or to `undefined`.
 */
async function wrongByOthers({ sent, take, heardSeconds }) {
  if (!sent || heardSeconds === undefined) return undefined;
  const isMp3 = sent[0] === 0xff;
  const form = new FormData();
  form.append(
    "file",
    new Blob([sent], { type: isMp3 ? "audio/mpeg" : "audio/wav" }),
    isMp3 ? "audio.mp3" : "audio.wav",
  );
  const { origin } = new URL(SITE_URL);
  const headers = { origin, "sec-fetch-site": "same-origin" };
  const response = await fetch(`${SITE_URL}/api/theta/transcribe`, {
    method: "POST",
    headers,
    body: form,
  });
  const { metadata, detail } = await response.json();
  if (!response.ok) return `the emulator answers ${response.status}: ${detail}`;
  for (const [who, seconds] of [
    ["browser", heardSeconds],
    ["emulator", metadata.duration_seconds],
  ]) {
    const off = seconds - take.durationSeconds;
    if (!(Math.abs(off) <= toleranceOf(sent)))
      return `the ${who} hears ${seconds} s, the take has ${take.durationSeconds}`;
  }
  return undefined;
}

const TITLES = {
  window: "in a window every file is sent whole and right, or refused with the true reason",
  worker: "in a worker every file is sent whole and right, or refused with the true reason",
};

for (const [where, title] of Object.entries(TITLES)) {
  test(title, async () => {
    const wrong = [];
    for (const [index, file] of files.entries()) {
      const outcome = await page.evaluate(({ where, index }) => globalThis.outcomes[where](index), {
        where,
        index,
      });
      if (outcome.sent) outcome.sent = Uint8Array.from(Buffer.from(outcome.sent, "base64"));
      const problem = wrongWith(file, where, outcome) ?? (await wrongByOthers(outcome));
      if (problem) wrong.push(`${file.name}: ${problem}`);
    }
    console.log(`${files.length} files`);
    assert.deepEqual(wrong, []);
  });
}
