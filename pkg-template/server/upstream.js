// One request to the API.

import { CLIENT_CLOSED_REQUEST, ErrorResponse } from "./error-response.js";
import { createChunkRedactor, keyPattern, redact } from "./redact.js";
import { payloadTooLarge, Upload } from "./upload.js";
import { UpstreamCall } from "./upstream-call.js";

/** @import { CallEvent } from "./call-event.js" */
/** @import { ValidOptions } from "./options.js" */

/**
 * @typedef {object} Runtime globals of the runtimes, by which they are told apart
 * @property {{ release?: { name?: string } }} [process]
 * @property {unknown} [Bun]
 * @property {unknown} [Deno]
 */

const runtime = /** @type {Runtime} */ (globalThis);
const isWorkerd = /^Cloudflare/.test(globalThis.navigator?.userAgent);

/**
 * The options with which `fetch` follows no redirect. With "manual", or with a window, Node 20
 * (undici) sends a clone of the request, and so stores the whole body in the other branch of the
 * stream. Workers support only "manual".
 * @type {RequestInit}
 */
const NO_REDIRECT_OPTIONS =
  runtime.process?.release?.name === "node" && !isWorkerd
    ? { redirect: "error", window: null }
    : { redirect: "manual" };

const REDIRECT_DETAIL = "The API redirected, and the proxy follows no redirect";

/**
 * True if `fetch` decodes a content coding. Deno and workerd request only gzip and br, and do not
 * decode deflate. Bun requests zstd too.
 * @param {string} coding
 */
const isDecodedByFetch = (coding) =>
  /^(?:identity|(?:x-)?gzip|br)$/i.test(coding) ||
  (/^zstd$/i.test(coding) && runtime.Bun !== undefined) ||
  (/^deflate$/i.test(coding) && !isWorkerd && runtime.Deno === undefined);

/** The statuses with which a `Response` must have no body. */
const NULL_BODY_STATUSES = [204, 205];

/**
 * Sends `request` to `url` with `key`, and returns the API's response. Throws an `ErrorResponse` if
 * there is none. Counts the uploaded bytes in `event`. For a response with a body, emits `event`
 * after the last byte.
 * @param {Request} request
 * @param {string} url
 * @param {string} key
 * @param {ValidOptions} options
 * @param {CallEvent} event
 */
export async function forward(request, url, key, { maxBytes, timeoutMs, fetch }, event) {
  const pattern = keyPattern(key);
  const call = new UpstreamCall(request.signal, timeoutMs);
  try {
    call.upload =
      request.body &&
      new Upload(request, request.body, call, (chunkBytes) => {
        event.bytes += chunkBytes;
        return event.bytes > maxBytes ? payloadTooLarge(maxBytes) : undefined;
      });
    // The handler has checked that there is a content type.
    const headers = /** @type {Record<string, string>} */ ({
      "content-type": request.headers.get("content-type"),
      "x-api-key": key,
    });
    const length = request.headers.get("content-length");
    // Runtimes that ignore it send the body in chunks.
    if (length && /^\d+$/.test(length)) headers["content-length"] = length;
    const { signal, upload } = call;
    // `duplex` is required for a stream, and missing in TypeScript's types.
    /** @type {RequestInit & { duplex: "half" }} */
    const init = {
      method: "POST",
      headers,
      body: upload?.body,
      duplex: "half",
      ...NO_REDIRECT_OPTIONS,
      signal,
    };
    call.startTimer();
    const response = await Promise.race([call.failure, send(fetch, url, init)]);
    call.stopTimer();
    const problem = findProblem(response);
    if (problem) throw new ErrorResponse(502, problem);
    return await toCallerResponse(response, pattern, call, event);
  } catch (error) {
    await call.fail(error);
    throw error;
  }
}

/**
 * @param {ValidOptions["fetch"]} fetch
 * @param {string} url
 * @param {RequestInit} init
 */
async function send(fetch, url, init) {
  try {
    return await fetch(url, init);
  } catch (/** @type {any} */ error) {
    // The message is not passed on, because it may contain what callers should not know.
    const isRedirect = /redirect/i.test(`${error?.message} ${error?.cause?.message}`);
    throw new ErrorResponse(502, isRedirect ? REDIRECT_DETAIL : "The API could not be reached");
  }
}

/**
 * Returns why a response cannot be passed on, or `undefined`.
 * @param {Response} response
 */
function findProblem({ type, status, headers }) {
  if (type === "opaqueredirect" || (status >= 300 && status < 400)) {
    return REDIRECT_DETAIL;
  }
  if (status < 200 || status > 599) return "The API answered with a status that HTTP does not have";
  const codings = headers.get("content-encoding")?.split(",") ?? [];
  if (!codings.every((coding) => isDecodedByFetch(coding.trim())))
    return "The API's answer is compressed in an unknown way";
  return undefined;
}

/**
 * Returns a response with the parts of the API's response that callers get: status, `Content-Type`,
 * `Retry-After` and body.
 * @param {Response} response
 * @param {RegExp} pattern matches keys
 * @param {UpstreamCall} call
 * @param {CallEvent} event
 */
async function toCallerResponse(response, pattern, call, event) {
  const { status } = response;
  const headers = new Headers();
  for (const name of ["content-type", "retry-after"]) {
    const value = response.headers.get(name);
    if (value !== null) headers.set(name, redact(value, pattern));
  }
  if (!response.body || NULL_BODY_STATUSES.includes(status)) {
    await call.finish();
    return new Response(null, { status, headers });
  }
  event.isStreaming = true;
  const reader = response.body.getReader();
  const redactChunk = createChunkRedactor(pattern);
  /** Returns the next bytes that may be passed on, if any, and whether they are the last. */
  const readRedacted = async () => {
    for (;;) {
      call.startTimer();
      const { done, value } = await Promise.race([reader.read(), call.failure]);
      call.stopTimer();
      const bytes = redactChunk(value);
      if (bytes.length > 0) return { bytes, done };
      if (done) return { done };
    }
  };
  const body = new ReadableStream(
    {
      async pull(controller) {
        try {
          const { bytes, done } = await readRedacted();
          if (bytes) controller.enqueue(bytes);
          if (!done) return;
          await call.finish();
          event.emit(status);
          controller.close();
        } catch (error) {
          void call.fail(error);
          event.emit(error instanceof ErrorResponse ? error.status : 502);
          // A new error: that of the platform may contain what callers should not know.
          throw new Error("The API's answer broke off");
        }
      },
      cancel() {
        call.abandon();
        event.emit(CLIENT_CLOSED_REQUEST);
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(body, { status, headers });
}
