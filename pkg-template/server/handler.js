// The proxy's handler: checks each request, forwards it, and completes the response. Loaded with
// the first request.

import { forward } from "./upstream.js";
import { assertAllowedHost } from "./allowed-hosts.js";
import { INVALID_KEY } from "./api.js";
import { CallEvent } from "./call-event.js";
import { configurationError } from "./configuration-error.js";
import { getConnection } from "./connection.js";
import { ErrorResponse, toResponse } from "./error-response.js";
import { failureResponse } from "./failure-response.js";
import { isKey } from "./options.js";
import { assertAllowedOrigin, corsHeaders, preflightResponse } from "./origin.js";
import { matchEndpoint } from "./route.js";
import { payloadTooLarge } from "./upload.js";

// For the adapter: a chunk of its own would cost more than the function.
export { failureResponse };

/** @import { Connection } from "./connection.js" */
/** @import { ValidOptions } from "./options.js" */

/**
 * Returns the function that handles requests.
 * @param {ValidOptions} options
 */
export function createHandler(options) {
  const { allowedOrigins, apiKey, authorize, perUser } = options;
  const hasLimits = options.requestsPerMinute || options.limiter || perUser;
  const limitsLoading = hasLimits
    ? import("./rate-limits.js").then(({ createRateLimits }) => createRateLimits(options))
    : undefined;

  /**
   * Returns the response to a request. Throws an `ErrorResponse` for a request that is rejected.
   * @param {Request} request
   * @param {CallEvent} event
   */
  async function handle(request, event) {
    const url = new URL(request.url);
    const connection = getConnection(request);
    const endpoint = matchEndpoint(connection?.path ?? url.pathname);
    if (!endpoint) throw new ErrorResponse(404, "There is no such endpoint");
    event.endpoint = endpoint;
    assertAllowedHost(request, url, options, connection);
    const { method, headers } = request;
    if (method === "OPTIONS" && allowedOrigins.includes(headers.get("origin") ?? ""))
      return preflightResponse(request);
    if (method !== "POST") throw new ErrorResponse(405, "Only POST is allowed", { allow: "POST" });
    assertAllowedOrigin(request, url, options);
    if (authorize) {
      const verdict = await authorize(request);
      // `Response.error()` has the status 0.
      if (verdict instanceof Response && verdict.status && !verdict.bodyUsed) return verdict;
      if (typeof verdict !== "boolean")
        throw new TypeError("authorize must return a boolean or an unread Response");
      if (!verdict) throw new ErrorResponse(401, "You may not use this service: sign in first");
    }
    assertReadableForm(request, connection);
    const userId = await perUser?.id(request);
    if (perUser && typeof userId !== "string")
      throw new TypeError("perUser.id must return a string");
    event.userId = userId;
    const key = typeof apiKey === "string" ? apiKey : await apiKey(request);
    if (!isKey(key)) {
      console.error("thetaone-web/server: apiKey() returned no API key");
      throw new ErrorResponse(401, INVALID_KEY);
    }
    const limits = await limitsLoading;
    await limits?.acquire(key, userId);
    const response = await forward(request, options.baseUrl + endpoint, key, options, event).catch(
      errorResponse,
    );
    if (!response.headers.has("retry-after")) {
      const seconds = limits?.retryAfter(response.status, key);
      if (seconds) response.headers.set("retry-after", seconds);
    }
    return response;
  }

  /**
   * Throws if the body is no form, was read already, or declares that it is too large.
   * @param {Request} request
   * @param {Connection | undefined} connection
   */
  function assertReadableForm({ bodyUsed, headers }, connection) {
    if (!/^multipart\/form-data\s*;.*boundary=/i.test(headers.get("content-type") ?? ""))
      throw new ErrorResponse(415, "The body must be multipart/form-data");
    if (bodyUsed || connection?.isBodyRead)
      throw new TypeError("the body was read before the proxy could");
    if (Number(headers.get("content-length")) > options.maxBytes)
      throw payloadTooLarge(options.maxBytes);
  }

  /**
   * Returns the response for an error that ended a call. An error that a function of the developer
   * threw is logged without keys, and the response does not contain it.
   * @param {any} error
   */
  function errorResponse(error) {
    if (error instanceof ErrorResponse) return toResponse(error);
    return failureResponse(error, typeof apiKey === "string" ? apiKey : undefined);
  }

  return async (/** @type {unknown} */ input) => {
    const request = requestOf(input);
    const event = new CallEvent(options.onEvent);
    const response = await handle(request, event).catch(errorResponse);
    // `toNodeHandler` reads the rest of the body itself, after the response.
    if (!getConnection(request) && request.body && !request.bodyUsed && !request.body.locked) {
      const { drain } = await import("./drain.js");
      await drain(request.body.getReader());
    }
    const headers = new Headers(response.headers);
    for (const [name, value] of Object.entries(corsHeaders(request, options)))
      headers.append(name, value);
    headers.set("cache-control", "no-store");
    headers.set("x-content-type-options", "nosniff");
    const completed = new Response(response.body, { status: response.status, headers });
    if (!event.isStreaming) event.emit(response.status);
    return completed;
  };
}

/**
 * Returns the `Request` that a framework calls a handler with: itself, or in an event or context.
 * @param {any} input
 * @returns {Request}
 */
function requestOf(input) {
  const request = [input, input?.request, input?.req?.raw].find(
    (candidate) => typeof candidate?.headers?.get === "function",
  );
  if (request) return request;
  throw configurationError(
    "the proxy takes a Request; for node:http, Express and Fastify wrap it in toNodeHandler()",
  );
}
