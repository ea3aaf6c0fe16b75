// The hosts that requests may name. Other hosts are rejected, which prevents DNS rebinding.

import { ErrorResponse } from "./error-response.js";
import { isLoopback, parseHostname } from "./hostname.js";

/** @import { Connection } from "./connection.js" */
/** @import { ValidOptions } from "./options.js" */

/**
 * True if a host is an address, or a name that nobody outside can register: one without dots.
 * @param {string} hostname
 */
const isPrivateName = (hostname) => /^(?:\[.+\]|\d{1,3}(?:\.\d{1,3}){3}|[\w-]+)$/.test(hostname);

/**
 * Returns the `Host` that a request names.
 * @param {Request} request
 * @param {URL} url
 */
export const requestHost = (request, url) => request.headers.get("host") ?? url.host;

/**
 * Throws a 403 if the `Host` of a request is not allowed. For the browser, a page of an attacker
 * whose name points to this server has the same origin as this server.
 * @param {Request} request
 * @param {URL} url
 * @param {ValidOptions} options
 * @param {Connection | undefined} connection
 */
export function assertAllowedHost(request, url, options, connection) {
  const host = requestHost(request, url);
  const hostname = parseHostname(host);
  if (hostname && isAllowed(host.toLowerCase(), hostname, url, options, connection)) return;
  const shown = hostname ? `"${host}"` : "of this request";
  throw new ErrorResponse(
    403,
    `The host ${shown} is not allowed: name it in the proxy's allowedHosts`,
  );
}

/**
 * @param {string} host
 * @param {string} hostname
 * @param {URL} url
 * @param {ValidOptions} options
 * @param {Connection | undefined} connection
 */
function isAllowed(host, hostname, url, { allowedHosts, authorize }, connection) {
  if (allowedHosts) return allowedHosts.includes(host) || allowedHosts.includes(hostname);
  if (isLoopback(hostname)) return true;
  if (!connection && parseHostname(url.host) !== hostname) return false;
  // An attacker has no certificate of this server for the rebound name.
  if (url.protocol === "https:") return true;
  if (connection) return hostname === toUrlHostname(connection.localAddress);
  return isPrivateName(hostname) || authorize !== undefined;
}

/** Returns the address of a socket as a URL has it. */
function toUrlHostname(address = "") {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, "").toLowerCase();
  return plain.includes(":") ? `[${plain}]` : plain;
}
