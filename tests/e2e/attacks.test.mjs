// Tests that pages of other origins, in the same browser, cannot use the demo's server.

import { strict as assert } from "node:assert";
import { once } from "node:events";
import { createServer } from "node:http";
import { DEMO_URL, ENGINE, launch, requests, test } from "./page.mjs";

const { port } = new URL(DEMO_URL);
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
 * Tries every request that a page can send to `target`. Runs in that page. Resolves to the list of
 * attempts that succeeded.
 */
async function attack(target) {
  const won = [];
  const call = `${target}/api/theta/transcribe`;
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
    "POST to the ledger": () =>
      fetch(`${target}/emulator/requests`, { method: "POST", mode: "no-cors" }),
    "DELETE of the ledger": () => fetch(`${target}/emulator/requests`, { method: "DELETE" }),
    "GET of the ledger": () => fetch(`${target}/emulator/requests`),
    "GET of a recording": () => fetch(`${target}/emulator/requests/1/audio`),
    "GET of the page": () => fetch(`${target}/`),
    "GET of the scenarios": () => fetch(`${target}/api/demo`),
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
  for (const [tag, path] of [
    ["img", "/emulator/requests/1/audio"],
    ["audio", "/emulator/requests/1/audio"],
    ["video", "/emulator/requests/1/audio"],
    ["script", "/emulator/requests"],
    ["script", "/api/demo"],
  ]) {
    const element = document.createElement(tag);
    const loading = settled(element);
    element.src = target + path;
    document.body.append(element);
    if (await loading) won.push(`<${tag} src="${path}">`);
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
    await page.goto(DEMO_URL);
    await page.evaluate(async () => {
      const body = new FormData();
      body.append("file", new Blob(["RIFF"]), "audio.wav");
      await fetch("/api/theta/transcribe", { method: "POST", body });
    });
    const before = await requests();
    assert.ok(before.length > 0, "the own page is answered");

    const localhost = DEMO_URL.replace("127.0.0.1", "localhost");
    const address = DEMO_URL.replace("localhost", "127.0.0.1");
    const attacks = [
      [`http://127.0.0.1:${elsewhere.port}/`, address],
      [`http://127.0.0.1:${elsewhere.port}/`, localhost],
      ...names.flatMap((name) => [
        [`http://${name}:${elsewhere.port}/`, address],
        [`http://${name}:${elsewhere.port}/`, localhost],
        // The page's own name resolves to the demo server, so that the browser sees one origin.
        [`http://${name}:${port}/`, `http://${name}:${port}`],
      ]),
    ];
    for (const [from, target] of attacks) {
      await page.goto(from);
      assert.deepEqual(await page.evaluate(attack, target), [], `${from} to ${target}`);
      assert.deepEqual(await requests(), before, `${from} to ${target}`);
    }
  } finally {
    await browser.close();
    elsewhere.close();
  }
});
