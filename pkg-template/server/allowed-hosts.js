// Which hosts the proxy answers to, so that DNS rebinding gets nowhere.

import { hostnameOf, isLoopback } from "./hostname.js";
import { Refusal } from "./error-response.js";

/** Whether a host is an address, or a name that nobody outside can register: one without dots. */
const isPrivateName = (hostname) => /^(?:\[.+\]|\d{1,3}(?:\.\d{1,3}){3}|[\w-]+)$/.test(hostname);

/** The `Host` that a request names. */
export const hostOf = (request, url) => request.headers.get("host") ?? url.host;

/**
 * Throws a 403 for a request with a `Host` that is not ours. A page of an attacker whose name was
 * made to point to this server is of the same origin as it, as far as the browser knows.
 */
export function checkHost(request, url, options, connection) {
  const host = hostOf(request, url);
  const hostname = hostnameOf(host);
  if (hostname && isAllowed(host.toLowerCase(), hostname, url, options, connection)) return;
  const shown = hostname ? `"${host}"` : "of this request";
  throw new Refusal(403, `The host ${shown} is not allowed: name it in the proxy's allowedHosts`);
}

function isAllowed(host, hostname, url, { allowedHosts, authorize }, connection) {
  if (allowedHosts) return allowedHosts.includes(host) || allowedHosts.includes(hostname);
  if (isLoopback(hostname)) return true;
  if (!connection && hostnameOf(url.host) !== hostname) return false;
  // A rebound name has no certificate of this server's.
  if (url.protocol === "https:") return true;
  if (connection) return hostname === addressOf(connection.localAddress);
  return isPrivateName(hostname) || authorize !== undefined;
}

/** An address of a socket, as a URL writes it. */
function addressOf(address = "") {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, "").toLowerCase();
  return plain.includes(":") ? `[${plain}]` : plain;
}
