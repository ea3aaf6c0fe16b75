// Tests that pages of other origins, in the same browser, can use neither the server nor the requests
// that the emulator recorded.

import { strict as assert } from "node:assert";
import { once } from "node:events";
import { createServer } from "node:http";
import { EMULATOR_URL, ENGINE, SITE_URL, launch, requests, test } from "./page.mjs";

/** Leads to this machine in the browsers of this file, as after DNS rebinding. */
const ATTACKER = "attacker.test";

/**
 * Serves an empty page on another port of this machine. Resolves to the port and a function that
 * closes the server.
 */
async function serveElsewhere() {
  const server = createServer((_, response) => {
    response
      .writeHead(200, { "content-type": "text/html" })
      .end("<!doctype html><title>elsewhere</title><body>");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { port: server.address().port, close };
}

/**
 * Tries every request that a page can send to the server at `site` and to the requests that the
 * emulator at `emulator` recorded. Runs in that page. Resolves to the list of attempts that
 * succeeded.
 */
async function attack({ site, emulator }) {
  const won = [];
  const call = `${site}/api/theta/transcribe`;
  const form = new FormData();
  form.append("file", new Blob(["RIFF"], { type: "audio/wav" }), "audio.wav");
  const tries = {
    "POST no-cors": () => fetch(call, { method: "POST", mode: "no-cors", body: form }),
    "POST text no-cors": () => fetch(call, { method: "POST", mode: "no-cors", body: "--x--" }),
    "POST no-cors with credentials": () =>
      fetch(call, { method: "POST", mode: "no-cors", credentials: "include", body: form }),
    "POST cors": () => fetch(call, { method: "POST", body: form }),
    "POST cors with a header": () =>
      fetch(call, { method: "POST", body: form, headers: { "x-demo-scenario": "ok" } }),
    "POST to the recorded requests": () =>
      fetch(`${emulator}/requests`, { method: "POST", mode: "no-cors" }),
    "DELETE of the recorded requests": () => fetch(`${emulator}/requests`, { method: "DELETE" }),
    "GET of the recorded requests": () => fetch(`${emulator}/requests`),
    "GET of a recording": () => fetch(`${emulator}/requests/1/audio`),
    "GET of the page": () => fetch(`${site}/`),
    "GET of the scenarios": () => fetch(`${site}/api/demo`),
  };
  for (const [name, send] of Object.entries(tries)) {
    const response = await send().catch(() => undefined);
    // An opaque response shows nothing. The list of requests shows whether the call arrived.
    if (response && response.type !== "opaque" && response.status !== 403)
      won.push(`${name}: ${response.status}`);
  }
  navigator.sendBeacon?.(call, form);

  const settled = (element) =>
    new Promise((resolve) => {
      for (const event of ["load", "loadedmetadata"])
        element.addEventListener(event, () => resolve(true));
      element.addEventListener("error", () => resolve(false));
    });
  for (const [tag, url] of [
    ["img", `${emulator}/requests/1/audio`],
    ["audio", `${emulator}/requests/1/audio`],
    ["video", `${emulator}/requests/1/audio`],
    ["script", `${emulator}/requests`],
    ["script", `${site}/api/demo`],
  ]) {
    const element = document.createElement(tag);
    const loading = settled(element);
    element.src = url;
    document.body.append(element);
    if (await loading) won.push(`<${tag} src="${url}">`);
  }

  // The response to a form opens in a frame, which reports that it has loaded in any case.
  for (const enctype of ["multipart/form-data", "text/plain"]) {
    const frame = Object.assign(document.createElement("iframe"), { name: `frame ${enctype}` });
    document.body.append(frame);
    const sender = Object.assign(document.createElement("form"), {
      action: call,
      method: "post",
      enctype,
      target: frame.name,
    });
    sender.append(Object.assign(document.createElement("input"), { name: "file", value: "RIFF" }));
    document.body.append(sender);
    const done = settled(frame);
    sender.submit();
    await done;
  }
  return won;
}

test("pages of other origins spend nothing, read nothing and remove nothing", async () => {
  const elsewhere = await serveElsewhere();
  // WebKitGTK cannot map a host name to an address.
  const names = ENGINE === "webkit" ? [] : [ATTACKER];
  const browser = await launch({ names });
  try {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(SITE_URL);
    await page.evaluate(async () => {
      const body = new FormData();
      body.append("file", new Blob(["RIFF"]), "audio.wav");
      await fetch("/api/theta/transcribe", { method: "POST", body });
    });
    const before = await requests();
    assert.ok(before.length > 0, "the own page is answered");

    const sitePort = new URL(SITE_URL).port;
    const emulatorPort = new URL(EMULATOR_URL).port;
    const targetsAt = (name) => ({
      site: `http://${name}:${sitePort}`,
      emulator: `http://${name}:${emulatorPort}`,
    });
    const other = (name) => `http://${name}:${elsewhere.port}/`;
    const attacks = [
      [other("127.0.0.1"), targetsAt("127.0.0.1")],
      [other("127.0.0.1"), targetsAt("localhost")],
      ...names.flatMap((name) => [
        [other(name), targetsAt("127.0.0.1")],
        [other(name), targetsAt("localhost")],
        // The page's own name resolves to the server, so that the browser sees one origin.
        [`http://${name}:${sitePort}/`, targetsAt(name)],
        [`http://${name}:${emulatorPort}/`, targetsAt(name)],
      ]),
    ];
    for (const [from, targets] of attacks) {
      await page.goto(from);
      const message = `${from} to ${targets.site}`;
      assert.deepEqual(await page.evaluate(attack, targets), [], message);
      assert.deepEqual(await requests(), before, message);
    }
  } finally {
    await browser.close();
    elsewhere.close();
  }
});
