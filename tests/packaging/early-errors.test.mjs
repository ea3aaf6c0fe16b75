// Sends uploads that the proxy rejects before it has read them. Callers must receive the status,
// although they still upload.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";

import { FORM, form, ownPage, send } from "../server/client.mjs";
import { findNginx, startNginx } from "../server/nginx.mjs";
import { KEY, startUpstream } from "../server/upstream.mjs";
import { install } from "./installed.mjs";

const UPLOAD_BYTES = 12_000_000;
const ATTEMPTS = 4;
const CHUNK = Buffer.alloc(64 * 1024, "x");
/** The proxy reads at most 100 MB of a rejected upload. The rest are buffers and chunk sizes. */
const READ_LIMIT_BYTES = 102_000_000;

const installed = install();
after(installed.remove);
const { createProxy, toNodeHandler } = await import(
  pathToFileURL(join(installed.folder, "server.js")).href
);
const found = findNginx();

/** Each early error: its status, and the request that causes it. */
const EARLY_ERRORS = {
  "a declared size above maxBytes": { status: 413 },
  "a size above maxBytes": { status: 413, isChunked: true },
  "another site": { status: 403, headers: { "sec-fetch-site": "cross-site" } },
  "no session": { status: 401, headers: { "x-test": "anonymous" } },
  "a Response of authorize": { status: 402, headers: { "x-test": "unpaid" } },
  "an exception of authorize": { status: 500, headers: { "x-test": "throw" } },
  "no form": { status: 415, headers: { "content-type": "text/plain" } },
  "no endpoint": { status: 404, path: "/api/theta/other" },
  "another method": { status: 405, method: "PUT" },
  "a limit": { status: 429, isChunked: true, headers: { "x-user": "busy" } },
  "an error of the API": {
    status: 422,
    isChunked: true,
    headers: { "content-type": `${FORM}-early` },
  },
  "a function around the proxy": { status: 418, headers: { "x-test": "around" } },
  "an exception around the proxy": { status: 500, headers: { "x-test": "throw around" } },
};

