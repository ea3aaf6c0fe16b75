// The adapter for node:http and frameworks on top of it: Express, Connect, Fastify, Vite.

import { configurationError } from "./configuration-error.js";
import { setConnection } from "./connection.js";
import { parseHostname } from "./hostname.js";

/** @import { NodeRequest, NodeResponse } from "../server.js" */

/**
 * The members of node:http's messages that only this file uses. The public types leave them out, so
 * that any framework's types fit.
 * @typedef {NodeRequest & AsyncIterable<Uint8Array> & {
 *   socket: { encrypted?: boolean, localAddress?: string },
 *   headers: Record<string, string | undefined>,
 *   originalUrl?: string,
 *   readableDidRead?: boolean,
 *   complete: boolean,
 *   destroy(): unknown,
 * }} IncomingMessage
 * @typedef {NodeResponse & {
 *   headersSent: boolean,
 *   flushHeaders(): void,
 *   end(listener: () => void): unknown,
 *   once(event: "close" | "drain", listener: (value?: unknown) => void): unknown,
 *   destroy(): unknown,
 * }} ServerResponse
 */

/**
 * Returns a handler `(request, response)` for node:http that responds with `proxy`.
 * @type {typeof import("../server.js").toNodeHandler}
 */
export function toNodeHandler(proxy) {
  if (typeof proxy !== "function") throw configurationError("toNodeHandler() takes a proxy");
  return async (request, response) => {
    const incoming = /** @type {IncomingMessage} */ (request);
    const outgoing = /** @type {ServerResponse} */ (response);
    const controller = new AbortController();
    const closed = new Promise((resolve) => outgoing.once("close", resolve));
    void closed.then(() => controller.abort());
    const chunks = incoming[Symbol.asyncIterator]();
    /** @param {Response} response */
    const respond = async (response) => {
      writeHeaders(response, outgoing);
      if (incoming.complete) return writeBody(response, outgoing, closed);
      const { endEarly } = await import("./early-response.js");
      return endEarly(response, outgoing, incoming, chunks);
    };
    try {
      await respond(await proxy(toRequest(incoming, chunks, controller.signal)));
    } catch (error) {
      if (outgoing.headersSent) return void outgoing.destroy();
      const { failureResponse } = await import("./handler.js");
      await respond(failureResponse(error));
    }
  };
}

/**
 * @param {IncomingMessage} incoming
 * @param {AsyncIterator<Uint8Array>} chunks
 * @param {AbortSignal} signal
 */
function toRequest(incoming, chunks, signal) {
  const { method, socket } = incoming;
  const headers = new Headers();
  for (let at = 0; at < incoming.rawHeaders.length; at += 2) {
    const name = /** @type {string} */ (incoming.rawHeaders[at]);
    // HTTP/2 has pseudo-headers, whose names begin with a colon.
    if (!name.startsWith(":"))
      headers.append(name, /** @type {string} */ (incoming.rawHeaders[at + 1]));
  }
  const host = headers.get("host") ?? incoming.headers[":authority"] ?? "";
  headers.set("host", host);
  const path = /** @type {string} */ (incoming.originalUrl ?? incoming.url).replace(/\?.*/s, "");
  const base = `${socket.encrypted ? "https" : "http"}://${host}`;
  const isValid = parseHostname(host) && /^\/(?!\/)/.test(path) && URL.canParse(path, base);
  const hasBody = method === "POST";
  // No host is allowed for the URL of an invalid request.
  const request = new Request(isValid ? new URL(path, base) : "http://invalid", {
    // `Request` throws for some methods. The proxy rejects all but these two anyway.
    method: hasBody || method === "OPTIONS" ? method : "GET",
    headers,
    ...(hasBody && { body: toBodyStream(chunks), duplex: "half" }),
    signal,
  });
  const { readableDidRead: isBodyRead } = incoming;
  setConnection(request, { path, localAddress: socket.localAddress, isBodyRead });
  return request;
}

/**
 * Returns a stream of a request's body that reads only as fast as it is read.
 * @param {AsyncIterator<Uint8Array>} chunks
 */
function toBodyStream(chunks) {
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await chunks.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
    },
    { highWaterMark: 0 },
  );
}

/**
 * @param {Response} response
 * @param {ServerResponse} outgoing
 */
function writeHeaders({ status, headers }, outgoing) {
  outgoing.statusCode = status;
  for (const [name, value] of headers)
    outgoing.setHeader(name, name === "set-cookie" ? headers.getSetCookie() : value);
}

/**
 * @param {Response} response
 * @param {ServerResponse} outgoing
 * @param {Promise<unknown>} closed resolves when the connection is closed
 */
async function writeBody({ body }, outgoing, closed) {
  const reader = body?.getReader();
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
