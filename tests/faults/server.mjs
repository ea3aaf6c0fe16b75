// A server over raw TCP for faults that no HTTP library can produce. The header x-fault of a
// request names the fault. The package, and the page that loads it, are served without faults.

import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { extname, join } from "node:path";

const TYPES = { ".js": "text/javascript", ".html": "text/html", ".wasm": "application/wasm" };

/**
 * Returns the bytes of a response. Only `headers` can set a `content-length`, which may thus be
 * wrong.
 */
export function http(status, headers = {}, body = "") {
  const lines = Object.entries(headers).flatMap(([name, values]) =>
    [values].flat().map((value) => `${name}: ${value}`),
  );
  return Buffer.concat([
    Buffer.from([`HTTP/1.1 ${status} X`, "connection: close", ...lines, "", ""].join("\r\n")),
    Buffer.from(body),
  ]);
}

/**
 * Starts the server. `faults` maps names to `{ when, act }`. `act(socket, request, server)` is
 * called when the head of a request ("head"), 64 KiB of its body ("middle") or all of it ("end",
 * the default) has arrived. `folder` is the installed package. The result counts the requests and
 * the written bytes by the name of the fault, so that faults can be tested at the same time.
 */
export async function faultServer(faults, folder) {
  const sockets = new Set();
  const state = { requests: {}, written: {}, breakAfterMs: {}, elsewhere: [], isRefusing: false };
  const serve = (onRequest) =>
    createServer((socket) => {
      if (state.isRefusing) return socket.resetAndDestroy();
      sockets.add(socket.on("error", () => {}).on("close", () => sockets.delete(socket)));
      return read(socket, onRequest);
    });
  const main = serve((socket, request, at) => {
    const name = request.headers["x-fault"];
    if (request.method !== "POST") return at === "head" && socket.end(file(request.path, folder));
    const { when = "end", act } = faults[name] ?? faults.none;
    if (at === "head") {
      state.requests[name] = (state.requests[name] ?? 0) + 1;
      socket.on("close", () => {
        state.written[name] = Math.max(state.written[name] ?? 0, socket.bytesWritten);
      });
    }
    if (at === when) act(socket, request, state);
  });
  // Another origin, which allows everything. Every request that reaches it was redirected.
  const other = serve((socket, request, at) => {
    if (at !== "end") return;
    state.elsewhere.push({
      method: request.method,
      path: request.path,
      bytes: request.received,
      token: request.headers["x-token"],
    });
    const cors = {
      "access-control-allow-origin": request.headers.origin ?? "*",
      "access-control-allow-headers": "x-fault, x-token, content-type",
      "access-control-allow-methods": "POST",
      "access-control-allow-credentials": "true",
    };
    socket.end(http(200, cors, '{"text":"from elsewhere"}'));
  });
  for (const server of [main, other])
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return Object.assign(state, {
    url: `http://127.0.0.1:${main.address().port}`,
    otherUrl: `http://127.0.0.1:${other.address().port}`,
    async close() {
      for (const socket of sockets) socket.destroy();
      await Promise.all(
        [main, other].map((server) => new Promise((resolve) => server.close(resolve))),
      );
    },
  });
}

/**
 * Calls `on(socket, request, at)` while a request arrives. Its body is chunked or has a
 * `content-length`.
 */
function read(socket, on) {
  let head = Buffer.alloc(0);
  let request;
  const body = (bytes) => {
    const before = request.received;
    request.received += bytes.length;
    // Enough of the body to recognize the end of a chunked one.
    request.tail = Buffer.concat([request.tail, bytes]).subarray(-7);
    if (before < 65_536 && request.received >= 65_536) on(socket, request, "middle");
    const isWhole = request.isChunked
      ? request.tail.toString("latin1").endsWith("0\r\n\r\n")
      : request.received >= request.length;
    if (isWhole && !request.isOver) {
      request.isOver = true;
      on(socket, request, "end");
    }
  };
  socket.on("data", (bytes) => {
    if (request) return body(bytes);
    head = Buffer.concat([head, bytes]);
    const end = head.indexOf("\r\n\r\n");
    if (end < 0) return;
    const [first, ...lines] = head.subarray(0, end).toString("latin1").split("\r\n");
    const [method, path] = first.split(" ");
    const headers = Object.fromEntries(
      lines.map((line) => [
        line.slice(0, line.indexOf(":")).toLowerCase(),
        line.slice(line.indexOf(":") + 1).trim(),
      ]),
    );
    const isChunked = /chunked/i.test(headers["transfer-encoding"] ?? "");
    request = {
      method,
      path,
      headers,
      isChunked,
      length: Number(headers["content-length"] ?? 0),
      received: 0,
      tail: Buffer.alloc(0),
    };
    // As a server does that expects a body: otherwise Node's fetch would wait for it.
    on(socket, request, "head");
    body(head.subarray(end + 4));
  });
}

/** A service worker that responds to POST requests in the server's place, after 500 ms. */
const WORKER = `
  onactivate = (event) => event.waitUntil(clients.claim());
  const answered = async (request) => {
    const { size } = await request.blob();
    await new Promise((resolve) => setTimeout(resolve, 500));
    return new Response(JSON.stringify({ text: "by the worker: " + (size > 300_000) }));
  };
  onfetch = (event) => event.request.method === "POST" && event.respondWith(answered(event.request));`;

const STRICT =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; require-trusted-types-for 'script'";

function file(path, folder) {
  const html = (headers) =>
    http(200, { "content-type": "text/html", ...headers }, "<!doctype html><title>faults</title>");
  if (["/", "/login", "/worker/"].includes(path)) return html();
  if (path === "/strict/") return html({ "content-security-policy": STRICT });
  if (path === "/worker/worker.js") return http(200, { "content-type": "text/javascript" }, WORKER);
  try {
    const type = TYPES[extname(path)] ?? "application/octet-stream";
    return http(
      200,
      { "content-type": type },
      readFileSync(join(folder, path.replace(/^\/pkg\//, ""))),
    );
  } catch {
    return http(404);
  }
}
