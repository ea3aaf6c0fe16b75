// Tests of recordings whose page the user leaves: by real navigation, from which the page comes back
// if the browser has a cache of pages.

import assert from "node:assert/strict";
import {
  assertOutcome,
  microphoneIsOff,
  openPage,
  page,
  record,
  report,
  server,
  test,
} from "../support/changing-recording.mjs";

for (const capture of ["encoded", "pcm"]) {
  test(`the user leaves the page, and comes back: ${capture}`, async (t) => {
    await record(capture);
    await page.evaluate(() => {
      globalThis.isSame = true;
    });
    await page.goto(`${server.url}other`);
    await microphoneIsOff();
    await goBack();
    const isRestored = await page.evaluate(() => globalThis.isSame === true);
    const outcome = isRestored
      ? await page.evaluate(() => globalThis.finish())
      : "the page was loaded again";
    report(t, "the user leaves the page and comes back", capture, outcome);
    if (isRestored) assertOutcome(outcome, [{ stopReason: "page_hide", sound: /^-*f{3,}/ }]);
  });

  test(`the user leaves the page during the permission prompt: ${capture}`, async (t) => {
    await openPage();
    await page.evaluate((capture) => {
      const { getUserMedia } = mediaDevices;
      const { promise: allowed, resolve: allow } = Promise.withResolvers();
      globalThis.allow = allow;
      mediaDevices.getUserMedia = async (constraints) => {
        await allowed;
        return getUserMedia(constraints);
      };
      globalThis.isSame = true;
      globalThis.track = undefined;
      globalThis.outcome = start(capture).then(
        () => "recording",
        ({ name, reason }) => `${name} ${reason}`,
      );
    }, capture);
    await page.goto(`${server.url}other`);
    await goBack();
    const isRestored = await page.evaluate(() => globalThis.isSame === true);
    const outcome = isRestored
      ? await page.evaluate(async () => {
          // The user allows the microphone late. Firefox 153 never opens it in a page that came back.
          allow();
          const end = performance.now() + 5_000;
          while (track?.readyState !== "ended" && performance.now() < end)
            await new Promise((resolve) => setTimeout(resolve, 20));
          if (track && track.readyState !== "ended") return `the microphone is ${track.readyState}`;
          return globalThis.outcome;
        })
      : "the page was loaded again";
    report(t, "the user leaves the page during the prompt", capture, outcome);
    if (isRestored) assert.equal(outcome, "MicrophoneError interrupted");
  });
}

/** Goes back in the history of the page. */
async function goBack() {
  // Later, because a page that is left may not answer any more.
  await page.evaluate(() => void setTimeout(() => history.back()));
  await page.waitForFunction((url) => location.href === url, server.url);
}
