// The answer to a request. Whatever a fetch resolved to is read in here and in fetch-fallbacks.js, within bounds; the core gets
// objects that are made here.

import { configurationFailure } from "../result/failure.js";
import { bytesOfText, ownMemberOf, textOf } from "../client/untrusted-values.js";

const RETRY_AFTER = "retry-after";

/** The head of an answer, with all headers that the core reads. `read(limit)` resolves to the body, as `readBody` does. */
export function createResponseHead(status, retryAfter, read) {
  const headers = new Headers();
  if (retryAfter != null) headers.set(RETRY_AFTER, String(retryAfter));
  return { status, headers, read };
}

/**
 * Resolves to the head of the answer to a request for `url`. It need not be a Response: tests, other realms and other packages
 * give things like it, which `loadFallbacks` loads the module for. One that came from another origin is not believed: it gets the
 * status that browsers give to a redirect that is not followed.
 */
export async function toResponseHead(response, url, signal, loadFallbacks) {
  let isNetworkError = false;
  try {
    const { status, type, headers, bodyUsed } = response;
    // A fetch rejects where this stands for a network error.
    isNetworkError = type === "error";
    if (isNetworkError) throw new TypeError("Failed to fetch");
    if (!Number.isInteger(status) || status < 0 || status > 599)
      throw new TypeError("it has no status");
    if (bodyUsed === true) throw new TypeError("its body was read already");
    const isTrusted = response.redirected !== true || originOf(response.url) === originOf(url);
    // Jest's jsdom has no Response.
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

const originOf = (url) => new URL(url, globalThis.location?.href).origin;

const NATIVE = {
  readHeader: (headers, name) => headers.get(name),
  createReader: ({ body }) => body?.getReader() ?? { read: async () => ({ done: true }) },
};

/**
 * Reads at most `limit` bytes, then ends the body. Resolves to `{ bytes, isCut, isBroken, cause }`: whether there was more,
 * whether it broke off, and what was thrown then.
 */
async function readBody(reader, limit, signal) {
  const parts = [];
  let size = 0;
  const cancel = () =>
    Promise.resolve()
      .then(() => reader.cancel())
      .catch(() => {});
  signal.addEventListener("abort", cancel);
  try {
    while (size <= limit && !signal.aborted) {
      const { done, value: read } = await reader.read();
      if (done) break;
      const value = typeof read === "string" ? bytesOfText(read) : read;
      if (!ArrayBuffer.isView(value)) throw new TypeError("its body holds what are no bytes");
      // A copy, as its owner may write to it.
      parts.push(
        new Uint8Array(
          value.buffer,
          value.byteOffset,
          Math.min(value.byteLength, limit - size),
        ).slice(),
      );
      size += value.byteLength;
      // Parts that are always there at once would leave no timer and no abort a turn.
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

/** A body that broke off: nothing of it counts. */
export const brokenBody = (cause) => ({ ...createBody([]), isBroken: true, cause });

export function createBody(parts, isCut = false) {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return { bytes, isCut, isBroken: false };
}

/** The value that a body of JSON holds; `undefined` where it holds none. A byte-order mark is no part of it, as for fetch. */
export const parseJson = (bytes) => parseText(textOf(bytes));

function parseText(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Matches the start of an object whose first member is a string `detail`, which is the only one in all errors of the API. */
const DETAIL_FIRST = /^\s*\{\s*"detail"\s*:\s*("(?:[^"\\]|\\.)*")/;

/**
 * Returns the readable content of an error body. `{ text }` holds a string `detail` as the server sent it, even if the body
 * is cut off after it. `{ excerpt }` holds what is shortened before people read it: validation messages, another `detail`,
 * or a body that is not JSON.
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
    // It nests more deeply than the stack allows.
    return { excerpt: body };
  }
}

/** Joins FastAPI's validation errors, `[{ loc: ["body", "file"], msg: "…" }]`, to `body.file: …; …`. */
function validationMessages(errors) {
  if (!Array.isArray(errors) || !errors.length) return undefined;
  if (errors.some((error) => typeof error?.msg !== "string")) return undefined;
  const messages = errors.map(({ loc, msg }) =>
    Array.isArray(loc) && loc.length ? `${loc.join(".")}: ${msg}` : msg,
  );
  return messages.join("; ");
}
