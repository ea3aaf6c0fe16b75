// Tests of minutes of speech, sent in parts over real HTTP.

import { strict as assert } from "node:assert";
import { readFile } from "node:fs/promises";
import { after, before } from "node:test";
import { ENGINE, SPEECH, forget, launch, onPage, requests, test } from "./page.mjs";

/** The repetitions of the sentence: about three minutes, in one WAV that is uploaded unchanged. */
const TIMES = 60;
const PACKAGE = new URL("../../pkg/", import.meta.url);

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/**
 * Runs `steps` on a page that has the package as `sdk` and the recording as `recording`. Both come
 * from the page's own origin.
 */
function withRecording(steps) {
  return onPage(browser, {}, async (page) => {
    await page.route("**/pkg/**", async (route) => {
      const name = new URL(route.request().url()).pathname.replace("/pkg/", "");
      await route.fulfill({
        contentType: "text/javascript",
        body: await readFile(new URL(name, PACKAGE)),
      });
    });
    await page.route("**/speech.wav", (route) =>
      route.fulfill({ contentType: "audio/wav", path: SPEECH }),
    );
    await page.evaluate(async (times) => {
      globalThis.sdk = await import("/pkg/index.js");
      const sentence = await (await fetch("/speech.wav")).arrayBuffer();
      const samples = sentence.slice(44);
      const header = new DataView(sentence.slice(0, 44));
      header.setUint32(4, 36 + samples.byteLength * times, true);
      header.setUint32(40, samples.byteLength * times, true);
      globalThis.recording = new Blob([header, ...Array(times).fill(samples)]);
    }, TIMES);
    await steps(page);
  });
}

const speechOf = (answers) =>
  answers.reduce((sum, { metadata }) => sum + metadata.speech_seconds, 0);

// Chromium loses a stream that nothing else refers to; see blobs.js.
test("files are read to their end, also while the browser collects garbage", async () => {
  await withRecording(async (page) => {
    const devtools =
      ENGINE === "chromium" ? await page.context().newCDPSession(page) : { send: async () => {} };
    let isDone = false;
    const preparing = page
      .evaluate(async () => {
        const theta = new globalThis.sdk.ThetaOne({ baseUrl: "/api/theta" });
        await theta.ready();
        const copies = Array.from({ length: 4 }, () => theta.prepare(globalThis.recording));
        return (await Promise.all(copies)).map(
          ({ blob }) => blob.size === globalThis.recording.size,
        );
      })
      .finally(() => {
        isDone = true;
      });
    while (!isDone) {
      await devtools.send("HeapProfiler.collectGarbage");
      await page.waitForTimeout(1);
    }
    assert.deepEqual(await preparing, Array(4).fill(true));
  });
});

test("minutes of speech arrive in parts, all of it, though one part fails once", async () => {
  await forget();
  await withRecording(async (page) => {
    const { whole, long, told } = await page.evaluate(async () => {
      const { ThetaOne } = globalThis.sdk;
      const plain = new ThetaOne({ baseUrl: "/api/theta" });
      const whole = await plain.transcribe(globalThis.recording);
      let sent = 0;
      const theta = new ThetaOne({
        baseUrl: "/api/theta",
        headers: () => ({ "x-demo-scenario": ++sent === 2 ? "server-error-once" : "ok" }),
        retry: { baseDelayMs: 20 },
      });
      const told = [];
      const long = await theta.transcribeLong(
        globalThis.recording,
        {},
        { onProgress: (progress) => told.push(progress) },
      );
      return { whole, long, told };
    });
    const [, ...arrived] = await requests();
    const served = arrived.filter(({ status }) => status === 200).map(({ file }) => file);
    assert.deepEqual(
      arrived.filter(({ status }) => status !== 200).map(({ status }) => status),
      [500],
    );
    assert.equal(served.length, long.parts.length);
    assert.ok(long.parts.length >= 4 && long.parts.length <= 6, `${long.parts.length} parts`);
    for (const { sampleRate, channels, durationSeconds } of served) {
      assert.deepEqual([sampleRate, channels], [48000, 1]);
      assert.ok(durationSeconds <= 50, `${durationSeconds} s`);
    }
    assert.ok(long.parts.every(({ cutMidSpeech }) => !cutMidSpeech));
    assert.equal(long.text, long.parts.map(({ text }) => text).join(" "));
    assert.equal(long.text_type, whole.text_type);
    // The emulator detects speech in another way. By its measure, too, no speech is missing or
    // repeated.
    const speechSeconds = speechOf(long.parts.map(({ result }) => result));
    assert.ok(
      Math.abs(speechSeconds - speechOf([whole])) < 1,
      `${speechSeconds} s of ${speechOf([whole])} s`,
    );
    const paid = served.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0);
    assert.ok(Math.abs(long.estimatedCredits - paid * 0.0004) < 1e-6);
    const { partsDone, partsTotal, doneSeconds, totalSeconds } = told.at(-1);
    assert.deepEqual([partsDone, doneSeconds], [partsTotal, totalSeconds]);
  });
});

test("credits that run out end it, and what is done needs not be paid again", async () => {
  await forget();
  await withRecording(async (page) => {
    const { failed, first, text } = await page.evaluate(async () => {
      const { PaymentRequiredError, ThetaOne } = globalThis.sdk;
      let sent = 0;
      const headers = () => ({ "x-demo-scenario": ++sent === 2 ? "no-credits" : "ok" });
      const theta = new ThetaOne({ baseUrl: "/api/theta", headers, maxConcurrent: 1 });
      const error = await theta.transcribeLong(globalThis.recording).catch((error) => error);
      if (!(error instanceof PaymentRequiredError)) throw error;
      const partial = JSON.parse(JSON.stringify(error.partial));
      const long = await theta.transcribeLong(globalThis.recording, {}, { resume: partial });
      return { failed: { ...partial }, first: partial.parts[0].text, text: long.text };
    });
    assert.deepEqual(
      failed.parts.map(({ index }) => index),
      [0],
    );
    assert.deepEqual(
      failed.failed.map(({ index, error }) => [index, error.code]),
      [[1, "PAYMENT_REQUIRED"]],
    );
    assert.ok(failed.notSent.length >= 2);
    assert.ok(text.startsWith(first));
    const total = 1 + failed.failed.length + failed.notSent.length;
    assert.equal((await requests()).filter(({ status }) => status === 200).length, total);
  });
});
