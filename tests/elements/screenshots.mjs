// Writes a picture of every state into target/screenshots/, for people to look at.

import { mkdir, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { openSite } from "./site.mjs";

const FOLDER = fileURLToPath(new URL("../../target/screenshots/", import.meta.url));
const NARROW = { width: 320, height: 600 };
const WIDE = { width: 720, height: 600 };

const site = await openSite();
await rm(FOLDER, { recursive: true, force: true });
let count = 0;
for (const [locale, scheme, size] of [
  ["en", "light", WIDE],
  ["en", "dark", WIDE],
  ["ko", "light", WIDE],
  ["ko", "dark", WIDE],
  ["en", "light", NARROW],
  ["ko", "light", NARROW],
]) {
  const folder = `${FOLDER}${locale}-${scheme}-${size.width}/`;
  await mkdir(folder, { recursive: true });
  const context = await site.browser.newContext({ viewport: size, deviceScaleFactor: 2 });
  const page = await context.newPage();
  await page.goto(`${site.server.url}/`);
  await page.waitForFunction(() => globalThis.page !== undefined);
  await page.evaluate(
    ([locale, scheme]) => {
      document.documentElement.lang = locale;
      document.documentElement.dataset.scheme = scheme;
      return globalThis.page.showStates();
    },
    [locale, scheme],
  );
  for (const section of await page.locator("section").all()) {
    const name = await section.getAttribute("data-state");
    await section.screenshot({ path: `${folder}${name.replaceAll(" ", "-")}.png` });
    count += 1;
  }
  await context.close();
}
await site.close();
console.log(`${count} pictures in ${FOLDER}`);
