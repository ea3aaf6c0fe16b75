// Tests a thousand simultaneous uploads through node:http: none is lost, and no body is stored
// whole.

import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

import { answered, form, open, ownPage } from "../server/client.mjs";
import { install } from "./installed.mjs";

const installed = install();
after(installed.remove);

const UPLOADS = 1000;
const BYTES = 1_000_000;

/** Starts the proxy in a process of its own, whose memory can be measured. */
async function startProxy(t, baseUrl) {
  const module = pathToFileURL(join(installed.folder, "server.js")).href;
  const child = fork(fileURLToPath(new URL("../server/measured.mjs", import.meta.url)), [
    module,
    baseUrl,
  ]);
  t.after(() => child.kill());
  const [{ port }] = await once(child, "message");
  const rss = async () => {
    child.send("rss");
    const [{ bytes }] = await once(child, "message");
    return bytes;
  };
  return { url: `http://127.0.0.1:${port}`, rss };
}

test(`${UPLOADS} uploads of 1 MB at once all arrive, in less memory than they are`, async (t) => {
  const expected = createHash("sha256").update(form(BYTES)).digest("hex");
  const arrived = [];
  const waiting = [];
  // Reads no upload to its end, and responds to none, before all of them have started.
  const upstream = createServer(async (request, response) => {
    const hash = createHash("sha256");
    request.pause();
    waiting.push(undefined);
    if (waiting.length === UPLOADS) allAreUnderWay();
    await underWay;
    for await (const chunk of request) hash.update(chunk);
    arrived.push(hash.digest("hex"));
    response.writeHead(200, { "content-type": "application/json" }).end('{"text":"Hi"}');
  });
  let allAreUnderWay;
  const underWay = new Promise((resolve) => {
    allAreUnderWay = resolve;
  });
  upstream.listen(0, "127.0.0.1", 2 * UPLOADS);
  await once(upstream, "listening");
  t.after(() => {
    upstream.closeAllConnections();
    upstream.close();
  });
  const proxy = await startProxy(t, `http://127.0.0.1:${upstream.address().port}`);
  const before = await proxy.rss();

  const body = form(BYTES);
  const responses = Array.from({ length: UPLOADS }, () => {
    const outgoing = open(proxy.url, "/api/theta/transcribe", {
      headers: { ...ownPage, "content-length": body.length },
    });
    const response = answered(outgoing);
    outgoing.end(body);
    return response;
  });
  await underWay;
  const during = await proxy.rss();
  const statuses = (await Promise.all(responses)).map(({ status }) => status);
  const afterwards = await proxy.rss();
  assert.equal(statuses.filter((status) => status === 200).length, UPLOADS);
  assert.equal(arrived.filter((hash) => hash === expected).length, UPLOADS);
  const megabytes = (bytes) => Math.round(bytes / 1e6);
  t.diagnostic(
    `RSS: ${megabytes(before)} MB before, ${megabytes(during)} MB with all under way, ${megabytes(afterwards)} MB afterwards`,
  );
  assert.ok(
    Math.max(during, afterwards) - before < (UPLOADS * BYTES) / 2,
    "the bodies are not held",
  );
});
