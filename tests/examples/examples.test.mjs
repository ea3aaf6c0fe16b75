// Builds every example for production from the packed tarball, and uses it as a speaker does.

import { strict as assert } from "node:assert";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";

import { launch } from "../bundlers/browser.mjs";
import { NAMES, build, start } from "./projects.mjs";
import { KEY, startUpstream } from "./upstream.mjs";
import { voiceArguments } from "./voice.mjs";

const WORDS = ["Wow", "check", "out", "this", "castle"];
/** The examples that show the level of the microphone. */
const LEVEL = {
  plain: () => document.querySelector("theta-recorder").level.rmsDbfs,
  react: () => document.querySelector("meter")?.value,
};
LEVEL.vue = LEVEL.plain;
LEVEL.svelte = LEVEL.react;
/** The statuses of failures that a test causes, which the browser logs. */
const CAUSED = /status of (400|502)/;

const production = await readFile(new URL("../../docs/production.md", import.meta.url), "utf8");
const [, headerLines] = /^```http\n(.*?)\n```$/ms.exec(production);
/** The headers of a page that docs/production.md recommends. */
const HEADERS = Object.fromEntries(headerLines.split("\n").map((line) => line.split(": ", 2)));

/** Adds the recommended headers to the page. */
const addHeaders = (page) =>
  page.route(/\/$/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, headers: { ...response.headers(), ...HEADERS } });
  });

/** Runs in the page before its scripts: remembers every microphone that the page opens. */
function rememberMicrophones() {
  globalThis.microphones = [];
  const { mediaDevices } = navigator;
  const open = mediaDevices.getUserMedia.bind(mediaDevices);
  mediaDevices.getUserMedia = async (constraints) => {
    const stream = await open(constraints);
    globalThis.microphones.push(...stream.getTracks());
    return stream;
  };
}

/** Runs in the page before its scripts: refuses every microphone, as the user or a policy does. */
function refuseMicrophones() {
  navigator.mediaDevices.getUserMedia = async () => {
    throw new DOMException("Permission denied", "NotAllowedError");
  };
}

/** Runs in the page: returns how many microphones were opened, and how many are on. */
const countMicrophones = () => ({
  opened: globalThis.microphones.length,
  on: globalThis.microphones.filter(({ readyState }) => readyState === "live").length,
});

/** Runs `steps` in a new page. Fails if the page reports an error that no test causes. */
async function onPage(site, steps, beforeScripts = rememberMicrophones) {
  const { browser, url, upstream, hasStrictPolicy } = site;
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    const problems = [];
    page.on("pageerror", (error) => problems.push(`page error: ${error}`));
    page.on("console", (message) => {
      const isProblem = ["error", "warning"].includes(message.type());
      if (isProblem && !CAUSED.test(message.text())) problems.push(message.text());
    });
    await page.addInitScript(beforeScripts);
    if (hasStrictPolicy) await addHeaders(page);
    await page.goto(url);
    try {
      await steps(page);
    } catch (error) {
      // The text of the page explains more than an element that is missing.
      const text = await page.locator("body").ariaSnapshot();
      const seen = [text, ...problems, ...upstream.responses].join("\n");
      throw new Error(`${error.message}\nThe page shows:\n${seen}`);
    }
    assert.deepEqual(problems, []);
  } finally {
    await context.close();
  }
}

const button = (page, name) => page.getByRole("button", { name, exact: true });
const record = (page) => page.getByRole("button", { name: /^Record( again)?$/ }).click();

/**
 * Records some words, and ends the recording by the button if the example shows a level. The
 * emulator misses words in less than 0.4 s of speech.
 */
async function recordWords(page, name) {
  await record(page);
  await button(page, "Stop").waitFor();
  if (!LEVEL[name]) return; // The silence after the sentence ends the recording.
  const stop = await button(page, "Stop").elementHandle();
  await page.evaluate(`globalThis.level = ${LEVEL[name]}`);
  await stop.evaluate(async (stop) => {
    // The silence after the sentence may end the recording before a busy machine looks; then the
    // button records again.
    const isStop = () => stop.isConnected && stop.textContent.trim() === "Stop";
    let loudMs = 0;
    let seenAtMs = performance.now();
    while (isStop()) {
      await new Promise(requestAnimationFrame);
      // A busy page shows an old level for longer than it lasted.
      const ms = Math.min(50, performance.now() - seenAtMs);
      seenAtMs = performance.now();
      if (globalThis.level() > -40) loudMs += ms;
      if (loudMs > 800 && isStop()) return stop.click();
    }
  });
}

