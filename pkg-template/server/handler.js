// The proxy's handler: checks each request, forwards it, and completes the response. Loaded with
// the first request.

import { assertAllowedHost } from "./allowed-hosts.js";
import { INVALID_KEY, KEY_PREFIX } from "./api.js";
import { CallEvent } from "./call-event.js";
import { configurationError } from "./configuration-error.js";
import { getConnection } from "./connection.js";
import { ErrorResponse, payloadTooLarge } from "./error-response.js";
import { isKey } from "./options.js";
import {
  assertAllowedOrigin,
  corsHeaders,
  isCrossOriginAllowed,
  preflightResponse,
} from "./origin.js";
import { createRedactor } from "./redact.js";
import { matchEndpoint } from "./route.js";
import { drain } from "./upload.js";
import { forward } from "./upstream.js";

/** @import { ValidOptions } from "./options.js" */
/** @import { RateLimits } from "./rate-limits.js" */

/**
 * Returns the function that handles requests.
 * @param {ValidOptions} options
 */
export function createHandler(options) {
  const hasLimits = options.requestsPerMinute || options.limiter || options.perUser;
  const limitsLoading = hasLimits
    ? import("./rate-limits.js").then(({ createRateLimits }) => createRateLimits(options))
    : undefined;

  return async (/** @type {unknown} */ input) => {
    const request = requestOf(input);
    const event = new CallEvent(options.onEvent);
    const respond = async () => {
      try {
        return await handle(request, event, options, limitsLoading);
      } catch (error) {
        return toErrorResponse(error, options);
      }
    };
    const response = await respond();
    // Node reads the rest of the body by itself, after the response.
    if (!getConnection(request) && request.body && !request.bodyUsed && !request.body.locked) {
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
 * Returns the response to a request. Throws an `ErrorResponse` for a request that is rejected.
 * @param {Request} request
 * @param {CallEvent} event
 * @param {ValidOptions} options
 * @param {Promise<RateLimits> | undefined} limitsLoading
 */
async function handle(request, event, options, limitsLoading) {
  const url = new URL(request.url);
  const connection = getConnection(request);
  const endpoint = matchEndpoint(connection?.path ?? url.pathname);
  if (!endpoint) throw new ErrorResponse(404, "There is no such endpoint");
  event.endpoint = endpoint;
  assertAllowedHost(request, url, options, connection);
  if (request.method === "OPTIONS" && isCrossOriginAllowed(request, options))
    return preflightResponse(request);
  if (request.method !== "POST")
    throw new ErrorResponse(405, "Only POST is allowed", { allow: "POST" });
  assertAllowedOrigin(request, url, options);
  const denial = await authorize(request, options);
  if (denial) return denial;
  assertReadableForm(request, options);

  const userId = await findUserId(request, options);
  if (userId !== undefined) event.userId = userId;
  const key = await resolveKey(request, options);
  const limits = await limitsLoading;
  await limits?.acquire(key, userId);
  const response = await forward(request, options.baseUrl + endpoint, key, options, event).catch(
    (error) => toErrorResponse(error, options),
  );
  if (!response.headers.has("retry-after")) {
    const seconds = limits?.retryAfter(response.status, key);
    if (seconds) response.headers.set("retry-after", seconds);
  }
  return response;
}

/**
 * Returns the response of the developer's `authorize`, if it returns one. Throws a 401 if it denies
 * the request.
 * @param {Request} request
 * @param {ValidOptions} options
 */
async function authorize(request, options) {
  if (!options.authorize) return undefined;
  const verdict = await options.authorize(request);
  if (verdict instanceof Response) return verdict;
  if (typeof verdict !== "boolean")
    throw new TypeError("authorize must return a boolean or a Response");
  if (!verdict) throw new ErrorResponse(401, "You may not use this service: sign in first");
  return undefined;
}

/**
 * Throws if the body is no form, was read already, or declares that it is too large.
 * @param {Request} request
 * @param {ValidOptions} options
 */
function assertReadableForm(request, { maxBytes }) {
  if (!/^multipart\/form-data\s*;.*boundary=/i.test(request.headers.get("content-type") ?? "")) {
    throw new ErrorResponse(415, "The body must be multipart/form-data");
  }
  if (request.bodyUsed || getConnection(request)?.isBodyRead)
    throw new TypeError("the body was read before the proxy could");
  if (Number(request.headers.get("content-length")) > maxBytes) throw payloadTooLarge(maxBytes);
}

/**
 * @param {Request} request
 * @param {ValidOptions} options
 */
async function findUserId(request, { perUser }) {
  if (!perUser) return undefined;
  /** @type {unknown} */
  const userId = await perUser.id(request);
  if (typeof userId !== "string") throw new TypeError("perUser.id must return a string");
  return userId;
}

/**
 * Returns the API key for a request. Throws a 401 if there is none.
 * @param {Request} request
 * @param {ValidOptions} options
 */
async function resolveKey(request, { apiKey }) {
  const key = typeof apiKey === "string" ? apiKey : await apiKey(request);
  if (isKey(key)) return key;
  console.error("thetaone-web/server: apiKey() returned no API key");
  throw new ErrorResponse(401, INVALID_KEY);
}

/**
 * Returns the response for an error that ended a call.
 * @param {unknown} error
 * @param {ValidOptions} options
 */
function toErrorResponse(error, options) {
  if (!(error instanceof ErrorResponse)) return unexpectedError(error, options).toResponse();
  return error.toResponse();
}

/**
 * Logs an error that a function of the developer threw, without keys. Returns a 500 that does not
 * contain it.
 * @param {any} error
 * @param {ValidOptions} options
 */
function unexpectedError(error, { apiKey }) {
  const { redact } = createRedactor(typeof apiKey === "string" ? apiKey : KEY_PREFIX);
  console.error(redact(`thetaone-web/server: ${error?.stack ?? error}`));
  return new ErrorResponse(500, "The proxy failed: its log says why");
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
