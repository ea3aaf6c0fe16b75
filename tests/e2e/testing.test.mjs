// Tests of thetaone-web/testing in a browser, whose globals are harder to replace than Node's.

import { strict as assert } from "node:assert";
import { after, before } from "node:test";
import { install } from "../packaging/installed.mjs";
import { serve } from "./files.mjs";
import { launch, test } from "./page.mjs";

let browser;
let installed;
let files;
let page;

before(async () => {
  installed = install();
  files = await serve(
    { "/": "<!doctype html><title>testing</title>" },
    { "/thetaone-web/": installed.folder },
  );
  browser = await launch();
  page = await browser.newPage();
  await page.goto(files.url);
});
after(async () => {
  await browser?.close();
  await files?.close();
  installed?.remove();
});

test("a page is recorded, retried and restored, in no time", async () => {
  const outcome = await page.evaluate(async () => {
    const { ThetaOne } = await import("/thetaone-web/index.js");
    const { answers, fakeMicrophone, scriptedFetch, seededRandom, toneWav, virtualClock } =
      await import("/thetaone-web/testing.js");
    const replaced = () => [
      globalThis.setTimeout,
      globalThis.clearInterval,
      globalThis.Date,
      performance.now,
      Math.random,
      AbortSignal.timeout,
      globalThis.AudioContext,
      globalThis.MediaRecorder,
      navigator.mediaDevices,
      Blob.prototype.arrayBuffer,
    ];
    const originals = replaced();
    const started = performance.now();
    const audio = toneWav({ seconds: 2 });
    // The core is loaded before the fakes are installed.
    const theta = new ThetaOne({ baseUrl: "/api" });
    await theta.ready();

    const [clock, random] = [virtualClock().install(), seededRandom(7).install()];
    const microphone = fakeMicrophone({ audio }).install();
    const during = replaced();
    const levels = [];
    let stopped;
    const heard = await theta.record({
      stopOnSilenceSeconds: 1,
      onLevel: ({ rmsDbfs }) => levels.push(rmsDbfs),
      onStop: ({ reason }) => {
        stopped = reason;
      },
    });
    await clock.advance(10_000);
    const { stopReason } = await heard.stop();
    const recorder = await theta.record({ capture: "pcm" });
    const take = await recorder.stop();
    const steps = [
      answers.rateLimited({ retryAfterSeconds: 5 }),
      answers.serverError(),
      answers.transcribe({ text: "hi" }),
    ];
    const fetch = scriptedFetch(steps.map((step) => ({ ...step, delayMs: 100 })));
    const at = clock.elapsedMs;
    const { text } = await clock.until(
      new ThetaOne({ baseUrl: "/api", fetch, retry: { baseDelayMs: 0 } }).transcribe(take),
    );
    const took = clock.elapsedMs - at;
    const sent = new Uint8Array(await fetch.requests[2].audio.arrayBuffer());
    const given = new Uint8Array(await audio.arrayBuffer());
    fetch.assertDone();
    for (const one of [clock, random, microphone]) one.uninstall();

    return {
      stopped,
      stopReason,
      levels: levels.length,
      loudest: Math.max(...levels),
      text,
      took,
      requests: fetch.requests.length,
      same: sent.length === given.length && sent.every((byte, n) => byte === given[n]),
      untouched: during.filter((one, n) => one === originals[n]).length,
      left: replaced().filter((one, n) => one !== originals[n]).length,
      realMs: performance.now() - started,
    };
  });
  assert.deepEqual([outcome.stopped, outcome.stopReason], ["silence", "silence"]);
  assert.ok(outcome.levels > 50 && outcome.loudest > -14.5, JSON.stringify(outcome));
  assert.equal(outcome.text, "hi");
  assert.equal(outcome.took, 5300);
  assert.equal(outcome.requests, 3);
  assert.ok(outcome.same, "what the microphone was given is what is sent");
  assert.equal(outcome.untouched, 0);
  assert.equal(outcome.left, 0);
  assert.ok(outcome.realMs < 60_000, String(outcome.realMs));
});

test("a refused microphone is a refused one here too", async () => {
  const reasons = await page.evaluate(async () => {
    const { ThetaOne } = await import("/thetaone-web/index.js");
    const { fakeMicrophone } = await import("/thetaone-web/testing.js");
    const theta = new ThetaOne({ baseUrl: "/api" });
    const reasons = [];
    for (const refuse of ["denied", "not_found", "busy", "insecure_context", "unsupported"]) {
      const microphone = fakeMicrophone({ refuse }).install();
      reasons.push(
        await theta.record().then(
          () => "none",
          ({ reason }) => reason,
        ),
      );
      microphone.uninstall();
    }
    // The browser's own microphone is restored.
    const recorder = await theta.record();
    recorder.cancel();
    return [...reasons, recorder.state];
  });
  assert.deepEqual(reasons, [
    "denied",
    "not_found",
    "busy",
    "insecure_context",
    "unsupported",
    "cancelled",
  ]);
});
