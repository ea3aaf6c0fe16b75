// Which pages may call, and CORS for those that are on another origin.

import { hostOf } from "./allowed-hosts.js";
import { Refusal } from "./error-response.js";

/**
 * Throws a 403 for a request of another site, or one that does not prove to come from this site.
 */
export function checkOrigin(request, url, { allowedOrigins, authorize }) {
  const origin = request.headers.get("origin");
  const site = request.headers.get("sec-fetch-site");
  if (allowedOrigins.includes(origin)) return;
  const isOwn = origin !== null && isOriginOf(hostOf(request, url), origin);
  const passes = authorize
    ? // Programs send neither header: `authorize` knows them. Pages of other sites cannot help it.
      site === null
      ? origin === null || isOwn
      : site === "same-origin" || site === "none"
    : site === null
      ? isOwn
      : site === "same-origin" && (origin === null || isOwn);
  if (passes) return;
  throw new Refusal(
    403,
    "Only pages of this site may call: name other origins in the proxy's allowedOrigins",
  );
}

function isOriginOf(host, origin) {
  try {
    const { protocol, host: own } = new URL(origin);
    // Parsed too, so that the default port may be written or not.
    return own !== "" && own === new URL(`${protocol}//${host}`).host;
  } catch {
    return false;
  }
}

/** The headers of every response to `request`, by which a page of an allowed origin may read it. */
export function corsHeaders(request, { allowedOrigins }) {
  if (allowedOrigins.length === 0) return {};
  const origin = request.headers.get("origin");
  if (!allowedOrigins.includes(origin)) return { vary: "Origin" };
  return {
    vary: "Origin",
    "access-control-allow-origin": origin,
    "access-control-allow-credentials": "true",
    "access-control-expose-headers": "Retry-After",
  };
}

/** Answers the question of a browser whether a page of another origin may call. */
export function preflightResponse(request) {
  const asked = request.headers.get("access-control-request-headers") ?? "";
  return new Response(null, {
    status: 204,
    headers: {
      "access-control-allow-methods": "POST",
      ...(/^[\w-]+(?:, ?[\w-]+)*$/.test(asked) && { "access-control-allow-headers": asked }),
      "access-control-max-age": "600",
    },
  });
}
