// Every fault of tests/faults in a real page, by fetch and by XMLHttpRequest.

import assert from "node:assert/strict";
import { after, before } from "node:test";
import { oneCall, runRow } from "../faults/run.mjs";
import { faultServer } from "../faults/server.mjs";
import { FAULTS, ROWS } from "../faults/table.mjs";
import { install } from "../packaging/installed.mjs";
import { record } from "../faults/measured.mjs";
import { ENGINE, launch, test } from "./browser.mjs";

let installed, server, browser, page;
before(async () => {
  installed = install();
  server = await faultServer(FAULTS, installed.folder);
  browser = await launch();
  page = await browser.newPage();
  await page.goto(`${server.url}/`);
  // A module that does not load once, Firefox does not load again.
  await inPage({ id: "none", hasCanary: true, isWatched: true, attemptTimeoutMs: 30_000, settledWithinMs: 30_000 });
});
after(async () => {
  await browser.close();
  await server.close();
  installed.remove();
});

const inPage = (argument) => page.evaluate(oneCall, { ...argument, load: "/pkg", baseUrl: "/" });

for (const transport of ["fetch", "xhr"]) {
  test(`every fault of the network ends as the table says, by ${transport}`, async (t) => {
    for (const row of ROWS) {
      await t.test(`${row.group}: ${row.title}`, async () => {
        const found = await runRow(row, transport, ENGINE, server, inPage);
        record(ENGINE, transport, row, found);
        if (found.name === "success") {
          // Bytes are counted by XMLHttpRequest alone, and never reported before one has gone up.
          assert.equal(found.sent.length > 0, transport === "xhr");
          assert.ok(!found.sent.includes(0));
        }
      });
    }
  });
}
