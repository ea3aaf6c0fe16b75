// Tests of the packed package in every build tool, without configuration. The production builds run
// in a browser.

import { strict as assert } from "node:assert";
import { after, before, test } from "node:test";

import { attacks } from "./attacks.mjs";
import { BUILDS, emptied, leftOf, version, viteDev } from "./build-apps.mjs";
import { pagesWith } from "./doc-examples.mjs";
import { loading } from "./loading.mjs";
import { print, proven, row } from "./matrix.mjs";
import * as next from "./next.mjs";
import { assertTold, launch, onPage } from "./browser.mjs";
import { plainPages } from "./no-bundler.mjs";
import { proxies } from "./proxies.mjs";
import { quickStart } from "./quick-start.mjs";
import { runtimes } from "./runtimes.mjs";
import { sandboxes } from "./sandboxes.mjs";
import { serve } from "./static-server.mjs";

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
    if (external)
      await proven(cells, "external", () => onPage(browser, server, `/${external}`, told));
    assert.equal(
      server.inlineScripts > 0,
      inline === true,
      "whether the policy is the strictest that there is",
    );
  });
}

for (const module of ["vite", "vite5"]) {
  test(`Vite's development server (${module})`, async (t) => {
    const cells = row("Vite dev", await version(module));
    const running = await viteDev(module);
    t.after(running.close);
    const server = await serve({ upstream: running.url });
    t.after(server.close);
    await proven(cells, "page", () => onPage(browser, server, "/app/index.html", told));
    await proven(cells, "worker", () => onPage(browser, server, "/app/worker.html", told));
    await proven(cells, "external", () =>
      onPage(browser, server, "/app/external-new-url.html", told),
    );
  });
}

test("Next.js", async (t) => {
  const cells = row(
    "Next.js",
    await version("next"),
    "Turbopack; both routers, and on the server; its inline scripts need hashes or a nonce in the CSP",
  );
  await next.build();
  const running = await next.start();
  t.after(running.close);
  const server = await serve({ upstream: running.url, texts: { "/favicon.ico": "" } });
  t.after(server.close);
  await t.test("app router", () => proven(cells, "page", () => onPage(browser, server, "/", told)));
  await t.test("worker", () =>
    proven(cells, "worker", () => onPage(browser, server, "/worker", told)),
  );
  await t.test("external", () =>
    proven(cells, "external", () => onPage(browser, server, "/external", told)),
  );
  await t.test("pages router, whose pages import on the server", () =>
    onPage(browser, server, "/pages", async (told, page) => {
      assert.equal(await page.locator("#imported").textContent(), "function");
      assertTold(await told("told"));
    }),
  );
  await t.test("the proxy of docs/security.md", () => next.guidesProxy(running.url));
  await t.test("the component of docs/react.md", () => next.guidesComponent(running.url));
  await t.test("calls on the server", async () =>
    assertTold(await next.serverSide(running.url, server.url), { recording: false }),
  );
  await t.test("calls in the edge runtime", async () =>
    assertTold(await next.onTheEdge(running.url, server.url), { recording: false }),
  );
});

test("bundlers leave out unused exports", async () => {
  assert.deepEqual(await leftOf('import "thetaone-web";'), []);
  const errors = 'import { ThetaOneError } from "thetaone-web"; console.log(ThetaOneError);';
  for (const entry of ["thetaone-web", "thetaone-web/external", "thetaone-web/errors"]) {
    const left = await leftOf(errors.replace("thetaone-web", entry));
    // Modules that only re-export may leave a trace.
    assert.deepEqual(
      left.filter((name) => name !== "exports.js" && name !== "errors.js"),
      ["result/errors.js"],
      entry,
    );
  }
});

test("every `javascript` and `jsx` block of the documentation is run", async () => {
  assert.deepEqual(await pagesWith("javascript"), [
    "README.ko.md",
    "README.md",
    "docs/frameworks.md", // in tests/examples
    "docs/security.md",
  ]);
  assert.deepEqual(await pagesWith("jsx"), ["docs/react.md"]);
});

quickStart();
proxies();
attacks();
plainPages(() => browser);
runtimes();
sandboxes();
loading(() => browser);
