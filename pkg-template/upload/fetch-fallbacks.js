// Handles rare cases of a request, and is loaded only then: a fetch that rejects, a redirect, and a
// response that is no Response of this realm. This file imports nothing, because Parcel (2.16)
// loses modules in workers that two chunks share.

/** @import { BodyReader } from "./response.js" */

/**
 * Messages and codes of network failures in browsers, Node, Deno, Bun, undici, node-fetch, axios,
 * Electron and React Native.
 */
const NETWORK_MESSAGE =
  /fetch failed|failed to fetch|load failed|sending request|network|internet|offline|connect|socket|hang up|hostname|net::|time.?d?.?out|terminated|\bE(CONN|NET|HOST|ADDR|PIPE|PROTO|AI_)|ENOTFOUND|UND_ERR|HPE_|ERR_(SSL|TLS|HTTP2|STREAM)|certificate|certs?\b/i;

/**
 * Messages of JavaScript engines and fetch about wrong code, even if they contain a word of
 * `NETWORK_MESSAGE`.
 */
const MISTAKE_MESSAGE =
  /undefined|\bnull\b(?! is not allowed)|is not (an?|iterable|defined|callable)\b|^cannot |^can't |failed to (execute|construct|parse)|invalid url|illegal invocation|read-?only/i;

/** Codes in the cause of "fetch failed" which say that the request itself is invalid. */
const INVALID_REQUEST_CODE = /^(ERR_INVALID|UND_ERR_(INVALID|NOT_SUPPORTED|REQ_))|unknown scheme/;

/**
 * The class, reason and message of a failure.
 * @typedef {readonly [className: string, reason: string | undefined, message: string]} Explanation
 */

/**
 * Explains a rejection that is not a failure of the network; returns `undefined` if it is one.
 *
 * A network failure may be over in a second, and is retried. A mistake in the code is permanent.
 * Any unknown rejection counts as a mistake.
 * @param {unknown} cause
 * @param {string} url
 * @param {boolean} isForeignForm true if the fetch has converted the FormData to text
 * @returns {Explanation | undefined}
 */
export function explainRejection(cause, url, isForeignForm) {
  if (isForeignForm) {
    return configurationMistake(
      "fetch turned the FormData into text, because it belongs to another implementation: " +
        "use the runtime's own fetch, or make globalThis.FormData and Blob those of the package " +
        "that this fetch is from",
    );
  }
  const kind = classify(cause);
  if (kind === "network") return undefined;
  if (kind === "timeout")
    return [
      "TimeoutError",
      "attempt",
      "options.fetch gave up waiting before attemptTimeoutMs had passed",
    ];
  if (kind === "abort")
    return [
      "AbortedError",
      undefined,
      "options.fetch was aborted, though not by the signal of this call",
    ];
  if (kind === "response") {
    return configurationMistake(
      "fetch rejected although a response came: it must resolve to every response " +
        "(for ky, set throwHttpErrors: false)",
    );
  }
  try {
    new URL(url, globalThis.location?.href);
  } catch {
    return configurationMistake(
      "options.baseUrl must be absolute where there is no page that it could be relative to",
    );
  }
  return configurationMistake(`fetch could not be used: ${kind}`);
}

/**
 * @param {string} message
 * @returns {Explanation}
 */
const configurationMistake = (message) => ["ConfigurationError", undefined, message];

/**
 * Returns "network", "response", "timeout" or "abort" (by a timer or signal of the caller), or else
 * a message.
 * @param {any} cause any value; a read that throws is caught
 */
function classify(cause) {
  try {
    if (typeof cause === "string") return NETWORK_MESSAGE.test(cause) ? "network" : cause;
    const { name, message, code, response, cause: inner } = cause;
    if (response) return "response";
    if (/^(Abort|Cancell?ed)Error$/.test(name)) return "abort";
    if (name === "TimeoutError") return "timeout";
    // WebKit translates messages about the network. No engine translates those about code.
    if (name === "TypeError" && /[^\0-\x7f‘’“”…]/.test(message)) return "network";
    const innerTexts = [inner?.code, inner?.message];
    const isMistake =
      /^(Reference|Range|Syntax|Eval|URI)Error$/.test(name) ||
      (name === "TypeError" && MISTAKE_MESSAGE.test(message)) ||
      innerTexts.some((text) => INVALID_REQUEST_CODE.test(text)) ||
      ![name, message, code, ...innerTexts].some((text) => NETWORK_MESSAGE.test(text));
    return isMistake ? String(message) : "network";
  } catch {
    return "it rejected with what cannot be read";
  }
}

