// Tests of the page that tests the device it is opened on.

import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before } from "node:test";
import { ENGINE, launch, test } from "./page.mjs";
import { chirpPeriod, measureChirps } from "../../www-demo/src/self-test/chirps.js";
import { launchWithTones, runSelfTest, serveDemo } from "./self-test-page.mjs";

const STEPS = [
  "environment",
  "audioContext",
  "worklet",
  "microphone",
  "load",
  "recordEncoded",
  "recordPcm",
  "streamEncoded",
  "streamPcm",
  "decode",
  "convert",
  "trim",
  "mp3",
  "upload",
  "outboxStore",
  "outboxResume",
];
const PASSES = { status: /^pass$/ };
const LOSES_SOUND = {
  status: /^(pass|fail)$/,
  reason: /^(the take is (shorter|longer) than|samples are missing|the recording holds more)/,
};
/** The steps that do not pass in every run, with the reasons. All others pass. */
const DIFFERENCES = {
  chromium: {},
  // On a busy machine, PulseAudio drops sound: it has no real-time priority here.
  firefox: { recordEncoded: LOSES_SOUND, recordPcm: LOSES_SOUND },
  // WebKitGTK's recorder adds and drops up to 1.4 s of sound; see engines.json. And on a busy machine
  // its context inserts silence into a stream.
  webkit: { recordEncoded: LOSES_SOUND, streamEncoded: LOSES_SOUND, streamPcm: LOSES_SOUND },
}[ENGINE];
/** The source of the sound in the recordings of the microphone. */
const HEARD = ENGINE === "webkit" ? /^(speech|sound)$/ : /^tones$/;

/** The outcomes of recordings in tests that are not about them. */
const ANY_RECORDINGS = {
  recordEncoded: LOSES_SOUND,
  recordPcm: LOSES_SOUND,
  streamEncoded: LOSES_SOUND,
  streamPcm: LOSES_SOUND,
};

/** Asserts that the steps have the outcomes `expected`, and that all others pass. */
function assertOutcomes(steps, expected) {
  assert.deepEqual(
    steps.map(({ id }) => id),
    STEPS,
  );
  for (const { id, status, reason } of steps) {
    const outcome = expected[id] ?? PASSES;
    assert.match(status, outcome.status, `${id}: ${status}, ${reason}`);
    if (status === "pass") assert.equal(reason, undefined, id);
    else assert.match(reason, outcome.reason, id);
  }
}

const needs = (id) => ({ status: /^not available$/, reason: new RegExp(`needs the step "${id}"`) });

/** The outcomes of recordings in a page without an audio context. */
const NO_RECORDINGS = {
  audioContext: { status: /^fail$/, reason: /there is no AudioContext$/ },
  worklet: { status: /^not available$/, reason: /^there is no AudioWorklet$/ },
  ...Object.fromEntries(
    ["recordEncoded", "recordPcm", "streamEncoded", "streamPcm"].map((id) => [
      id,
      needs("audioContext"),
    ]),
  ),
};

/** Outside a click, WebKit starts no audio context unless a microphone is open. */
const NO_CONTEXT = { status: /^not available$/, reason: /^the audio worklet did not start/ };

let tones;
/** A run, which the first tests examine. */
let complete;
before(async () => {
  tones = await launchWithTones();
  complete = await runSelfTest(tones.browser);
});
after(async () => {
  await complete?.close();
  await tones.close();
});

test("the self-test passes, and continues after it has reloaded the page", async (t) => {
  const { text, summary, steps, step, page, problems } = complete;
  assert.deepEqual(problems, []);
  t.diagnostic(text.split("```")[0]);
  assertOutcomes(steps, DIFFERENCES);
  assert.ok(summary.seconds < 60, `${summary.seconds} s`);
  for (const id of ["recordEncoded", "recordPcm"]) {
    const { heard, firstSoundMs, rmsDbfs } = step(id).numbers;
    assert.match(heard, HEARD);
    assert.ok(firstSoundMs > 0 && firstSoundMs < 5_000, `${firstSoundMs} ms`);
    assert.ok(rmsDbfs > -40, `${rmsDbfs} dBFS`);
  }
  assert.ok(step("upload").numbers.progressReports > 0);
  assert.equal(step("outboxStore").numbers.state, "sending");
  assert.equal(step("outboxResume").numbers.left, 0);
  const type = await page.evaluate(() => performance.getEntriesByType("navigation")[0].type);
  assert.equal(type, "reload");
  assert.match(await page.getByTestId("status").textContent(), /^Done: 1\d passed/);
});

