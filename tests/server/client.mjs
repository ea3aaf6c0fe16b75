// Sends requests like browsers and attackers: with any host, path and headers.

import { once } from "node:events";
import { request } from "node:http";
import { connect } from "node:net";
import { buffer } from "node:stream/consumers";

export const BOUNDARY = "thetaone-contract";
export const FORM = `multipart/form-data; boundary=${BOUNDARY}`;

/** Returns a form with a file of `size` bytes. */
export function form(size = 2000) {
  const head = `--${BOUNDARY}\r\ncontent-disposition: form-data; name="file"; filename="a.wav"\r\ncontent-type: audio/wav\r\n\r\n`;
  return Buffer.concat([
    Buffer.from(head),
    Buffer.alloc(size, "w\0a\xffv"),
    Buffer.from(`\r\n--${BOUNDARY}--\r\n`),
  ]);
}

/** The header that a browser sends from a page of the site itself. */
export const ownPage = { "sec-fetch-site": "same-origin" };

/** Opens a request to `path` at `url`; the caller writes the body. */
export function open(url, path, { method = "POST", headers = {} } = {}) {
  const { hostname, port } = new URL(url);
  const sent = { "content-type": FORM, ...headers };
  for (const name of Object.keys(sent)) if (sent[name] === undefined) delete sent[name];
  const outgoing = request({ hostname, port, path, method, headers: sent, agent: false });
  outgoing.on("error", () => {});
  return outgoing;
}

/** Resolves to the whole response to an open request. */
export async function answered(outgoing) {
  const [incoming] = await once(outgoing, "response");
  const body = await buffer(incoming);
  return {
    status: incoming.statusCode,
    headers: incoming.headers,
    body,
    text: body.toString("utf8"),
  };
}

/** Sends a request and returns its response. A body without `content-length` is sent in chunks. */
export async function send(
  url,
  path,
  { body = form(), headers, method = "POST", isChunked = false } = {},
) {
  const hasBody = method !== "GET" && method !== "HEAD" && method !== "OPTIONS";
  const length = hasBody && !isChunked ? { "content-length": body.length } : {};
  const outgoing = open(url, path, { method, headers: { ...ownPage, ...length, ...headers } });
  const response = answered(outgoing);
  outgoing.end(hasBody ? body : undefined);
  return response;
}

/** Sends raw bytes, and returns everything that arrives until the connection ends. */
export async function sendRaw(url, text) {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on("error", () => {});
  let received = "";
  socket.on("data", (data) => {
    received += data.toString("latin1");
  });
  socket.end(text, "latin1");
  await once(socket, "close");
  return received;
}
