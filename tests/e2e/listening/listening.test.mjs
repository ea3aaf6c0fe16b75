// The demo with an emulator that listens (`cargo xtask demo --listen`), from the microphone to the page.

import { strict as assert } from "node:assert";
import { launch, onPage, send, test } from "../page.mjs";
import { speechFile, wordStarts } from "./speech.mjs";

const SENTENCE = "Betty has a beautiful dress";

/** Reads `spoken` into the microphone of a page that shows SENTENCE, and runs `steps` with the take. */
async function onRecordedPage(spoken, steps) {
  const speech = speechFile(spoken);
  const browser = await launch({ once: true, speech: speech.file });
  try {
    await onPage(browser, {}, async (page) => {
      await page.getByTestId("gold-text").fill(SENTENCE);
      await page.getByTestId("lossless").check();
      await page.getByTestId("auto-stop").check();
      await page.getByTestId("record").click();
      await page.getByTestId("take").waitFor();
      await steps(page);
    });
  } finally {
    await browser.close();
    speech.remove();
  }
}

test("a word that is left out is a NotAllWordsSpokenError on the page", async () => {
  await onRecordedPage(SENTENCE.replace("beautiful ", ""), async (page) => {
    const failure = await send(page);
    assert.equal(failure.class, "NotAllWordsSpokenError");
    assert.equal(failure.code, "NOT_ALL_WORDS_SPOKEN");
    assert.equal(failure.attempts, 1);
  });
});

test("the words of a complete sentence light up when they are spoken", async () => {
  await onRecordedPage(SENTENCE, async (page) => {
    const { class: failure, raw } = await send(page);
    assert.equal(failure, null);
    assert.equal(raw.metadata.listening.engine, "hama 1.7.0 with CMUdict");

    const lit = await page.evaluate(async () => {
      const player = document.getElementById("take-audio");
      const changes = [];
      const observer = new MutationObserver((records) => {
        for (const { target } of records) {
          const isLit = target.hasAttribute("aria-current");
          const word = target.querySelector(".word")?.textContent;
          if (isLit) changes.push({ word, seconds: player.currentTime });
        }
      });
      observer.observe(document.getElementById("words"), {
        attributeFilter: ["aria-current"],
        subtree: true,
      });
      const ended = new Promise((resolve) => player.addEventListener("ended", resolve));
      await player.play();
      await ended;
      return changes;
    });

    const first = [];
    for (const { word, seconds } of lit) {
      if (first.at(-1)?.word !== word) first.push({ word, seconds });
    }
    assert.deepEqual(
      first.map(({ word }) => word),
      SENTENCE.split(" "),
    );
    // The take has another silence before the sentence than the synthesizer's file.
    const spoken = wordStarts(SENTENCE);
    first.forEach(({ word, seconds }, index) => {
      const late = seconds - first[0].seconds - (spoken[index] - spoken[0]);
      assert.ok(Math.abs(late) < 0.15, `"${word}" lit up ${late.toFixed(3)} s late`);
    });
  });
});
