// What a fetch resolved to, which need not be a Response: tests, other realms and other packages give things like it. All of
// it is read in here, within bounds, and nothing that it does gets further than an exception that is caught.

import { Failure } from "./failure.js";

/** Whether a browser's fetch met a redirect that it does not show. */
export function isUnseenRedirect(answer) {
  try {
    return answer.type === "opaqueredirect";
  } catch {
    return false;
  }
}

/** The head of an answer, with all headers that the core reads. `read(limit)` resolves to the body, as `bytesOf` does. */
export function headWith(status, retryAfter, read) {
  const headers = new Headers();
  if (retryAfter != null) headers.set(RETRY_AFTER, String(retryAfter));
  return { status, headers, read };
}

/** The head of a redirect that is not followed. Browsers give it this status. */
export const refusedRedirect = () => headWith(0, undefined, async () => bodyOf([]));

const RETRY_AFTER = "retry-after";

/** Returns the head of the answer to a request for `url`. One that came from another origin is not believed. */
export function headOf(answer, url, signal) {
  let isFailed = false;
  try {
    const { status, type } = answer;
    // A fetch rejects where this stands for a network error.
    isFailed = type === "error";
    if (isFailed) throw new TypeError("Failed to fetch");
    if (answer.bodyUsed === true) throw new TypeError("its body was read already");
    if (!Number.isInteger(status) || status < 0 || status > 599) throw new TypeError("it has no status");
    if (answer.redirected === true && !isSameOrigin(answer.url, url)) return refusedRedirect();
    const next = chunksOf(answer);
    return headWith(status, retryAfterOf(answer.headers), (limit) => bytesOf(next, limit, signal));
  } catch (cause) {
    if (isFailed) throw cause;
    throw new Failure("ConfigurationError", undefined, "fetch must resolve to a Response", cause);
  }
}

function isSameOrigin(one, other) {
  const base = globalThis.location?.href;
  return new URL(one, base).origin === new URL(other, base).origin;
}

function retryAfterOf(headers) {
  const { get } = headers ?? {};
  const value = typeof get === "function" ? get.call(headers, RETRY_AFTER) : undefined;
  // A Map or an object may spell the name in its own way.
  return value ?? (headers && (!get || Symbol.iterator in headers) ? new Headers(headers).get(RETRY_AFTER) : undefined);
}

/** Returns a function that reads the next part of the body, as the `next` of an iterator does; its `stop` ends the rest. */
function chunksOf(answer) {
  const { body } = answer;
  const { getReader, [Symbol.asyncIterator]: iterate } = body ?? {};
  // A `text` of its own says what the body is, whatever the class behind it holds.
  const isOverridden = Object.hasOwn(answer, "text") || (answer instanceof Response && answer.text !== Response.prototype.text);
  if (!isOverridden && getReader) {
    const reader = getReader.call(body);
    return Object.assign(() => reader.read(), { stop: () => reader.cancel() });
  }
  if (!isOverridden && iterate) {
    const iterator = iterate.call(body);
    return Object.assign(() => iterator.next(), { stop: () => iterator.return() });
  }
  const whole = answer.text ?? answer.json;
  if (typeof whole !== "function") throw new TypeError("it has no text()");
  let isRead = false;
  const next = async () => {
    if (isRead) return { done: true };
    isRead = true;
    const content = await whole.call(answer);
    return { value: typeof content === "string" ? content : JSON.stringify(content) };
  };
  return Object.assign(next, { stop() {} });
}

/**
 * Reads at most `limit` bytes, then ends the body. Resolves to `{ bytes, isCut, isBroken, cause }`: whether there was more,
 * whether it broke off, and what was thrown then.
 */
async function bytesOf(next, limit, signal) {
  const parts = [];
  let size = 0;
  const stop = () => Promise.resolve().then(next.stop).catch(() => {});
  signal.addEventListener("abort", stop);
  try {
    while (size <= limit && !signal.aborted) {
      const { done, value } = await next();
      if (done) break;
      const part = typeof value === "string" ? new TextEncoder().encode(value) : value;
      if (!ArrayBuffer.isView(part)) throw new Failure("ConfigurationError", undefined, "fetch resolved to a Response without text");
      // A copy, as its owner may write to it.
      parts.push(new Uint8Array(part.buffer, part.byteOffset, Math.min(part.byteLength, limit - size)).slice());
      size += part.byteLength;
      // Parts that are always there at once would leave no timer and no abort a turn.
      if (parts.length % 1000 === 0) await new Promise((resolve) => setTimeout(resolve));
    }
  } catch (cause) {
    return brokenBody(cause);
  } finally {
    signal.removeEventListener("abort", stop);
  }
  if (size > limit) stop();
  return bodyOf(parts, size > limit);
}

/** A body that broke off: nothing of it counts. */
export const brokenBody = (cause) => ({ ...bodyOf([]), isBroken: true, cause });

export function bodyOf(parts, isCut = false) {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return { bytes, isCut, isBroken: false };
}

/** The value that a body of JSON holds; `undefined` where it holds none. A byte-order mark is no part of it, as for fetch. */
export function parsedJson(bytes) {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