test("the report holds no audio, no key and no device", async () => {
  const { text, summary, page } = complete;
  const devices = await page.evaluate(async () =>
    (await navigator.mediaDevices.enumerateDevices()).flatMap(({ deviceId, groupId, label }) => [
      deviceId,
      groupId,
      label,
    ]),
  );
  for (const secret of devices.filter((value) => value.length > 7)) {
    assert.ok(!text.includes(secret), secret);
  }
  assert.doesNotMatch(text, /sk-theta/);
  // The longest word is a name of a file or of a codec: audio would be longer.
  const longest = Math.max(...text.split(/[^\w+/=]+/).map((word) => word.length));
  assert.ok(longest < 60, `a word of ${longest} characters`);
  assert.ok(text.length < 10_000, `${text.length} characters`);
  assert.equal(summary.userAgent, await page.evaluate(() => navigator.userAgent));
  assert.match(summary.package, /^thetaone-web \d+\.\d+\.\d+$/);
  assert.equal(summary.engine, { chromium: "Blink", firefox: "Gecko", webkit: "WebKit" }[ENGINE]);
});

test("the report can be copied without a clipboard, and leads to the issue tracker", async () => {
  const { page } = complete;
  await page.evaluate(() => {
    Object.defineProperty(navigator, "clipboard", { value: undefined });
  });
  await page.getByTestId("copy").click();
  await page.waitForFunction(() => {
    const area = document.getElementById("report-text");
    return area.selectionEnd - area.selectionStart === area.value.length;
  });
  assert.match(await page.getByTestId("copy-status").textContent(), /selected/);
  const { bugs } = JSON.parse(
    readFileSync(new URL("../../pkg-template/package.json", import.meta.url), "utf8"),
  );
  assert.equal(await page.getByTestId("issues").isVisible(), bugs?.url !== undefined);
});

/** The responses of a demo whose core does not load, for `serveDemo`. */
const withoutCore = (_, path) => (path.startsWith("/assets/inline-") ? { status: 404 } : undefined);

test("without the core, the steps that need it are not available, and the others pass", async () => {
  const demo = await serveDemo(withoutCore);
  try {
    const { steps, summary, close } = await runSelfTest(tones.browser, { url: demo.url });
    await close();
    const later = STEPS.slice(STEPS.indexOf("load") + 1);
    assertOutcomes(steps, {
      ...Object.fromEntries(later.map((id) => [id, needs("load")])),
      load: { status: /^fail$/, reason: /^WasmLoadError \(WASM_LOAD_FAILED/ },
      outboxResume: needs("outboxStore"),
    });
    assert.deepEqual([summary.passed, summary.failed, summary.notAvailable], [4, 1, 11]);
    assert.ok(demo.counts.intercepted > 0);
  } finally {
    await demo.close();
  }
});

test("with the microphone refused, the rest is tested, in Korean too", async () => {
  const browser = await launch({ allow: false });
  const prepare = async (page) => {
    // The mock microphone of WebKitGTK cannot be refused.
    if (ENGINE === "webkit") await page.evaluate(refuseMicrophone);
    await page.getByTestId("language").selectOption("ko");
    assert.equal(await page.getByTestId("start").textContent(), "테스트 시작");
  };
  try {
    const { steps, page } = await runSelfTest(browser, { prepare });
    assertOutcomes(steps, {
      ...ANY_RECORDINGS,
      microphone: { status: /^fail$/, reason: /^MicrophoneError \(MICROPHONE, denied\)/ },
      recordEncoded: needs("microphone"),
      recordPcm: needs("microphone"),
      ...(ENGINE === "webkit" && { streamPcm: NO_CONTEXT }),
    });
    const status = await page.getByTestId("status").textContent();
    assert.match(status, /^완료: 통과 \d+개, 실패 [1-9]개/);
    assert.equal(await page.evaluate(() => document.documentElement.lang), "ko");
  } finally {
    await browser.close();
  }
});

function refuseMicrophone() {
  // WebKit collects the object, with the properties set on it, if nothing refers to it.
  globalThis.mediaDevices = navigator.mediaDevices;
  globalThis.mediaDevices.getUserMedia = async () => {
    throw new DOMException("refused", "NotAllowedError");
  };
}

test("with uploads refused, the report says so, and nothing stays in the outbox", async () => {
  const detail = "Insufficient credits, please check your credit balance";
  const demo = await serveDemo((method) =>
    method === "POST" ? { status: 402, json: { detail } } : undefined,
  );
  try {
    // The sound is tested above.
    const prepare = (page) => page.evaluate(() => void delete globalThis.AudioContext);
    const { steps, page, close } = await runSelfTest(tones.browser, { url: demo.url, prepare });
    const refused = {
      status: /^fail$/,
      reason: /^PaymentRequiredError \(PAYMENT_REQUIRED, insufficient_credits\)/,
    };
    assertOutcomes(steps, { ...NO_RECORDINGS, upload: refused, outboxResume: refused });
    assert.equal(await page.evaluate(countStored), 0);
    await close();
    // One for each of the two steps: neither is retried.
    assert.equal(demo.counts.intercepted, 2);
  } finally {
    await demo.close();
  }
});

/** Resolves to the number of recordings in the outbox. */
function countStored() {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open("thetaone-web");
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const counting = opening.result.transaction("outbox").objectStore("outbox").count();
      counting.onsuccess = () => resolve(counting.result);
    };
  });
}

