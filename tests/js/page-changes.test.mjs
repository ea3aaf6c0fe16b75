// Tests of recordings whose page the user leaves, by real navigation. The page comes back if the
// browser has a cache of pages.

import assert from "node:assert/strict";
import {
  assertOutcomes,
  both,
  microphoneIsOff,
  openPage,
  page,
  record,
  report,
  server,
  test,
} from "../support/changing-recording.mjs";
import { waitFor } from "../support/wait-for.js";

const LOADED_AGAIN = "the page was loaded again";

test("the user leaves the page, and comes back", async (t) => {
  await record();
  await page.evaluate(() => {
    globalThis.isSame = true;
  });
  await page.goto(`${server.url}other`);
  await microphoneIsOff();
  await goBack();
  const isRestored = await page.evaluate(() => globalThis.isSame === true);
  const outcomes = isRestored
    ? await page.evaluate(() => finish({ encoded: [], pcm: [] }))
    : { encoded: LOADED_AGAIN, pcm: LOADED_AGAIN };
  report(t, "the user leaves the page and comes back", outcomes);
  if (isRestored) assertOutcomes(outcomes, both({ stopReason: "page_hide", sound: /^(-*f){3}/ }));
});

test("the user leaves the page during the permission prompt", async (t) => {
  await openPage();
  await page.evaluate(() => {
    const { getUserMedia } = mediaDevices;
    const { promise: allowed, resolve: allow } = Promise.withResolvers();
    globalThis.allow = allow;
    globalThis.tracks = [];
    mediaDevices.getUserMedia = async (constraints) => {
      await allowed;
      const stream = await getUserMedia(constraints);
      tracks.push(...stream.getAudioTracks());
      return stream;
    };
    globalThis.isSame = true;
    const outcomeOf = (capture) =>
      start(capture).then(
        () => "recording",
        ({ name, reason }) => `${name} ${reason}`,
      );
    globalThis.outcomes = { encoded: outcomeOf("encoded"), pcm: outcomeOf("pcm") };
  });
  await page.goto(`${server.url}other`);
  await goBack();
  const isRestored = await page.evaluate(() => globalThis.isSame === true);
  const outcomes = isRestored
    ? await page.evaluate(async () => {
        // The user allows the microphone late.
        allow();
        const hasOpenedAll = () =>
          tracks.length === 2 && tracks.every(({ readyState }) => readyState === "ended");
        await waitFor(hasOpenedAll, "the microphone to be opened, and switched off");
        return { encoded: await outcomes.encoded, pcm: await outcomes.pcm };
      })
    : { encoded: LOADED_AGAIN, pcm: LOADED_AGAIN };
  report(t, "the user leaves the page during the prompt", outcomes);
  if (isRestored)
    for (const outcome of Object.values(outcomes))
      assert.equal(outcome, "MicrophoneError interrupted");
});

/** Goes back in the history of the page. */
async function goBack() {
  // Later, because a page that is left may not answer any more.
  await page.evaluate(() => void setTimeout(() => history.back()));
  // No script asks for the address: WebKitGTK loses the result of one that runs meanwhile.
  await waitFor(async () => (await page.url()) === server.url, "the address of the first page");
}