async function assertScores(page) {
  const score = page.locator("theta-score");
  await score.getByRole("listitem").first().waitFor();
  const texts = await score.getByRole("listitem").allInnerTexts();
  // Long pauses are items too, but have no score.
  const words = texts.flatMap((text) => /(\w+)\s*, score\s*\d+/.exec(text)?.[1] ?? []);
  assert.deepEqual(words, WORDS, texts.join(" | "));
}

/** Fetches all that the page has loaded, and asserts that the key is in none of it. */
async function assertNoKey(page) {
  const urls = await page.evaluate(() =>
    performance.getEntriesByType("resource").map(({ name }) => name),
  );
  const origin = new URL(page.url()).origin;
  const loaded = urls.filter((url) => url.startsWith(origin) && !url.includes("/api/theta"));
  assert.ok(loaded.length > 0);
  for (const url of [page.url(), ...loaded]) {
    assert.ok(!(await (await fetch(url)).text()).includes(KEY), url);
  }
}

const voice = await voiceArguments();

/** The builds, one after the other, while the examples that are built are tested. */
const builds = new Map();
let last = Promise.resolve();
for (const name of NAMES) {
  last = last.then(() => build(name));
  builds.set(name, last);
  last = last.catch(() => {}); // the tests of the example report it
}

// Two at a time, because they wait more than they compute. Their own tests share an upstream.
describe("the examples", { concurrency: 2 }, () => {
  for (const name of NAMES) {
    describe(name, { concurrency: 1 }, () => {
      let browser;
      let upstream;
      let running;
      before(async () => {
        await builds.get(name);
        upstream = await startUpstream();
        running = await start(name, upstream.url);
        browser = await launch({ args: voice });
      });
      // Next.js needs a nonce for its inline scripts as well.
      const hasStrictPolicy = name !== "nextjs";
      /** Returns the page of the example, or the page that also unmounts it. */
      const site = (path) => {
        const url = path && name !== "plain" ? `${running.url}/${path}/` : `${running.url}/`;
        return { browser, upstream, url, hasStrictPolicy };
      };
      after(async () => {
        await browser?.close();
        await running?.close();
        upstream?.close();
      });

      test("shows scores and plays the recording, whose key is only in the proxy", async () => {
        upstream.scenario = "ok";
        await onPage(site(), async (page) => {
          await record(page);
          // The recording ends by itself, after silence.
          await assertScores(page);
          assert.deepEqual(await page.evaluate(countMicrophones), { opened: 1, on: 0 });
          await page.getByRole("button", { name: "Play your recording" }).click();
          await page.waitForFunction(() => {
            const score = document.querySelector("theta-score");
            return score.playing && score.currentTime > 0;
          });
          await assertNoKey(page);
          assert.deepEqual([...upstream.keys], [KEY]);
        });
      });

      test("says what to do when words are missing or the API is down, and goes on", async () => {
        await onPage(site(), async (page) => {
          upstream.scenario = "not-all-words";
          await recordWords(page, name);
          await page.getByText("read the whole sentence").waitFor();
          assert.equal(await button(page, "Send again").count(), 0, "only a recording helps");

          upstream.scenario = undefined;
          await recordWords(page, name);
          await button(page, "Send again").waitFor();
          assert.equal(await page.locator("theta-score").getByRole("listitem").count(), 0);

          upstream.scenario = "ok";
          await button(page, "Send again").click();
          await assertScores(page);
          assert.equal(await button(page, "Send again").count(), 0);
          assert.deepEqual(await page.evaluate(countMicrophones), { opened: 2, on: 0 });
        });
      });

      test("says what to do when the microphone is refused", async () => {
        const steps = async (page) => {
          await record(page);
          await page.getByText("Please allow the microphone").waitFor();
          await page.getByRole("button", { name: /^Record( again)?$/ }).waitFor();
        };
        await onPage(site(), steps, refuseMicrophones);
      });

      test("switches the microphone off when it is unmounted", async () => {
        await onPage(site("unmount"), async (page) => {
          await record(page);
          await page.waitForFunction(() => globalThis.microphones.length === 1);
          assert.deepEqual(await page.evaluate(countMicrophones), { opened: 1, on: 1 });
          await page.evaluate(() => {
            if (globalThis.unmount) return void globalThis.unmount();
            document.querySelector("theta-recorder").remove();
          });
          await page.waitForFunction(() =>
            globalThis.microphones.every(({ readyState }) => readyState === "ended"),
          );
        });
      });
    });
  }
});
