// Tests thetaone-web/server on node:http against its contract.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import * as http2 from "node:http2";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { after, test } from "node:test";
import { join } from "node:path";

import { FORM, form, send, sendRaw } from "../server/client.mjs";
import { assertNoKey, contract } from "../server/contract.mjs";
import { contractOptions } from "../server/options.mjs";
import { KEY, RESULT, startUpstream } from "../server/upstream.mjs";
import { install } from "./installed.mjs";

const installed = install();
after(installed.remove);
const { createProxy, toNodeHandler } = await import(
  pathToFileURL(join(installed.folder, "server.js"))
);

test("node:http", async (t) => {
  const upstream = await startUpstream();
  t.after(upstream.close);
  const server = createServer(toNodeHandler(createProxy(contractOptions(upstream.url))));
  server.listen(0, "localhost");
  await once(server, "listening");
  t.after(() => server.closeAllConnections() ?? server.close());
  await contract(t, { url: `http://localhost:${server.address().port}`, upstream });
});

test("a function around the proxy that throws is a 500, and the log says what, without a key", async (t) => {
  const log = t.mock.method(console, "error", () => {});
  const server = createServer(
    toNodeHandler(async () => {
      throw new Error(`no session for ${KEY}`);
    }),
  );
  server.listen(0, "localhost");
  await once(server, "listening");
  t.after(() => server.closeAllConnections() ?? server.close());
  const response = await send(`http://localhost:${server.address().port}`, "/api/theta/transcribe");
  assert.equal(response.status, 500);
  assert.equal(typeof JSON.parse(response.text).detail, "string");
  const [line] = log.mock.calls[0].arguments;
  assert.match(line, /no session for sk-theta-\*\*\*/);
  assertNoKey(line + response.text, "the log and the response");
});

test("HTTP/2", async (t) => {
  const upstream = await startUpstream();
  t.after(upstream.close);
  const server = http2.createServer(toNodeHandler(createProxy(contractOptions(upstream.url))));
  server.listen(0, "localhost");
  await once(server, "listening");
  const session = http2.connect(`http://localhost:${server.address().port}`);
  t.after(() => {
    session.destroy();
    server.close();
  });
  const call = async (headers, body = form()) => {
    const stream = session.request({
      ":method": "POST",
      ":path": "/api/theta/transcribe",
      "content-type": FORM,
      ...headers,
    });
    stream.end(body);
    const [response] = await once(stream, "response");
    return { status: response[":status"], text: await text(stream) };
  };
  const served = await call({ "sec-fetch-site": "same-origin" });
  assert.deepEqual([served.status, JSON.parse(served.text)], [200, RESULT]);
  assert.equal(upstream.requests[0].headers["x-api-key"], KEY);
  assert.equal((await call({})).status, 403);
  assert.equal(
    (await call({ "sec-fetch-site": "same-origin", ":authority": "evil.example" })).status,
    403,
  );
  assert.equal((await call({ "sec-fetch-site": "same-origin" }, form(2_000_000))).status, 413);
});

test("requests that are hardly any", async (t) => {
  const upstream = await startUpstream();
  t.after(upstream.close);
  const server = createServer(
    { requireHostHeader: false },
    toNodeHandler(createProxy(contractOptions(upstream.url))),
  );
  server.listen(0, "localhost");
  await once(server, "listening");
  t.after(() => server.closeAllConnections() ?? server.close());
  const url = `http://localhost:${server.address().port}`;
  const path = "/api/theta/transcribe";
  for (const [line, host, status] of [
    [`POST ${path} HTTP/1.0`, undefined, 403],
    [`POST ${path} HTTP/1.1`, "", 403],
    [`POST ${path} HTTP/1.1`, "1.2.3.999", 403],
    [`POST ${path} HTTP/1.1`, "user@localhost", 403],
    [`POST ${path} HTTP/1.1`, "localhost/evil", 403],
    [`POST ${path} HTTP/1.1`, "localhost\r\nHost: evil.example", 403],
    [`POST http://localhost${path} HTTP/1.1`, "localhost", 404],
    [`POST //localhost${path} HTTP/1.1`, "localhost", 404],
    [`POST * HTTP/1.1`, "localhost", 404],
    [`OPTIONS * HTTP/1.1`, "localhost", 404],
    [`TRACE ${path} HTTP/1.1`, "localhost", 405],
    [`PROPFIND ${path} HTTP/1.1`, "localhost", 405],
  ]) {
    const head = [
      line,
      ...(host === undefined ? [] : [`Host: ${host}`]),
      "Sec-Fetch-Site: same-origin",
      `Content-Type: ${FORM}`,
      "Content-Length: 0",
      "Connection: close",
    ];
    const response = await sendRaw(url, `${head.join("\r\n")}\r\n\r\n`);
    assert.match(response, new RegExp(`^HTTP/1.1 ${status} [^]*"detail":`), `${line} ${host}`);
    assert.deepEqual(upstream.requests, []);
  }
});
