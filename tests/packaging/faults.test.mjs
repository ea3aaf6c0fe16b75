// Tests every fault of tests/faults in Node, and the page that lists them.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { PAGE, page } from "../faults/page.mjs";
import { concurrencyOf, oneCall, runRows } from "../faults/run.mjs";
import { faultServer } from "../faults/server.mjs";
import { FAULTS } from "../faults/table.mjs";
import { install } from "./installed.mjs";

let installed, server;
before(async () => {
  installed = install();
  server = await faultServer(FAULTS, installed.folder);
});
after(async () => {
  await server.close();
  installed.remove();
});

test("docs/faults.md is what the table says", () => {
  assert.equal(readFileSync(PAGE, "utf8"), page(), "run `node tests/faults/page.mjs`");
});

const title = "every fault of the network ends as the table says, in Node";
test(title, { concurrency: concurrencyOf("node") }, async (t) => {
  const load = pathToFileURL(installed.folder).href;
  const call = (argument) => oneCall({ ...argument, load, baseUrl: server.url });
  await runRows(t, { transport: "node", engine: "node", server, call });
  // The package runs in this process, so its memory includes every byte that was received and kept.
  const { maxRSS } = process.resourceUsage();
  assert.ok(maxRSS < 400_000, `${maxRSS} kB`);
});
