// The packed package in every tool that a page may be built with, unconfigured: production builds, run in a browser.

import { strict as assert } from "node:assert";
import { after, before, test } from "node:test";

import { BUILDS, emptied, version } from "./builds.mjs";
import { print, proven, row } from "./matrix.mjs";
import * as next from "./next.mjs";
import { assertTold, launch, onPage } from "./pages.mjs";
import { serve } from "./serve.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(async () => {
  await browser?.close();
  print();
});

const told = async (told) => assertTold(await told("told"));

for (const { name, module, external, note, build, inline } of BUILDS) {
  test(`${name} (${module})`, async (t) => {
    const cells = row(name, await version(module), note);
    const folder = await emptied(`${name} ${module}`);
    await build(folder);
    const server = await serve({ folders: { "/": folder } });
    t.after(server.close);
    await proven(cells, "page", () => onPage(browser, server, "/", told));
    await proven(cells, "worker", () => onPage(browser, server, "/worker.html", told));
    if (external) await proven(cells, "external", () => onPage(browser, server, `/${external}`, told));
    assert.equal(server.inlineScripts > 0, inline === true, "whether the policy is the strictest that there is");
  });
}

test("Next.js", async (t) => {
  const cells = row("Next.js", await version("next"), "Turbopack; both routers, and on the server; its inline scripts need hashes or a nonce in the CSP");
  await next.build();
  const running = await next.start();
  t.after(running.close);
  const server = await serve({ upstream: running.url, texts: { "/favicon.ico": "" } });
  t.after(server.close);
  await t.test("app router", () => proven(cells, "page", () => onPage(browser, server, "/", told)));
  await t.test("worker", () => proven(cells, "worker", () => onPage(browser, server, "/worker", told)));
  await t.test("pages router, whose pages import on the server", () =>
    onPage(browser, server, "/pages", async (told, page) => {
      assert.equal(await page.locator("#imported").textContent(), "function");
      assertTold(await told("told"));
    }));
  await t.test("calls on the server", async () => assertTold(await next.serverSide(running.url, server.url), { recording: false }));
});
