// node:http and what is built on it: Express, Connect, Fastify, Vite.

import { configurationError } from "./configuration-error.js";
import { rememberConnection } from "./connection.js";
import { hostnameOf } from "./hostname.js";

/** Returns a handler `(request, response)` for node:http that answers with `proxy`. */
export function toNodeHandler(proxy) {
  if (typeof proxy !== "function") throw configurationError("toNodeHandler() takes a proxy");
  return async (incoming, outgoing) => {
    const controller = new AbortController();
    const closed = new Promise((resolve) => outgoing.once("close", resolve));
    void closed.then(() => controller.abort());
    try {
      await send(await proxy(requestFrom(incoming, controller.signal)), outgoing, closed);
    } catch (error) {
      fail(outgoing, error);
    }
  };
}

/** Ends a response that broke off, or that a function around the proxy did not give. */
function fail(outgoing, error) {
  if (outgoing.headersSent) return outgoing.destroy();
  const stack = `${error?.stack ?? error}`;
  console.error(`thetaone-web/server: ${stack.replace(/sk-theta-[\w.~+/=-]+/g, "sk-theta-***")}`);
  outgoing.statusCode = 500;
  outgoing.end('{"detail":"The proxy failed: its log says why"}');
}

function requestFrom(incoming, signal) {
  const { method, socket } = incoming;
  const headers = new Headers();
  for (let at = 0; at < incoming.rawHeaders.length; at += 2) {
    const name = incoming.rawHeaders[at];
    // HTTP/2 has pseudo-headers.
    if (!name.startsWith(":")) headers.append(name, incoming.rawHeaders[at + 1]);
  }
  const host = headers.get("host") ?? incoming.headers[":authority"] ?? "";
  headers.set("host", host);
  const path = (incoming.originalUrl ?? incoming.url).replace(/\?.*/s, "");
  const base = `${socket.encrypted ? "https" : "http"}://${host}`;
  const hasBody = method === "POST";
  const url =
    hostnameOf(host) && /^\/(?!\/)/.test(path) && URL.canParse(path, base)
      ? new URL(path, base)
      : "http://invalid";
  const request = new Request(url, {
    // `Request` throws for some methods, and all but these two are refused anyway.
    method: hasBody || method === "OPTIONS" ? method : "GET",
    headers,
    ...(hasBody && { body: bodyOf(incoming), duplex: "half" }),
    signal,
  });
  const { readableDidRead: isBodyRead } = incoming;
  rememberConnection(request, { path, localAddress: socket.localAddress, isBodyRead });
  return request;
}

/** The body, read only as it is asked for. */
function bodyOf(incoming) {
  let chunks;
  return new ReadableStream(
    {
      async pull(controller) {
        chunks ??= incoming[Symbol.asyncIterator]();
        const { done, value } = await chunks.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: () => void incoming.destroy(),
    },
    { highWaterMark: 0 },
  );
}

async function send(response, outgoing, closed) {
  outgoing.statusCode = response.status;
  for (const [name, value] of response.headers)
    if (name !== "set-cookie") outgoing.setHeader(name, value);
  const cookies = response.headers.getSetCookie();
  if (cookies.length > 0) outgoing.setHeader("set-cookie", cookies);
  const reader = response.body?.getReader();
  void closed.then(() => reader?.cancel().catch(() => {}));
  while (reader) {
    const { done, value } = await reader.read();
    if (done) break;
    if (!outgoing.write(value)) {
      await Promise.race([closed, new Promise((resolve) => outgoing.once("drain", resolve))]);
    }
  }
  outgoing.end();
}
