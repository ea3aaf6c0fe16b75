// Opens a page in a browser, and waits for the results of its calls.

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
/** The microphone is allowed. Each time that it is opened, it plays the sentence once. */
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

/**
 * Asserts that the calls succeeded or failed as expected. `recording` is whether a recording was
 * decoded.
 */
export function assertTold(told, { recording = true } = {}) {
  assert.equal(told.failed, undefined);
  assert.equal(told.emulated, true);
  assert.equal(typeof told.text, "string");
  if (recording)
    assert.ok(told.seconds > 2 && told.mp3 === "audio/mpeg", `${told.seconds} s, ${told.mp3}`);
  assert.deepEqual([told.error, told.typed], ["NotAllWordsSpokenError", true]);
}

/**
 * Opens a page and runs `steps` on it. The function `told` that `steps` receives waits for an
 * element and returns its JSON. Fails if the page reports an error, except those that match
 * `expected`.
 */
export async function onPage(browser, server, path, steps, expected = /(?!)/) {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    const problems = [];
    page.on("pageerror", (error) => problems.push(`page error: ${error}`));
    page.on("console", (message) => {
      // One call fails on purpose, and the browser logs its status.
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
        // The errors of the page explain more than the missing element.
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
