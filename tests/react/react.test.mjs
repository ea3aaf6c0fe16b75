// Tests of thetaone-web/react with every supported version of React, in a real browser and on the
// server.

import { strict as assert } from "node:assert";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";

import { launch } from "../bundlers/browser.mjs";
import { serve } from "../bundlers/static-server.mjs";
import { VERSIONS, built } from "./build.mjs";

const PAGE =
  '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><script type="module" src="/main.js"></script>';

const browser = await launch({ microphone: true });
after(() => browser.close());

for (const version of VERSIONS) {
  const folder = await built(version);
  const { rendered } = await import(pathToFileURL(`${folder}/server.mjs`));
  const html = await rendered();
  const server = await serve({
    folders: { "/": folder },
    texts: { "/": PAGE, "/hydrated.html": `${PAGE}<div id="root">${html}</div>` },
  });
  after(server.close);

  /** Opens a page. `problems` lists its errors and those on the console. */
  const opened = async (path) => {
    const context = await browser.newContext({ permissions: [] });
    const page = await context.newPage();
    const problems = [];
    page.on("pageerror", (error) => problems.push(`page error: ${error}`));
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type()))
        problems.push(`console: ${message.text()}`);
    });
    await page.goto(server.url + path);
    await page.waitForFunction(() => globalThis.scenarios !== undefined);
    return { context, page, problems };
  };

  const { page, problems } = await opened("/");
  for (const name of await page.evaluate(() => Object.keys(scenarios))) {
    test(`React ${version}: ${name}`, async () => {
      problems.length = 0;
      // A scenario returns the messages that it expects on the console.
      const { failed, complaints = [] } = await page.evaluate((name) => run(name), name);
      assert.equal(failed, undefined, [failed, ...problems].join("\n"));
      const unexpected = problems.filter(
        (problem) => !complaints.some((expected) => problem.includes(expected)),
      );
      assert.deepEqual(unexpected, []);
      for (const expected of complaints)
        assert.ok(
          problems.some((problem) => problem.includes(expected)),
          expected,
        );
    });
  }

  test(`React ${version}: the server renders every hook, which the browser takes over as it is`, async () => {
    assert.match(html, /idle idle unknown -100 0/);
    const hydrated = await opened("/hydrated.html");
    await hydrated.page.evaluate(() => hydrate());
    // React replaces content that does not match, and reports it.
    assert.deepEqual(hydrated.problems, []);
    await hydrated.context.close();
  });

  test(`React ${version}: useMicrophones follows the browser's permission`, async () => {
    const { context, page, problems } = await opened("/");
    const shown = (text) =>
      page.locator("#microphones", { hasText: text }).waitFor({ timeout: 60_000 });
    await page.evaluate(() => showMicrophones());
    await shown(/^denied$/);
    await context.grantPermissions(["microphone"]);
    await shown(/^granted Fake/);
    assert.equal(await page.evaluate(() => requestMicrophone()), "ended");
    assert.deepEqual(problems, []);
    await context.close();
  });
}
