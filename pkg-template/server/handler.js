// The proxy's answers: which requests pass, in which order they are checked, and what callers get
// back. Loaded with the first request.

import { configurationError } from "./configuration-error.js";
import { INVALID_KEY, KEY_PREFIX } from "./api.js";
import { connectionOf } from "./connection.js";
import { forward, tooLargeRefusal } from "./upstream.js";
import { checkHost } from "./allowed-hosts.js";
import { isKey } from "./options.js";
import { checkOrigin, corsHeaders, preflightResponse } from "./origin.js";
import { createRedactor } from "./redact.js";
import { Refusal, refusalResponse } from "./error-response.js";
import { createReport } from "./call-event.js";
import { endpointOf } from "./route.js";
import { drain } from "./upload.js";

/** Returns the function that answers requests under checked `options`. */
export function createAnswer(options) {
  const hasLimits = options.requestsPerMinute || options.limiter || options.perUser;
  /** Loaded where there are some. */
  const loadLimits =
    hasLimits && import("./rate-limits.js").then(({ createLimits }) => createLimits(options));

  async function answer(request, url, report) {
    const connection = connectionOf(request);
    const endpoint = endpointOf(connection?.path ?? url.pathname);
    if (!endpoint) throw new Refusal(404, "There is no such endpoint");
    report.endpoint = endpoint;
    checkHost(request, url, options, connection);
    if (
      request.method === "OPTIONS" &&
      options.allowedOrigins.includes(request.headers.get("origin"))
    ) {
      return preflightResponse(request);
    }
    if (request.method !== "POST")
      throw new Refusal(405, "Only POST is allowed", { allow: "POST" });
    checkOrigin(request, url, options);
    if (options.authorize) {
      const verdict = await options.authorize(request);
      if (verdict instanceof Response) return verdict;
      if (typeof verdict !== "boolean")
        throw new TypeError("authorize must return a boolean or a Response");
      if (!verdict) throw new Refusal(401, "You may not use this service: sign in first");
    }
    checkBody(request, connection);

    const userId = await options.perUser?.id(request);
    if (options.perUser) {
      if (typeof userId !== "string") throw new TypeError("perUser.id must return a string");
      report.userId = userId;
    }
    const key = typeof options.apiKey === "string" ? options.apiKey : await options.apiKey(request);
    if (!isKey(key)) {
      console.error("thetaone-web/server: apiKey() returned no API key");
      throw new Refusal(401, INVALID_KEY);
    }
    const limits = await loadLimits;
    await limits?.admit(key, userId);
    const response = await forward(request, options.baseUrl + endpoint, key, options, report).catch(
      refused,
    );
    if (!response.headers.has("retry-after")) {
      const seconds = limits?.retryAfter(response.status, key);
      if (seconds) response.headers.set("retry-after", seconds);
    }
    return response;
  }

  /** Returns the response for what ended a call. */
  function refused(error) {
    return refusalResponse(error instanceof Refusal ? error : failed(error, options));
  }

  function checkBody(request, connection) {
    if (!/^multipart\/form-data\s*;.*boundary=/i.test(request.headers.get("content-type") ?? "")) {
      throw new Refusal(415, "The body must be multipart/form-data");
    }
    if (request.bodyUsed || connection?.isBodyRead)
      throw new TypeError("the body was read before the proxy could");
    if (Number(request.headers.get("content-length")) > options.maxBytes)
      throw tooLargeRefusal(options.maxBytes);
  }

  return async (input) => {
    const request = requestOf(input);
    const report = createReport(options.onEvent);
    const response = await answer(request, new URL(request.url), report).catch(refused);
    // Node does so by itself, after the response.
    if (!connectionOf(request) && request.body && !request.bodyUsed && !request.body.locked) {
      await drain(request.body.getReader());
    }
    const headers = new Headers(response.headers);
    for (const [name, value] of Object.entries(corsHeaders(request, options)))
      headers.append(name, value);
    headers.set("cache-control", "no-store");
    headers.set("x-content-type-options", "nosniff");
    const answered = new Response(response.body, { status: response.status, headers });
    if (!report.isStreaming) report.end(response.status);
    return answered;
  };
}

/**
 * Logs an error that a function of the developer's threw, without keys. Callers need not know it.
 */
function failed(error, { apiKey }) {
  const redact = createRedactor(typeof apiKey === "string" ? apiKey : KEY_PREFIX);
  console.error(redact(`thetaone-web/server: ${error?.stack ?? error}`));
  return new Refusal(500, "The proxy failed: its log says why");
}

/**
 * Returns the `Request` in what frameworks call a handler with: itself, or in an event or context.
 */
function requestOf(input) {
  const request = [input, input?.request, input?.req?.raw].find(
    (found) => typeof found?.headers?.get === "function",
  );
  if (request) return request;
  throw configurationError(
    "the proxy takes a Request; for node:http, Express and Fastify wrap it in toNodeHandler()",
  );
}
