// Tests of the package without any tool: its files, unchanged, in a page, a worker and a service
// worker.

import { strict as assert } from "node:assert";
import { test } from "node:test";

import { proven, row } from "./matrix.mjs";
import { assertTold, onPage } from "./browser.mjs";
import { served } from "./package-server.mjs";

export function plainPages(browser) {
  const told = async (told) => assertTold(await told("told"));

  test("files as they are", async (t) => {
    const cells = row("`<script type=module>`", "–", "without any tool");
    const server = await served(t);
    await proven(cells, "page", () => onPage(browser(), server, "/", told));
    await proven(cells, "worker", () => onPage(browser(), server, "/worker.html", told));
    await proven(cells, "external", () => onPage(browser(), server, "/external.html", told));
    assert.equal(server.inlineScripts, 0, "the policy is the strictest that there is");
  });

  test("a service worker", async (t) => {
    const cells = row("service worker", "–", 'of `type: "module"`; WAV and MP3 only');
    const server = await served(t);
    await onPage(browser(), server, "/service-worker.html", async (told) => {
      const onDemand = await told("onDemand");
      assert.equal(onDemand.name, "WasmLoadError");
      assert.match(onDemand.message, /service worker: use "thetaone-web\/external"/);
      await proven(cells, "external", async () =>
        assertTold(await told("calls"), { recording: false }),
      );
      const keeping = await told("keeping");
      assert.equal(keeping.name, "WasmLoadError");
      assert.match(
        keeping.message,
        /outbox\/index\.js .*service worker: import "thetaone-web\/service-worker"/,
      );
      assert.deepEqual(await told("kept"), {
        name: "NotAllWordsSpokenError",
        isListed: true,
        known: false,
        parts: 1,
      });
      const recording = await told("recording");
      assert.equal(recording.name, "InvalidAudioError");
      assert.match(recording.message, /pass WAV or MP3/);
    });
  });
}
