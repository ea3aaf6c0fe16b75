// Decides which requests are accepted, by their `Host`, `Origin` and `Sec-Fetch-*` headers. Every
// page that is open on this machine can send requests to this server, and DNS rebinding can point
// the name of a page to it.

/** @import { IncomingMessage } from "node:http" */

/** Names that always mean this machine, so that no DNS server can redirect them. */
export const LOOPBACK_NAMES = ["localhost", "127.0.0.1", "[::1]"];

/** The default port of `http:`, which `Host` does not name. */
const DEFAULT_PORT = 80;

/** The hosts of a server, and the requests that are accepted because of them. */
export class Access {
  #namedHosts;
  #hosts;

  /**
   * @param {number} port the port that the server listens on
   * @param {readonly string[]} namedHosts further values of `Host`, of a proxy before the server
   */
  constructor(port, namedHosts) {
    const suffix = port === DEFAULT_PORT ? "" : `:${port}`;
    this.#namedHosts = namedHosts.map((host) => host.toLowerCase());
    this.#hosts = [...LOOPBACK_NAMES.map((name) => name + suffix), ...this.#namedHosts];
  }

  /**
   * True if a request names one host, which is the server's, and no other origin. The proxy demands
   * more of calls, because they spend the key.
   * @param {IncomingMessage} request
   */
  isOwn({ headersDistinct, url = "" }) {
    const [host = "", ...otherHosts] = headersDistinct.host ?? [];
    const isHost = this.#hosts.includes(host.toLowerCase()) && otherHosts.length === 0;
    const origins = headersDistinct.origin ?? [];
    // `GET http://attacker.test/ HTTP/1.1` names a host too.
    return (
      isHost && /^\/(?!\/)/.test(url) && origins.every((origin) => this.#isOrigin(origin, host))
    );
  }

  /**
   * True if pages that are served under `host` have this `origin`.
   * @param {string} origin
   * @param {string} host
   */
  #isOrigin(origin, host) {
    const own = host.toLowerCase();
    // A proxy before the server may add TLS.
    const schemes = this.#namedHosts.includes(own) ? ["http", "https"] : ["http"];
    return schemes.some((scheme) => origin.toLowerCase() === `${scheme}://${own}`);
  }
}

/**
 * True if a request reads, and no page of another origin embeds or fetches what it reads. Anyone may
 * open the demo page, by its address or by a link.
 * @param {IncomingMessage} request
 */
export function isRead({ method = "", headersDistinct }) {
  if (method !== "GET" && method !== "HEAD") return false;
  /** @param {string} name */
  const fetchHeader = (name) => headersDistinct[`sec-fetch-${name}`]?.join();
  const site = fetchHeader("site") ?? "none";
  const isLink = fetchHeader("mode") === "navigate" && fetchHeader("dest") === "document";
  return site === "same-origin" || site === "none" || isLink;
}
