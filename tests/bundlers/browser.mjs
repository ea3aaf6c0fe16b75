// The browser's side: opens a page and waits for what its calls tell.

import { strict as assert } from "node:assert";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const SPEECH = fileURLToPath(new URL("../fixtures/speech.wav", import.meta.url));
/** Allowed, and spoken into once each time that it is opened. */
const MICROPHONE = [
  "--use-fake-device-for-media-stream",
  `--use-file-for-fake-audio-capture=${SPEECH}%noloop`,
  "--use-fake-ui-for-media-stream",
];

/** Starts the browser; `microphone` is whether there is one, and `args` are more arguments. */
export const launch = ({ microphone = false, args = [] } = {}) =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [...QUIET, ...(microphone ? MICROPHONE : []), ...args],
  });

/** Whether calls went as they should; `recording` is whether one was decoded. */
export function assertTold(told, { recording = true } = {}) {
  assert.equal(told.failed, undefined);
  assert.equal(told.emulated, true);
  assert.equal(typeof told.text, "string");
  if (recording)
    assert.ok(told.seconds > 2 && told.mp3 === "audio/mpeg", `${told.seconds} s, ${told.mp3}`);
  assert.deepEqual([told.error, told.typed], ["NotAllWordsSpokenError", true]);
}

/**
 * Opens a page and runs `steps` on it, with a function that waits for what is told by an element of it. Fails on anything
 * that goes wrong behind the page's back, but for what `expected` matches.
 */
export async function onPage(browser, server, path, steps, expected = /(?!)/) {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    const problems = [];
    page.on("pageerror", (error) => problems.push(`page error: ${error}`));
    page.on("console", (message) => {
      // A refusal is brought about on purpose, and the browser logs its status.
      if (message.type() === "error" && !/status of 400/.test(message.text()))
        problems.push(`console: ${message.text()}`);
    });
    page.on("request", (request) => {
      const { protocol, origin } = new URL(request.url());
      if (!["blob:", "data:"].includes(protocol) && origin !== server.url)
        problems.push(`request to ${request.url()}`);
    });
    const seen = () =>
      [...problems, ...server.missing.map((path) => `404: ${path}`)].filter(
        (problem) => !expected.test(problem),
      );
    const told = async (id) => {
      try {
        return JSON.parse(await page.locator(`#${id}`).textContent({ timeout: 90_000 }));
      } catch (error) {
        // What went wrong explains more than that something did not appear.
        throw new Error(`#${id} does not appear; meanwhile: ${seen().join("; ")}`, {
          cause: error,
        });
      }
    };
    await page.goto(server.url + path);
    const result = await steps(told, page);
    assert.deepEqual(seen(), []);
    return result;
  } finally {
    await context.close();
  }
}
