// The built demo page, served at DEMO_URL, in the engine that ENGINE names.

import { strict as assert } from "node:assert";

import { testIn } from "../e2e/browser.mjs";

export { ENGINE, SPEECH, launch } from "../e2e/browser.mjs";
export const DEMO_URL = process.env.DEMO_URL ?? "http://localhost:8080";
export const PHONE = { width: 360, height: 740 };

export const test = testIn("tests/demo/");

/** Makes the waits between attempts as short as the jitter allows. */
const waitBriefly = () => {
  Math.random = () => 0.01;
};

/** Runs `steps` on a new page. Fails on errors of the page. `options` are those of the context. */
export async function onPage(browser, steps, { isPatient = false, ...options } = {}) {
  const context = await browser.newContext({ locale: "en-US", viewport: PHONE, ...options });
  try {
    const page = await context.newPage();
    const problems = [];
    page.on("pageerror", (error) => problems.push(`page error: ${error}`));
    page.on("console", (message) => {
      // The browser's own messages about responses that are errors on purpose.
      const isOfPage = !/^Failed to load resource|net::ERR|Cross-Origin/.test(message.text());
      if (message.type() === "error" && isOfPage) problems.push(`console: ${message.text()}`);
    });
    if (!isPatient) await page.addInitScript(waitBriefly);
    await open(page);
    await steps(page, context);
    assert.deepEqual(problems, []);
  } finally {
    await context.close();
  }
}

/** Opens the page, and waits until the menu of scenarios is filled. */
export async function open(page) {
  await page.goto(`${DEMO_URL}/`);
  await isReady(page);
}

export const isReady = (page) =>
  page.waitForFunction(() => document.querySelectorAll("#scenario-groups button").length > 5);

/** Waits until the outcome shows one of these views, and returns it. */
export async function shownView(page, ...views) {
  await page.waitForFunction((views) => {
    const shown = [...document.querySelectorAll(".view")].filter(({ hidden }) => !hidden);
    return views.includes(shown[0]?.id);
  }, views);
  return page.evaluate(() => document.querySelector(".view:not([hidden])").id);
}

/** Waits until the words of a result are drawn. */
export async function shownScores(page) {
  await shownView(page, "result");
  await page.waitForFunction(() =>
    document.getElementById("score").shadowRoot.querySelector(".word"),
  );
}

/** Chooses a scenario of the menu: two clicks. Removes what an earlier one has shown. */
export async function choose(page, title) {
  await page.locator("#open-scenarios").click();
  const at = await page.evaluate((title) => {
    const buttons = [...document.querySelectorAll("#scenario-groups button")];
    const found = buttons.find(({ textContent }) => textContent === title);
    found?.setAttribute("data-chosen", "");
    found?.scrollIntoView({ block: "center" });
    for (const { id } of document.querySelectorAll(".view"))
      document.getElementById(id).hidden = true;
    document.getElementById("score").result = null;
    return buttons.indexOf(found);
  }, title);
  assert.notEqual(at, -1, `${title} is in the menu`);
  await page.locator("#scenario-groups [data-chosen]").click();
  await page.evaluate(() => document.querySelector("[data-chosen]").removeAttribute("data-chosen"));
}

export const chooseMode = (page, mode) => page.locator(`label:has([value="${mode}"])`).click();

export const recorderState = (page, state) =>
  page.waitForFunction((state) => document.getElementById("recorder").state === state, state);

/** Records for `seconds`, with the fake microphone. */
export async function speak(page, seconds = 2.6) {
  await page.locator("#recorder #record").click();
  await recorderState(page, "recording");
  await page.waitForFunction(
    (seconds) => document.getElementById("recorder").level.elapsedSeconds > seconds,
    seconds,
  );
  await page.locator("#recorder #record").click();
}

export const text = async (page, id) =>
  (await page.evaluate((id) => document.getElementById(id).textContent, id)).trim();
