// Reads the response to a request. Whatever a fetch resolves to is read here and in
// fetch-fallbacks.js, within limits. The core gets only objects that these two files create.

import { configurationFailure } from "../result/failure.js";
import { bytesOfText, ownMemberOf, textOf } from "../client/untrusted-values.js";

/**
 * The status of a response, and the headers that the core reads.
 * @typedef {object} ResponseHead
 * @property {number} status 0 for a redirect that is not followed
 * @property {Headers} headers
 * @property {(limitBytes: number) => Promise<ResponseBody>} read reads the body
 */
/**
 * The outcome of reading a body.
 * @typedef {object} ResponseBody
 * @property {Uint8Array<ArrayBuffer>} bytes at most the limit; none if the body is broken
 * @property {boolean} isCut true if the body is longer than the limit
 * @property {boolean} isBroken true if the connection broke before the end of the body
 * @property {unknown} [cause] the value that was thrown when the connection broke
 */
/**
 * A reader of a body, in bytes or text.
 * @typedef {object} BodyReader
 * @property {() => Promise<{ done?: boolean | undefined, value?: unknown }>} read
 * @property {() => unknown} [cancel]
 */
/**
 * The ways to read a kind of response.
 * @typedef {object} ResponseReading
 * @property {(headers: any, name: string) => string | null | undefined} readHeader
 * @property {(response: any) => BodyReader} createReader
 */

const RETRY_AFTER = "retry-after";

/**
 * Creates the head of a response, with all headers that the core reads.
 * @param {number} status
 * @param {string | null | undefined} retryAfter
 * @param {ResponseHead["read"]} read
 * @returns {ResponseHead}
 */
export function createResponseHead(status, retryAfter, read) {
  const headers = new Headers();
  if (retryAfter != null) headers.set(RETRY_AFTER, String(retryAfter));
  return { status, headers, read };
}

/**
 * Resolves to the head of the response to a request for `url`.
 *
 * The response need not be a `Response`: tests, other realms and other packages return similar
 * objects, for which `loadFallbacks` loads the module. A response that came from another origin is
 * not trusted. Its status is 0, like that of a redirect that a browser does not follow.
 * @param {any} response any value; a read that throws is caught
 * @param {string} url
 * @param {AbortSignal} signal
 * @param {() => Promise<ResponseReading>} loadFallbacks
 */
export async function toResponseHead(response, url, signal, loadFallbacks) {
  let isNetworkError = false;
  try {
    const { status, type, headers, bodyUsed } = response;
    // A response that stands for a network error. A fetch should have rejected instead.
    isNetworkError = type === "error";
    if (isNetworkError) throw new TypeError("Failed to fetch");
    if (!Number.isInteger(status) || status < 0 || status > 599)
      throw new TypeError("it has no status");
    if (bodyUsed === true) throw new TypeError("its body was read already");
    const isTrusted = response.redirected !== true || originOf(response.url) === originOf(url);
    // The jsdom of Jest has no Response.
    const { Response } = globalThis;
    const isNative =
      Response &&
      response instanceof Response &&
      response.text === Response.prototype.text &&
      headers instanceof Headers;
    const { readHeader, createReader } = isNative ? NATIVE : await loadFallbacks();
    const reader = createReader(response);
    return createResponseHead(isTrusted ? status : 0, readHeader(headers, RETRY_AFTER), (limit) =>
      readBody(reader, limit, signal),
    );
  } catch (cause) {
    throw isNetworkError ? cause : configurationFailure("fetch must resolve to a Response", cause);
  }
}

/** @param {string} url */
const originOf = (url) => new URL(url, globalThis.location?.href).origin;

/** @type {ResponseReading} */
const NATIVE = {
  readHeader: (/** @type {Headers} */ headers, name) => headers.get(name),
  createReader: (/** @type {Response} */ { body }) =>
    body?.getReader() ?? { read: async () => ({ done: true }) },
};