/** Starts a proxy on node:http, whose uploads have at most 1 MB. */
async function startProxy(t) {
  t.mock.method(console, "error", () => {});
  const upstream = await startUpstream();
  const proxy = createProxy({
    apiKey: KEY,
    baseUrl: upstream.url,
    maxBytes: 1_000_000,
    // An API that responds before it reads the upload.
    fetch: async (url, init) =>
      init.headers["content-type"].endsWith("early")
        ? Response.json({ detail: "early" }, { status: 422 })
        : fetch(url, init),
    authorize({ headers }) {
      const reason = headers.get("x-test");
      if (reason === "throw") throw new Error("an error of the tests");
      return reason === "unpaid" ? new Response(null, { status: 402 }) : reason !== "anonymous";
    },
    perUser: { id: ({ headers }) => headers.get("x-user") ?? randomUUID(), requestsPerMinute: 1 },
  });
  const server = createServer(
    toNodeHandler(async (incoming) => {
      const reason = incoming.headers.get("x-test");
      if (reason === "throw around") throw new Error("an error of the tests");
      return reason === "around" ? new Response("teapot", { status: 418 }) : proxy(incoming);
    }),
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(async () => {
    server.closeAllConnections();
    server.close();
    await upstream.close();
  });
  const url = `http://127.0.0.1:${server.address().port}`;
  const first = await send(url, "/api/theta/transcribe", { headers: { "x-user": "busy" } });
  assert.equal(first.status, 200);
  return { server, url };
}

/** Returns the head of a request, and a function that frames a chunk of its body. */
function toRaw({ method = "POST", path = "/api/theta/transcribe", headers, isChunked }, more) {
  const all = {
    host: "localhost",
    "content-type": FORM,
    ...ownPage,
    ...headers,
    ...more,
    ...(isChunked ? { "transfer-encoding": "chunked" } : { "content-length": UPLOAD_BYTES }),
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return {
    head: `${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n`,
    frame: (chunk) =>
      isChunked
        ? Buffer.concat([
            Buffer.from(`${chunk.length.toString(16)}\r\n`),
            chunk,
            Buffer.from("\r\n"),
          ])
        : chunk,
    end: isChunked ? "0\r\n\r\n" : "",
  };
}

/**
 * Uploads over a socket like a browser, which reads no response before it has sent everything.
 * Returns the status, or the error of the socket.
 */
async function uploadRaw(target, error, more = { connection: "close" }) {
  const { head, frame, end } = toRaw(error, more);
  const socket = connect(target);
  try {
    await once(socket, "connect");
    socket.write(head);
    for (let sent = 0; sent < UPLOAD_BYTES; sent += CHUNK.length) {
      const chunk = CHUNK.subarray(0, UPLOAD_BYTES - sent);
      if (!socket.write(frame(chunk))) await once(socket, "drain");
    }
    socket.write(end);
    const [data] = await once(socket, "data");
    return Number(/^HTTP\/1\.1 (\d+)/.exec(data.toString("latin1"))?.[1]);
  } catch (error) {
    return error.code;
  } finally {
    socket.destroy();
  }
}

/** Uploads with `fetch`. Returns the status and reads the body, or returns the error. */
async function uploadByFetch(url, { method = "POST", path, headers, isChunked }) {
  let sent = 0;
  const stream = new ReadableStream({
    pull(controller) {
      const chunk = CHUNK.subarray(0, UPLOAD_BYTES - sent);
      sent += chunk.length;
      if (chunk.length > 0) controller.enqueue(new Uint8Array(chunk));
      else controller.close();
    },
  });
  try {
    const response = await fetch(url + (path ?? "/api/theta/transcribe"), {
      method,
      headers: { "content-type": FORM, "x-test": "", ...headers },
      body: isChunked ? stream : Buffer.alloc(UPLOAD_BYTES, "x"),
      duplex: "half",
    });
    await response.text();
    return response.status;
  } catch (error) {
    return error.cause?.code ?? `${error}`;
  }
}

/** Uploads several times. Asserts that each has the status. */
async function assertStatuses(name, { status }, upload) {
  const statuses = [];
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) statuses.push(await upload());
  assert.deepEqual(statuses, Array(ATTEMPTS).fill(status), name);
}

const inTime = { timeout: 120_000 };

test("a caller that uploads receives each early error", inTime, async (t) => {
  const { server, url } = await startProxy(t);
  const { port } = server.address();
  for (const [name, error] of Object.entries(EARLY_ERRORS)) {
    await assertStatuses(`raw: ${name}`, error, () => uploadRaw({ port }, error));
    await assertStatuses(`kept alive: ${name}`, error, () => uploadRaw({ port }, error, {}));
    // Browsers and `fetch` set Sec-Fetch-Site themselves: Node sends cors mode without a site.
    if (error.status !== 403) {
      await assertStatuses(`fetch: ${name}`, error, () => uploadByFetch(url, error));
    }
  }
});

test("nginx passes each early error on", { ...inTime, skip: found.obstacle }, async (t) => {
  const { url } = await startProxy(t);
  const nginx = await startNginx(
    found.program,
    `location / {
       proxy_pass ${url};
       proxy_http_version 1.1;
       proxy_set_header Host $host;
       client_max_body_size 0;
       proxy_request_buffering off;
     }`,
  );
  t.after(nginx.stop);
  for (const [name, error] of Object.entries(EARLY_ERRORS)) {
    await assertStatuses(`nginx: ${name}`, error, () => uploadRaw({ path: nginx.path }, error));
  }
});

test("an endless upload is cut, although its caller received the status", inTime, async (t) => {
  const { server } = await startProxy(t);
  for (const name of ["another site", "a size above maxBytes"]) {
    const error = { ...EARLY_ERRORS[name], isChunked: true };
    const accepted = once(server, "connection");
    const socket = connect(server.address().port);
    let received = "";
    socket.on("data", (data) => {
      received += data;
    });
    socket.on("error", () => {}); // The server closes the connection while the caller sends.
    const closed = new Promise((resolve) => socket.once("close", resolve));
    const [connection] = await accepted;
    const { head, frame } = toRaw(error, {});
    socket.write(head);
    const send = () => {
      while (!socket.destroyed && socket.write(frame(CHUNK)));
    };
    socket.on("drain", send);
    send();
    await closed;
    assert.ok(received.startsWith(`HTTP/1.1 ${error.status} `), received);
    assert.ok(connection.bytesRead <= READ_LIMIT_BYTES, `${connection.bytesRead} bytes`);
  }
});

test("a connection serves the next request after an early error", async (t) => {
  const { server } = await startProxy(t);
  const socket = connect(server.address().port);
  t.after(() => socket.destroy());
  const { head } = toRaw(EARLY_ERRORS["another site"], {});
  socket.write(head);
  const [early] = await once(socket, "data");
  assert.match(String(early), /^HTTP\/1\.1 403 /);
  const body = form();
  socket.write(Buffer.alloc(UPLOAD_BYTES, "x"));
  const lines = [
    "POST /api/theta/transcribe HTTP/1.1",
    "host: localhost",
    "sec-fetch-site: same-origin",
    `content-type: ${FORM}`,
    `content-length: ${body.length}`,
  ];
  socket.write(`${lines.join("\r\n")}\r\n\r\n`);
  socket.write(body);
  const [next] = await once(socket, "data");
  assert.match(String(next), /^HTTP\/1\.1 200 /);
});
