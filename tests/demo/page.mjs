// The built demo page, served at DEMO_URL, in the engine that ENGINE names.

import { strict as assert } from "node:assert";

import { ENGINE, launch, testIn } from "../e2e/browser.mjs";

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

/** Runs `steps` on two new pages at a time. */
export async function onTwoPages(browser, steps, options) {
  // A browser that classic WebDriver drives has one page.
  const second = ENGINE === "webkit" ? await launch() : browser;
  try {
    await Promise.all([onPage(browser, steps, options), onPage(second, steps, options)]);
  } finally {
    if (second !== browser) await second.close();
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

/** Removes what an earlier scenario has shown. Marks the button of a scenario in the menu. */
async function prepareChoice(page, title) {
  const isFound = await page.evaluate((title) => {
    for (const view of document.querySelectorAll(".view")) view.hidden = true;
    document.getElementById("score").result = null;
    const buttons = [...document.querySelectorAll("#scenario-groups button")];
    for (const button of buttons) {
      button.toggleAttribute("data-chosen", button.textContent === title);
    }
    document.querySelector("[data-chosen]")?.scrollIntoView({ block: "center" });
    return document.querySelector("[data-chosen]") !== null;
  }, title);
  assert.ok(isFound, `${title} is in the menu`);
}

/** Chooses a scenario of the menu as a user does: two clicks. */
export async function choose(page, title) {
  await page.locator("#open-scenarios").click();
  await prepareChoice(page, title);
  await page.locator("#scenario-groups [data-chosen]").click();
}

/** Chooses a scenario of the menu by a script, which takes a tenth of the time of two clicks. */
export async function chooseByScript(page, title) {
  await prepareChoice(page, title);
  await page.evaluate(() => document.querySelector("[data-chosen]").click());
}

export const chooseMode = (page, mode) => page.locator(`label:has([value="${mode}"])`).click();

export const recorderState = (page, state) =>
  page.waitForFunction((state) => document.getElementById("recorder").state === state, state);

/**
 * Waits until the fake microphone has spoken long enough for the words of a sentence, and for at
 * least `seconds`; or until the recording ends by itself.
 */
export const untilSpoken = (page, seconds = 0) =>
  page.evaluate(
    (seconds) =>
      new Promise((resolve) => {
        const recorder = document.getElementById("recorder");
        let [heardSeconds, lastSeconds] = [0, 0];
        const look = () => {
          const { rmsDbfs, elapsedSeconds } = recorder.level;
          // The level of one moment says little about a long time before it.
          if (rmsDbfs > -40) heardSeconds += Math.min(elapsedSeconds - lastSeconds, 0.1);
          lastSeconds = elapsedSeconds;
          const isEnough = heardSeconds > 0.8 && elapsedSeconds >= seconds;
          if (isEnough || recorder.state !== "recording") resolve();
          else setTimeout(look, 20);
        };
        look();
      }),
    seconds,
  );

/** Records what the fake microphone speaks. `seconds` is the shortest length of the recording. */
export async function speak(page, seconds) {
  await page.locator("#recorder #record").click();
  await recorderState(page, "recording");
  await untilSpoken(page, seconds);
  await page.locator("#recorder #record").click();
}

export const text = async (page, id) =>
  (await page.evaluate((id) => document.getElementById(id).textContent, id)).trim();