/**
 * Reads at most `limit` bytes, then cancels the body.
 * @param {BodyReader} reader
 * @param {number} limit
 * @param {AbortSignal} signal
 * @returns {Promise<ResponseBody>}
 */
async function readBody(reader, limit, signal) {
  const parts = [];
  let size = 0;
  const cancel = () =>
    Promise.resolve()
      .then(() => /** @type {() => unknown} */ (reader.cancel)())
      .catch(() => {});
  signal.addEventListener("abort", cancel);
  try {
    while (size <= limit && !signal.aborted) {
      const { done, value: read } = await reader.read();
      if (done) break;
      const value = typeof read === "string" ? bytesOfText(read) : read;
      if (!ArrayBuffer.isView(value)) throw new TypeError("its body holds what are no bytes");
      // A copy, because the owner of the buffer may write to it.
      parts.push(
        new Uint8Array(
          value.buffer,
          value.byteOffset,
          Math.min(value.byteLength, limit - size),
        ).slice(),
      );
      size += value.byteLength;
      // Without this, parts that are available at once would never let a timer or an abort run.
      if (parts.length % 1000 === 0) await new Promise((resolve) => setTimeout(resolve));
    }
  } catch (cause) {
    return brokenBody(cause);
  } finally {
    signal.removeEventListener("abort", cancel);
  }
  if (size > limit) void cancel();
  return createBody(parts, size > limit);
}

/**
 * Returns the body of a connection that broke, without the bytes that have arrived.
 * @param {unknown} cause
 * @returns {ResponseBody}
 */
export const brokenBody = (cause) => ({ ...createBody([]), isBroken: true, cause });

/**
 * @param {Uint8Array[]} parts
 * @returns {ResponseBody}
 */
export function createBody(parts, isCut = false) {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return { bytes, isCut, isBroken: false };
}

/**
 * Returns the value in a JSON body; `undefined` if the body is not JSON. Ignores a byte-order mark,
 * as fetch does.
 * @param {Uint8Array} bytes
 * @returns {unknown}
 */
export const parseJson = (bytes) => parseText(textOf(bytes));

/**
 * @param {any} text `JSON.parse` decides
 * @returns {unknown}
 */
function parseText(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Matches the start of an object whose first member is a string `detail`, as in the API's errors.
 */
const DETAIL_FIRST = /^\s*\{\s*"detail"\s*:\s*("(?:[^"\\]|\\.)*")/;

/**
 * Returns the readable content of an error body. `{ text }` holds a string `detail` as the server
 * sent it, even if the body is cut off after it. `{ excerpt }` holds a text that is shortened
 * before people read it: validation messages, another `detail`, or a body that is not JSON.
 * @param {Uint8Array} bytes
 * @returns {{ text: string } | { excerpt: string }}
 */
export function errorDetail(bytes) {
  const body = textOf(bytes);
  let json = parseText(body);
  if (json === undefined) json = { detail: parseText(DETAIL_FIRST.exec(body)?.[1]) };
  const detail = ownMemberOf(json, "detail");
  if (typeof detail === "string") return { text: detail };
  try {
    return { excerpt: validationMessages(detail) ?? JSON.stringify(detail) ?? body };
  } catch {
    // The JSON nests more deeply than the stack allows.
    return { excerpt: body };
  }
}

/**
 * Joins FastAPI's validation errors, `[{ loc: ["body", "file"], msg: "…" }]`, to
 * `body.file: …; …`. Returns `undefined` for any other value.
 * @param {unknown} errors
 */
function validationMessages(errors) {
  if (!Array.isArray(errors) || !errors.length) return undefined;
  if (errors.some((error) => typeof error?.msg !== "string")) return undefined;
  const messages = errors.map(({ loc, msg }) =>
    Array.isArray(loc) && loc.length ? `${loc.join(".")}: ${msg}` : msg,
  );
  return messages.join("; ");
}
