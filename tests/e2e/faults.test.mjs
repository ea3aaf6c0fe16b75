// Tests every fault of tests/faults in a real page, by fetch and by XMLHttpRequest.

import assert from "node:assert/strict";
import { after, before } from "node:test";
import { concurrencyOf, oneCall, runRows } from "../faults/run.mjs";
import { faultServer } from "../faults/server.mjs";
import { FAULTS, ROWS } from "../faults/table.mjs";
import { install } from "../packaging/installed.mjs";
import { ENGINE, launch, test } from "./browser.mjs";

let installed, server, browser, page;
before(async () => {
  installed = install();
  server = await faultServer(FAULTS, installed.folder);
  browser = await launch();
  page = await browser.newPage();
  await page.goto(`${server.url}/`);
  // Firefox does not retry a module that failed to load once.
  await inPage({
    id: "none",
    hasCanary: true,
    isWatched: true,
    attemptTimeoutMs: 30_000,
    settledWithinMs: 30_000,
  });
});
after(async () => {
  await browser.close();
  await server.close();
  installed.remove();
});

const inPage = (argument) => page.evaluate(oneCall, { ...argument, load: "/pkg", baseUrl: "/" });

for (const transport of ["fetch", "xhr"]) {
  const title = `every fault of the network ends as the table says, by ${transport}`;
  const check = ({ name, sent }) => {
    if (name !== "success") return;
    // Only XMLHttpRequest counts bytes, and it reports none before the first one is sent.
    assert.equal(sent.length > 0, transport === "xhr");
    assert.ok(!sent.includes(0));
  };
  test(title, { concurrency: concurrencyOf(ENGINE) }, (t) =>
    runRows(t, { transport, engine: ENGINE, server, call: inPage, check }),
  );
}

test("the answers of a frame's fetch are read like the page's own", async () => {
  const { id } = ROWS.find(({ title }) => title === "402, a detail behind a byte-order mark");
  const outcomes = await page.evaluate(async (id) => {
    const [{ ThetaOne }, { toneWav }] = await Promise.all([
      import("/pkg/index.js"),
      import("/pkg/testing.js"),
    ]);
    const frame = document.body.appendChild(document.createElement("iframe"));
    const fetch = (url, init) => frame.contentWindow.fetch(new URL(url, location.href).href, init);
    const call = (fault) =>
      new ThetaOne({ baseUrl: "/", fetch, headers: { "x-fault": fault } })
        .transcribe(toneWav())
        .then(
          ({ text }) => text,
          ({ name, reason }) => `${name} ${reason}`,
        );
    const outcomes = [await call("none"), await call(id)];
    frame.remove();
    return outcomes;
  }, id);
  assert.deepEqual(outcomes, ["hi", "PaymentRequiredError insufficient_credits"]);
});

// In WebKitGTK, a context is a browser of its own: nothing may need the first one after this.
test("a service worker that answers in the server's place neither stalls an upload nor is passed by", async () => {
  const context = await browser.newContext();
  const controlled = await context.newPage();
  await controlled.goto(`${server.url}/worker/`);
  const outcome = await controlled.evaluate(async () => {
    const [{ ThetaOne }, { toneWav }] = await Promise.all([
      import("/pkg/index.js"),
      import("/pkg/testing.js"),
    ]);
    const sent = [];
    const theta = new ThetaOne({ baseUrl: "/", uploadStallMs: 100, retry: { maxAttempts: 1 } });
    await theta.ready();
    await navigator.serviceWorker.register("/worker/worker.js");
    while (!navigator.serviceWorker.controller)
      await new Promise((resolve) => setTimeout(resolve, 20));
    const onProgress = ({ sentBytes }) => sentBytes !== undefined && sent.push(sentBytes);
    const { text } = await theta
      .transcribe(toneWav({ seconds: 10 }), {}, { onProgress })
      .catch(({ name, reason }) => ({ text: `${name} ${reason}` }));
    return { text, sent };
  });
  assert.deepEqual(outcome, { text: "by the worker: true", sent: [] });
  await context.close();
});

test("under a policy that allows no frames and no HTML from text, redirects are refused all the same", async () => {
  const context = await browser.newContext();
  const strict = await context.newPage();
  await strict.goto(`${server.url}/strict/`);
  const ids = ROWS.filter(({ title }) => /^307 (to another|within)/.test(title)).map(
    ({ id }) => id,
  );
  server.elsewhere.length = 0;
  const outcomes = [];
  for (const id of ids) {
    const more = {
      load: "/pkg",
      baseUrl: "/",
      isWatched: true,
      hasCanary: true,
      attemptTimeoutMs: 30_000,
      settledWithinMs: 30_000,
    };
    const { name, sent, canary } = await strict.evaluate(oneCall, { ...more, id });
    outcomes.push([name, sent.length > 0, canary]);
  }
  // WebKit needs a frame with an address, which this policy forbids.
  const isCounted = ENGINE !== "webkit";
  assert.deepEqual(outcomes, [
    ["UnexpectedStatusError", isCounted, "success"],
    ["success", isCounted, "success"],
  ]);
  assert.deepEqual(server.elsewhere, []);
  // The frames of the uploads are removed.
  assert.equal(await strict.evaluate(() => document.querySelectorAll("iframe").length), 0);
  await context.close();
});
