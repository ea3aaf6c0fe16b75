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
    const respond = (response) => writeResponse(response, incoming, outgoing, closed);
    try {
      await respond(await proxy(toRequest(incoming, chunks, controller.signal)));
    } catch (error) {
      if (outgoing.headersSent) outgoing.destroy();
      else await respond(failureResponse(error));
    }
    if (!incoming.complete) await endUpload(incoming, chunks, outgoing);
    outgoing.end();
  };
}

/**
 * Logs the error that a function around the proxy threw. Returns the response.
 * @param {any} error
 */
function failureResponse(error) {
  const stack = `${error?.stack ?? error}`;
  console.error(`thetaone-web/server: ${stack.replace(/sk-theta-[\w.~+/=-]+/g, "sk-theta-***")}`);
  return Response.json({ detail: "The proxy failed: its log says why" }, { status: 500 });
}

/**
 * Reads and drops the rest of the upload, after the response. If the connection were closed while
 * the caller sends, the caller would lose the response. At a limit, closes the connection.
 * @param {IncomingMessage} incoming
 * @param {AsyncIterator<Uint8Array>} chunks
 * @param {ServerResponse} outgoing
 */
async function endUpload(incoming, chunks, outgoing) {
  const { drain } = await import("./handler.js");
  await drain({
    read: () => chunks.next(),
    cancel: async () => outgoing.end(() => incoming.destroy()),
  });
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
 * @param {IncomingMessage} incoming
 * @param {ServerResponse} outgoing
 * @param {Promise<unknown>} closed resolves when the connection is closed
 */
async function writeResponse(response, incoming, outgoing, closed) {
  outgoing.statusCode = response.status;
  const { headers } = response;
  for (const [name, value] of headers)
    outgoing.setHeader(name, name === "set-cookie" ? headers.getSetCookie() : value);
  if (!incoming.complete) {
    // With a length, the response is complete for callers while they upload. nginx 1.22 reads no
    // more of the upload after the headers, and so would wait for the end of the response.
    const bytes = new Uint8Array(await response.arrayBuffer());
    outgoing.setHeader("content-length", `${bytes.length}`);
    outgoing.write(bytes);
    return outgoing.flushHeaders();
  }
  const reader = response.body?.getReader();
  void closed.then(() => reader?.cancel().catch(() => {}));
  while (reader) {
    const { done, value } = await reader.read();
    if (done) break;
    if (!outgoing.write(value)) {
      await Promise.race([closed, new Promise((resolve) => outgoing.once("drain", resolve))]);
    }
  }
}
