// The page of the tests, served by a server with a strict policy, in the engine that ENGINE names.

import { strict as assert } from "node:assert";
import { fileURLToPath } from "node:url";

import { serve } from "../bundlers/static-server.mjs";
import { launch, testIn } from "../e2e/browser.mjs";

export const test = testIn("tests/elements/");

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Elements</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/page.css">
<script type="module" src="/main.js"></script>
<main><h1>Elements</h1></main>
<footer><button id="go">Go</button></footer>
</html>`;

/** Starts server and browser. */
export async function openSite() {
  const folders = {
    "/": path("page"),
    "/package/": path("../../pkg"),
    "/support/": path("../support"),
    "/axe/": path("../node_modules/axe-core"),
  };
  const server = await serve({ folders, texts: { "/": PAGE } });
  const browser = await launch();
  const close = async () => {
    await browser.close();
    await server.close();
  };
  return { server, browser, close };
}

/** Has an element play for a moment in a click, without which WebKit plays nothing from then on. */
export async function unlock(page, selector) {
  await page.evaluate((selector) => {
    document.getElementById("go").onclick = () => {
      globalThis.unlocked = document.querySelector(selector).play(0, 0.01);
    };
  }, selector);
  await click(page, "#go");
  await page.evaluate(() => globalThis.unlocked);
}

/** Clicks, up to three times: on a busy machine, Firefox sometimes never reports a click's end. */
async function click(page, selector) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await page.locator(selector).click({ timeout: 30_000 });
    } catch (error) {
      if (attempt === 3) throw error;
    }
  }
}

/**
 * Runs `steps` on a fresh page. Fails on errors of the page, on what its policy forbids, and on
 * messages in the console that `expected` does not match.
 */
export async function onPage(site, steps, { expected = /(?!)/, ...options } = {}) {
  const context = await site.browser.newContext(options);
  try {
    const page = await context.newPage();
    const problems = [];
    page.on("pageerror", (error) => problems.push(`page error: ${error}`));
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) problems.push(message.text());
    });
    await page.goto(`${site.server.url}/`);
    await page.waitForFunction(() => globalThis.page !== undefined);
    await steps(page, context);
    assert.deepEqual(
      problems.filter((problem) => !expected.test(problem)),
      [],
    );
  } finally {
    await context.close();
  }
}
