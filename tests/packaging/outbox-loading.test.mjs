// The script of the outbox is loaded with the core, and only by clients that have an outbox.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, test } from "node:test";

import { install } from "./installed.mjs";

const installed = install();
after(installed.remove);

const outbox = JSON.stringify(join(installed.folder, "outbox/index.js"));

/**
 * Runs `source` and returns the JSON that it prints. In it, `lose()` removes the script of the
 * outbox, and `mend()` restores it.
 */
const run = (source) =>
  installed.run(`
    import { renameSync } from "node:fs";
    import { ThetaOne } from "thetaone-web";
    const lose = () => renameSync(${outbox}, ${outbox} + ".lost");
    const mend = () => renameSync(${outbox} + ".lost", ${outbox});
    const made = (options) => new ThetaOne({ baseUrl: "http://127.0.0.1:1", ...options });
    const outcome = (promise) => promise.then(() => "ok", ({ name, message }) => name + ": " + message);
    ${source}
  `);

test("once ready, a recording is kept without anything more being fetched", () => {
  const listed = run(`
    const theta = made({ outbox: true });
    await theta.ready();
    lose();
    console.log(JSON.stringify(await outcome(theta.outbox.list()).finally(mend)));
  `);
  assert.match(listed, /^StorageError: there is no IndexedDB here/);
});

test("a client that cannot keep what it should is not ready, and may be by the next call", () => {
  const outcomes = run(`
    lose();
    const theta = made({ outbox: true });
    const lost = [await outcome(theta.ready()), await outcome(made({}).ready())];
    mend();
    console.log(JSON.stringify([...lost, await outcome(theta.ready())]));
  `);
  assert.match(outcomes[0], /^WasmLoadError: .*outbox\/index\.js/);
  assert.deepEqual(outcomes.slice(1), ["ok", "ok"]);
});
