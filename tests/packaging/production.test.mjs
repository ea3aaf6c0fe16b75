// Runs the server and the nginx of docs/production.md.

import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer, request } from "node:http";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";

import { FORM, answered, form, ownPage } from "../server/client.mjs";
import { findNginx, startNginx } from "../server/nginx.mjs";
import { KEY, startUpstream } from "../server/upstream.mjs";
import { install } from "./installed.mjs";

const page = readFileSync(new URL("../../docs/production.md", import.meta.url), "utf8");
const [, server] = /^```js\n(.*?)^```$/ms.exec(page);
const [, location] = /^```nginx\n(.*?)^```$/ms.exec(page);

const found = findNginx();
const installed = install();
after(installed.remove);

/** Runs the code of the page, with an API of the tests. Returns the address of the server. */
async function startServer(baseUrl) {
  const routes = [];
  globalThis.app = { use: (path, handler) => routes.push([path, handler]) };
  globalThis.sessionOf = async ({ headers }) => {
    const userId = /(?:^|; )session=(\w+)/.exec(headers.get("cookie") ?? "")?.[1];
    return userId && { userId };
  };
  process.env.THETA_ONE_API_KEY = KEY;
  const file = join(installed.project, "server.js");
  const started = server.replace("createProxy({", `createProxy({ baseUrl: "${baseUrl}",`);
  assert.notEqual(started, server);
  writeFileSync(file, started);
  await import(pathToFileURL(file).href);
  delete process.env.THETA_ONE_API_KEY;
  const [[path, handler]] = routes;
  const listener = createServer((incoming, response) => {
    assert.ok(incoming.url.startsWith(`${path}/`));
    void handler(incoming, response);
  });
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  after(() => {
    listener.closeAllConnections();
    listener.close();
  });
  return `http://127.0.0.1:${listener.address().port}`;
}

test("the server of the guide, behind its nginx", { skip: found.obstacle }, async (t) => {
  const events = [];
  t.mock.method(console, "log", (line) => events.push(JSON.parse(line)));
  const upstream = await startUpstream();
  t.after(upstream.close);
  const address = await startServer(upstream.url);
  const behind = location.replace("http://127.0.0.1:3000", address);
  assert.notEqual(behind, location);
  const nginx = await startNginx(found.program, behind);
  t.after(nginx.stop);

  const open = (headers) => {
    const own = { host: "app.example.com", "content-type": FORM, cookie: "session=ann" };
    const outgoing = request({
      socketPath: nginx.path,
      path: "/api/theta/transcribe",
      method: "POST",
      headers: { ...own, ...ownPage, ...headers },
      agent: false,
    });
    outgoing.on("error", () => {});
    return outgoing;
  };
  const call = async (headers, body = form()) => {
    const outgoing = open({ "content-length": body.length, ...headers });
    const response = answered(outgoing);
    outgoing.end(body);
    return response;
  };

  await t.test("passes a call with a session on, and logs it without the key", async () => {
    const { status, text } = await call();
    assert.equal(status, 200, text);
    const [sent] = upstream.requests;
    assert.equal(sent.headers["x-api-key"], KEY);
    assert.equal(sent.headers.cookie, undefined);
    assert.equal(events.length, 1);
    assert.deepEqual(
      [events[0].endpoint, events[0].status, events[0].userId],
      ["/transcribe", 200, "ann"],
    );
    assert.ok(!JSON.stringify(events).includes(KEY));
  });

  await t.test(
    "rejects a call without a session, of another site or for another host",
    async () => {
      assert.equal((await call({ cookie: "" })).status, 401);
      assert.equal((await call({ "sec-fetch-site": "cross-site" })).status, 403);
      assert.equal((await call({ host: "evil.example" })).status, 403);
      assert.equal(upstream.requests.length, 1);
    },
  );

  await t.test("rejects a recording that is too large before it reaches the server", async () => {
    const count = events.length;
    assert.equal((await call({}, form(5.5 * 1024 * 1024))).status, 413);
    assert.equal(events.length, count);
  });

  const inTime = { timeout: 20_000 };
  await t.test(
    "streams an upload, and ends it at the API when the user leaves",
    inTime,
    async () => {
      const arrived = new Promise((resolve) => {
        upstream.answer = (incoming) => {
          incoming.resume();
          resolve(upstream.requests.at(-1));
        };
      });
      const outgoing = open({ "content-length": 100_000, cookie: "session=ben" });
      outgoing.write(form(50_000));
      const sent = await arrived; // although the upload is not complete
      outgoing.destroy();
      await sent.closed;
    },
  );

  await t.test("limits each user", async () => {
    upstream.answer = (incoming, response) => {
      incoming.resume();
      response.end("{}");
    };
    const calls = Array.from({ length: 12 }, () => call({ cookie: "session=cat" }));
    const statuses = (await Promise.all(calls)).map(({ status }) => status);
    assert.ok(statuses.includes(200) && statuses.includes(429), statuses.join());
    assert.equal((await call({ cookie: "session=dan" })).status, 200);
  });
});