test("the self-test is usable on a phone, by keyboard and with a screen reader", async () => {
  // A short run, whose report has every kind of outcome.
  const demo = await serveDemo(withoutCore);
  const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core"), "utf8");
  const assertUsable = async (page) => {
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      await page.evaluate(axe);
      const violations = await page.evaluate(async () =>
        (await globalThis.axe.run()).violations.map(({ id, nodes }) => [
          id,
          ...nodes.map(({ failureSummary, target }) => `${target}: ${failureSummary}`),
        ]),
      );
      assert.deepEqual(violations, []);
      assert.ok(await page.evaluate(() => document.scrollingElement.scrollWidth <= 320));
    }
  };
  const context = await tones.browser.newContext({ viewport: { width: 320, height: 640 } });
  try {
    const page = await context.newPage();
    await page.goto(`${demo.url}/self-test.html`);
    await assertUsable(page);
    await page.evaluate(() => {
      const status = document.getElementById("status");
      globalThis.statuses = [];
      new MutationObserver(() => globalThis.statuses.push(status.textContent)).observe(status, {
        childList: true,
      });
    });
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.id), "start");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => !document.getElementById("report").hidden);
    const statuses = await page.evaluate(() => globalThis.statuses);
    assert.ok(
      statuses.some((status) => /^Step \d/.test(status)),
      `${statuses}`,
    );
    await assertUsable(page);
    // The report of the whole run.
    await complete.page.setViewportSize({ width: 320, height: 640 });
    await assertUsable(complete.page);
  } finally {
    await context.close();
    await demo.close();
  }
});

test("chirps show how many samples of a recording are missing", () => {
  const rate = 16_000;
  const period = chirpPeriod(rate);
  const played = (from, length) =>
    Array.from({ length }, (_, n) => period[(from + n) % period.length]);
  const measured = (parts) => measureChirps(Float32Array.from(parts.flat()), rate);
  const near = (actual, expected) =>
    assert.ok(Math.abs(actual - expected) < 0.1, `${actual} instead of ${expected}`);

  const whole = measured([played(3_217, 40_000)]);
  near(whole.lostMs, 0);
  near(whole.insertedMs, 0);
  near(1000 * whole.headSeconds, (1000 * 3_217) / rate);
  for (const lost of [80, 1_000, 5_000]) {
    const { lostMs, insertedMs } = measured([played(0, 20_000), played(20_000 + lost, 20_000)]);
    near(lostMs, (1000 * lost) / rate);
    near(insertedMs, 0);
  }
  const silence = Array.from({ length: 1_000 }, () => 0);
  const { insertedMs } = measured([played(0, 20_000), silence, played(20_000, 20_000)]);
  near(insertedMs, 62.5);
  const echo = played(0, 40_000).map((sample, n, all) => sample + 0.6 * (all[n - 300] ?? 0));
  near(measured([echo]).lostMs, 0);
  const tone = Array.from({ length: 40_000 }, (_, n) => Math.sin((2 * Math.PI * 1000 * n) / rate));
  assert.equal(measured([tone]).found, 0);
});
