// Tests with a sentence that is spoken once. They have a file of their own, because all browsers of
// a file share one voice.

import { strict as assert } from "node:assert";
import {
  ENGINE,
  choose,
  forget,
  launch,
  onPage,
  requests,
  send,
  speakOnce,
  test,
  trackStates,
} from "./page.mjs";

/** The microphone of WebKitGTK never stops to beep, so that recordings end at their maximum length. */
const QUERY = ENGINE === "webkit" ? "?retryBaseMs=20&maxSeconds=5" : "?retryBaseMs=20";

test("samples taken as they are arrive too, and the recording ends by itself", async () => {
  await forget();
  const browser = await launch({ once: true });
  await onPage(browser, { query: QUERY }, async (page) => {
    await page.getByTestId("lossless").check();
    await page.getByTestId("auto-stop").check();
    await page.getByTestId("record").click();
    await page.waitForFunction(() => Number(document.getElementById("elapsed").textContent) >= 0.1);
    speakOnce();
    await page.getByTestId("take").waitFor();
    assert.deepEqual(await trackStates(page), ["ended"]);
    await choose(page, "endpoint", "transcribe");
    const { raw } = await send(page);
    assert.ok(raw.metadata.speech_seconds > 0.5, "speech was heard");
    const [{ file }] = await requests();
    assert.deepEqual(
      [file.format, file.sampleRate, file.channels, file.bitsPerSample],
      ["wav", 16000, 1, 16],
    );
  }).finally(() => browser.close());
});
