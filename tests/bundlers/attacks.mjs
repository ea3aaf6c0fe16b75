// Tests that pages of other sites cannot use the key, in a real browser.

import { strict as assert } from "node:assert";
import { once } from "node:events";
import { createServer } from "node:http";
import { test } from "node:test";
import { createProxy, toNodeHandler, vitePlugin } from "thetaone-web/server";

import { contractOptions } from "../server/options.mjs";
import { startUpstream } from "../server/upstream.mjs";
import { waitFor } from "../support/wait-for.js";
import { emptied } from "./build-apps.mjs";
import { launch } from "./browser.mjs";

const PAGE =
  '<!doctype html><meta charset="utf-8"><title>page</title><link rel="icon" href="data:,">';

/** Starts an API, and a proxy whose events are recorded. */
async function watched(t) {
  const upstream = await startUpstream();
  t.after(upstream.close);
  const { allowedOrigins: _, ...options } = contractOptions(upstream.url);
  const events = [];
  return { upstream, events, options: { ...options, onEvent: (event) => events.push(event) } };
}

async function listen(t, handler) {
  const server = createServer(handler).listen(0, "localhost");
  await once(server, "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return server.address().port;
}

/** Serves a page that hides the origin of its requests as far as it can. */
const page = (_request, response) =>
  response
    .writeHead(200, { "content-type": "text/html", "referrer-policy": "no-referrer" })
    .end(PAGE);

/** Ways in which a page can send a request to the URL of another site. */
const ATTACKS = {
  fetch: (url) => fetch(url, { method: "POST", body: new FormData() }).catch(() => {}),
  "fetch without CORS": (url) => {
    const body = new FormData();
    body.append("file", new Blob(["x"]), "a.wav");
    return fetch(url, {
      method: "POST",
      mode: "no-cors",
      credentials: "include",
      body,
      referrerPolicy: "no-referrer",
    }).catch(() => {});
  },
  XMLHttpRequest: (url) =>
    new Promise((resolve) => {
      const xhr = new XMLHttpRequest();
      xhr.onloadend = resolve;
      xhr.open("POST", url);
      xhr.send(new FormData());
    }),
  "a beacon": (url) => void navigator.sendBeacon(url, new FormData()),
  "a form": (url) => {
    document.body.innerHTML = `<iframe name="frame"></iframe><form method="post" enctype="multipart/form-data" target="frame"><input name="file" value="x"></form>`;
    const form = document.querySelector("form");
    form.action = url;
    form.submit();
  },
  "a form in a sandbox": (url) => {
    const frame = document.createElement("iframe");
    frame.sandbox = "allow-scripts allow-forms";
    frame.srcdoc = `<form method="post" enctype="multipart/form-data" action="${url}"><input name="file"></form><script>document.forms[0].submit()</script>`;
    document.body.append(frame);
  },
  "an image": (url) =>
    new Promise((resolve) => {
      const image = new Image();
      image.onerror = image.onload = resolve;
      image.src = url;
    }),
  "a script": (url) =>
    new Promise((resolve) => {
      const script = document.createElement("script");
      script.onerror = script.onload = resolve;
      script.src = url;
      document.head.append(script);
    }),
};

export function attacks() {
  test("no page of another site spends the key, by whatever it sends", async (t) => {
    const { upstream, events, options } = await watched(t);
    const { createServer: createVite } = await import("vite");
    const vite = await createVite({
      root: await emptied("attacked"),
      configFile: false,
      logLevel: "error",
      plugins: [vitePlugin(options)],
      server: { port: 0, host: "localhost", hmr: false },
    });
    await vite.listen();
    t.after(() => vite.close());
    const { port } = vite.httpServer.address();
    const target = `http://localhost:${port}/api/theta/transcribe`;
    const evilPort = await listen(t, page);
    const browser = await launch({
      args: ["--host-resolver-rules=MAP evil.example 127.0.0.1, MAP [::1] 127.0.0.1"],
    });
    t.after(() => browser.close());
    // A page of another site, and one of another port of the same site.
    for (const origin of [`http://evil.example:${evilPort}`, `http://localhost:${evilPort}`]) {
      for (const [name, attack] of Object.entries(ATTACKS)) {
        await t.test(`${name}, from ${new URL(origin).hostname}`, async () => {
          events.length = 0;
          const tab = await browser.newPage();
          await tab.goto(origin);
          const answered = tab.waitForResponse(target, { timeout: 60_000 }).catch(() => undefined);
          const failed = tab
            .waitForEvent("requestfailed", { timeout: 60_000 })
            .catch(() => undefined);
          await tab.evaluate(attack, target);
          // The driver does not report requests of a frame in a sandbox.
          const arrived = name === "a form in a sandbox" && waitFor(() => events.length > 0);
          await (arrived || Promise.race([answered, failed]));
          // If its preflight is refused, the attack is over.
          assert.ok(events.length > 0, "the attack arrived");
          assert.ok(
            events.every(({ status }) => status === 403 || status === 405),
            JSON.stringify(events),
          );
          assert.deepEqual(upstream.requests, []);
          await tab.close();
        });
      }
    }
  });

  test("a page whose name was made to point here does not spend the key, and the own page does", async (t) => {
    const { upstream, events, options } = await watched(t);
    const proxy = toNodeHandler(createProxy(options));
    const port = await listen(t, (request, response) =>
      (request.url.startsWith("/api/") ? proxy : page)(request, response),
    );
    const browser = await launch({ args: ["--host-resolver-rules=MAP evil.example localhost"] });
    t.after(() => browser.close());
    const call = async (origin) => {
      const tab = await browser.newPage();
      await tab.goto(origin);
      return tab.evaluate(async () => {
        const url = "/api/theta/transcribe";
        const body = new FormData();
        body.append("file", new Blob(["x"]), "a.wav");
        const { status } = await fetch(url, { method: "POST", body });
        const xhr = new XMLHttpRequest();
        await new Promise((resolve) => {
          xhr.onloadend = resolve;
          xhr.open("POST", url);
          xhr.send(body);
        });
        return [status, xhr.status];
      });
    };
    assert.deepEqual(await call(`http://evil.example:${port}`), [403, 403]);
    assert.deepEqual(upstream.requests, []);
    assert.deepEqual(await call(`http://localhost:${port}`), [200, 200]);
    assert.equal(upstream.requests.length, 2);
    assert.deepEqual(
      events.map(({ status }) => status),
      [403, 403, 200, 200],
    );
  });
}
