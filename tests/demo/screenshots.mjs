// Takes the pictures of the demo page in docs/images/, as WebP, which Chromium itself encodes.

import { mkdir, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import {
  PHONE,
  choose,
  chooseMode,
  launch,
  onPage,
  shownScores,
  shownView,
  speak,
} from "./page.mjs";

const FOLDER = fileURLToPath(new URL("../../docs/images/", import.meta.url));
const QUALITY = 0.8;
/** The fake microphone says the sentence in this time. */
const SPEECH_SECONDS = 2.6;

const compare = async (page) => {
  await chooseMode(page, "say");
  await page.locator("#use-sample").click();
  await page.locator("#waveform .native").waitFor();
  await speak(page, SPEECH_SECONDS);
  await page.locator("#comparison").waitFor();
};
const fail = (scenario) => async (page) => {
  await choose(page, scenario);
  await shownView(page, "failure");
};

/** Each picture: what leads to it, and the options of the browser's context. */
const PICTURES = {
  read: [
    async (page) => {
      for (const _ of [1, 2, 3]) {
        await speak(page, SPEECH_SECONDS);
        await shownScores(page);
      }
    },
    {},
  ],
  "say-it-like-this": [compare, { viewport: { width: 960, height: 760 } }],
  "korean-dark": [compare, { locale: "ko-KR", colorScheme: "dark" }],
  "not-all-words": [fail("Words of the sentence are missing"), {}],
  "rate-limited": [fail("429, always"), {}],
  microphone: [fail("Microphone refused"), { locale: "ko-KR" }],
};

/** Encodes a PNG as WebP. */
const toWebp = (page, png) =>
  page.evaluate(
    async ([base64, quality]) => {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
      const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
      canvas.getContext("2d").drawImage(bitmap, 0, 0);
      const webp = await canvas.convertToBlob({ type: "image/webp", quality });
      return Array.from(new Uint8Array(await webp.arrayBuffer()));
    },
    [png.toString("base64"), QUALITY],
  );

const browser = await launch();
await rm(FOLDER, { recursive: true, force: true });
await mkdir(FOLDER, { recursive: true });
let sum = 0;
for (const [name, [reach, options]] of Object.entries(PICTURES)) {
  await onPage(
    browser,
    async (page) => {
      await reach(page);
      const webp = await toWebp(page, await page.screenshot({ animations: "disabled" }));
      sum += webp.length;
      await writeFile(`${FOLDER}${name}.webp`, Buffer.from(webp));
    },
    { viewport: PHONE, deviceScaleFactor: 2, reducedMotion: "reduce", ...options },
  );
}
await browser.close();
console.log(
  `${Object.keys(PICTURES).length} pictures in docs/images/, ${Math.round(sum / 1000)} kB`,
);