/** Maximum number of redirects that the SDK follows itself; browsers stop at 20. */
const MAX_REDIRECTS = 5;

/**
 * Resolves to the response after redirects within one origin. Returns a redirect to another origin
 * as it is.
 * @param {any} response
 * @param {string} url
 * @param {RequestInit} init
 * @param {(url: string, init: RequestInit) => unknown} send
 * @param {boolean} isSameOrigin true if `url` has the origin of the page
 * @returns {Promise<unknown>}
 */
export async function followRedirects(response, url, init, send, isSameOrigin) {
  // Browsers hide the target of a redirect. In the mode "same-origin" they follow redirects within
  // the page's origin, and fail for others.
  if (response.type === "opaqueredirect") {
    const retried = isSameOrigin
      ? send(url, { ...init, redirect: "follow", mode: "same-origin" })
      : response;
    return Promise.resolve(retried).catch(() => response);
  }
  let currentUrl = url;
  for (let hop = 0; hop < MAX_REDIRECTS; hop++) {
    const nextUrl = redirectTarget(response, currentUrl);
    if (!nextUrl) break;
    currentUrl = nextUrl;
    response = await send(currentUrl, init);
  }
  return response;
}

/**
 * Returns the target of a 307 or 308, which keep method and body, if it has the origin of `url`.
 * @param {any} response any value; a read that throws is caught
 * @param {string} url
 */
function redirectTarget(response, url) {
  try {
    if (response.status !== 307 && response.status !== 308) return undefined;
    const nextUrl = new URL(response.headers.get("location"), url);
    return nextUrl.origin === new URL(url).origin ? nextUrl.href : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Returns a header of an object that is similar to Headers. A Map or a record may spell the name in
 * its own way. Leaves out characters that no header can hold.
 * @param {any} headers any value; the caller catches what a read throws
 * @param {string} name
 * @returns {string | null | undefined}
 */
export function readHeader(headers, name) {
  const { get } = headers ?? {};
  const value = typeof get === "function" ? get.call(headers, name) : undefined;
  const found =
    value ??
    (headers && (!get || Symbol.iterator in headers) ? new Headers(headers).get(name) : undefined);
  return found == null ? found : String(found).replace(/[^ -~]+/g, " ");
}

/**
 * Returns a reader of the body, in bytes or text, for a response that is no Response of this realm
 * or has its own `text`.
 * @param {any} response any value; the caller catches what a read throws
 * @returns {BodyReader}
 */
export function createReader(response) {
  const { body } = response;
  const { getReader, [Symbol.asyncIterator]: iterate } = body ?? {};
  const hasOwnText =
    response.text &&
    (Object.hasOwn(response, "text") || (globalThis.Response && response instanceof Response));
  if (!hasOwnText && getReader) return getReader.call(body);
  if (!hasOwnText && iterate) {
    const iterator = iterate.call(body);
    return { read: () => iterator.next(), cancel: () => iterator.return() };
  }
  const readAll = response.text ?? response.json;
  if (typeof readAll !== "function") throw new TypeError("it has no text()");
  let isRead = false;
  const read = async () => {
    if (isRead) return { done: true };
    isRead = true;
    const content = await readAll.call(response);
    return { value: typeof content === "string" ? content : toJsonText(content) };
  };
  return { read, cancel() {} };
}

/** @param {unknown} content the result of `json()`, or of a `text()` that returns no text */
function toJsonText(content) {
  const text = JSON.stringify(content);
  // The promise of a broken body would have been rejected.
  if (text === undefined) throw new TypeError("its text() gave no text");
  return text;
}
