// The pages that may call, and CORS for those of another origin.

import { requestHost } from "./allowed-hosts.js";
import { ErrorResponse } from "./error-response.js";

/** @import { ValidOptions } from "./options.js" */

/**
 * Throws a 403 if a request comes from another site, or does not prove that it comes from this one.
 * @param {Request} request
 * @param {URL} url
 * @param {ValidOptions} options
 */
export function assertAllowedOrigin(request, url, { allowedOrigins, authorize }) {
  const origin = request.headers.get("origin");
  const site = request.headers.get("sec-fetch-site");
  if (allowedOrigins.includes(origin ?? "")) return;
  const isOwn = origin !== null && isOriginOfHost(origin, requestHost(request, url));
  const passes = authorize
    ? // Programs send neither header, and `authorize` checks them. Pages always send one.
      site === null
      ? origin === null || isOwn
      : site === "same-origin" || site === "none"
    : site === null
      ? isOwn
      : site === "same-origin" && (origin === null || isOwn);
  if (passes) return;
  throw new ErrorResponse(
    403,
    "Only pages of this site may call: name other origins in the proxy's allowedOrigins",
  );
}

/**
 * @param {string} origin
 * @param {string} host
 */
function isOriginOfHost(origin, host) {
  try {
    const { protocol, host: originHost } = new URL(origin);
    // Parses `host` too, because either may contain the default port.
    return originHost !== "" && originHost === new URL(`${protocol}//${host}`).host;
  } catch {
    return false;
  }
}

/**
 * Returns the headers of every response to `request`, which allow pages of the allowed origins to
 * read it.
 * @param {Request} request
 * @param {ValidOptions} options
 * @returns {Record<string, string>}
 */
export function corsHeaders(request, { allowedOrigins }) {
  if (allowedOrigins.length === 0) return {};
  const origin = request.headers.get("origin") ?? "";
  if (!allowedOrigins.includes(origin)) return { vary: "Origin" };
  return {
    vary: "Origin",
    "access-control-allow-origin": origin,
    "access-control-allow-credentials": "true",
    "access-control-expose-headers": "Retry-After",
  };
}

/**
 * Returns the response to a preflight request of a page of another origin.
 * @param {Request} request
 */
export function preflightResponse(request) {
  const requestedHeaders = request.headers.get("access-control-request-headers") ?? "";
  const isHeaderList = /^[\w-]+(?:, ?[\w-]+)*$/.test(requestedHeaders);
  return new Response(null, {
    status: 204,
    headers: {
      "access-control-allow-methods": "POST",
      ...(isHeaderList && { "access-control-allow-headers": requestedHeaders }),
      "access-control-max-age": "600",
    },
  });
}
