// Host names: which ones the proxy answers to, so that DNS rebinding gets nowhere.

import { Refusal } from "./refusal.js";

const HOST = /^(\[[\da-f:.]+\]|[\w.-]+?)\.?(?::\d{1,5})?$/i;

/** Returns the name or address in a `Host` header, without its port, or `undefined`. */
export const hostnameOf = (host) => HOST.exec(host)?.[1].toLowerCase();

/** Whether a name or address always means this machine. */
export const isLoopback = (hostname) =>
  /^(?:(?:.+\.)?localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname);

const isAddress = (hostname) => /^(?:\[.+\]|\d{1,3}(?:\.\d{1,3}){3})$/.test(hostname);

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
  return isAddress(hostname) || authorize !== undefined;
}

/** An address of a socket, as a URL writes it. */
function addressOf(address = "") {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, "").toLowerCase();
  return plain.includes(":") ? `[${plain}]` : plain;
}
