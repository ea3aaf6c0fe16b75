// Serves the demo page, and the proxy that adds the API key. Every application needs such a proxy on
// its own server, because the key must not be in a page.

import { once } from "node:events";
import { createServer } from "node:http";

import { Access, isRead } from "./access.js";
import { createPageHandler } from "./page.js";

/** @import { ServerResponse } from "node:http" */
/** @import { AddressInfo } from "node:net" */
/** @import { Upstream } from "./upstream.js" */

/**
 * Starts the server on 127.0.0.1. Resolves to its address, or rejects if the port is in use. The
 * browser allows the microphone under `localhost`, which is a secure context.
 * @param {object} options
 * @param {number} options.port 0 for any free port
 * @param {string} options.dist the folder with the built page
 * @param {readonly string[]} options.allowedHosts accepted values of `Host`, besides this machine's
 * @param {Upstream} options.upstream
 */
export async function startServer({ port, dist, allowedHosts, upstream }) {
  const servePage = createPageHandler(dist);
  const server = createServer().listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = /** @type {AddressInfo} */ (server.address());
  const access = new Access(address.port, allowedHosts);

  server.on("request", (request, response) => {
    // For browsers that do not send the origin of a page that embeds something.
    response.setHeader("cross-origin-resource-policy", "same-origin");
    const path = request.url?.replace(/\?.*/s, "") ?? "";
    if (!access.isOwn(request)) rejectRequest(response);
    else if (path.startsWith("/api/theta/")) void upstream.forward(request, response);
    else if (!isRead(request)) rejectRequest(response);
    else if (path === "/api/demo") sendJson(response, 200, upstream.description);
    else servePage(request, response);
  });
  return `http://localhost:${address.port}`;
}

/** @param {ServerResponse} response */
const rejectRequest = (response) =>
  sendJson(response, 403, { detail: "Only this server's own page may do that" });

/**
 * @param {ServerResponse} response
 * @param {number} status
 * @param {object} value
 */
function sendJson(response, status, value) {
  response.writeHead(status, {
    "content-type": "application/json",
    "x-content-type-options": "nosniff",
  });
  response.end(JSON.stringify(value));
}
