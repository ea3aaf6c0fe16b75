// For what few requests meet, and loaded only then: a fetch that rejects, a redirect, an answer that is no Response of this
// realm. It imports nothing: Parcel (2.16) loses in workers what two chunks share.

/** Sentences and codes in which browsers, Node, Deno, Bun, undici, node-fetch, axios and React Native report the network. */
const NETWORK_MESSAGE =
  /fetch failed|failed to fetch|load failed|sending request|network|internet|offline|connect|socket|hang up|time.?d? ?out|terminated|\bE(CONN|NET|HOST|ADDR|PIPE|PROTO|AI_)|ENOTFOUND|UND_ERR|HPE_|ERR_(SSL|TLS|HTTP2|STREAM)|certificate|certs?\b/i;

/** Messages of JavaScript engines and fetch about code that is wrong, even if a word of `NETWORK_MESSAGE` stands in them. */
const MISTAKE_MESSAGE =
  /undefined|\bnull\b(?! is not allowed)|is not (an?|iterable|defined|callable)\b|^cannot |^can't |failed to (execute|construct|parse)|invalid url|illegal invocation|read-?only/i;

/** Codes below "fetch failed" that say that the request itself cannot be made. */
const INVALID_REQUEST_CODE = /^(ERR_INVALID|UND_ERR_(INVALID|NOT_SUPPORTED|REQ_))|unknown scheme/;

/**
 * Returns the class, reason and message of a rejection that is no failure of the network, which may be over in a second:
 * above all mistakes, which are there for good, and which anything unknown is taken for. `cause` may be any value.
 */
export function explainRejection(cause, url, isForeignForm) {
  if (isForeignForm) {
    return configurationMistake(
      "fetch turned the FormData into text, because it belongs to another implementation: use the runtime's own fetch, " +
        "or make globalThis.FormData and Blob those of the package that this fetch is from",
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
      "fetch rejected although a response came: it must resolve to every response (for ky, set throwHttpErrors: false)",
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

const configurationMistake = (message) => ["ConfigurationError", undefined, message];

/** "network", "timeout" and "abort" (by a clock or signal of the caller's), "response", or else a sentence. */
function classify(cause) {
  try {
    if (typeof cause === "string") return NETWORK_MESSAGE.test(cause) ? "network" : cause;
    const { name, message, code, response, cause: inner } = cause;
    if (response) return "response";
    if (name === "AbortError") return "abort";
    if (name === "TimeoutError") return "timeout";
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

/** How many redirects are followed where the SDK follows them itself; browsers stop at 20. */
const MAX_REDIRECTS = 5;

/** The answer after redirects within one origin. One that leads elsewhere is returned as it is. */
export async function followRedirects(response, url, init, send, isSameOrigin) {
  // Browsers hide where a redirect leads. In this mode they follow it only within the page's origin, and fail else.
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

/** Where to a 307 or 308 leads, which keep method and body, if that is of the origin of `url`. */
function redirectTarget(response, url) {
  try {
    if (response.status !== 307 && response.status !== 308) return undefined;
    const nextUrl = new URL(response.headers.get("location"), url);
    return nextUrl.origin === new URL(url).origin ? nextUrl.href : undefined;
  } catch {
    return undefined;
  }
}

/** The header `name` of what only looks like Headers: a Map and an object may spell the name in their own way. */
export function readHeader(headers, name) {
  const { get } = headers ?? {};
  const value = typeof get === "function" ? get.call(headers, name) : undefined;
  return (
    value ??
    (headers && (!get || Symbol.iterator in headers) ? new Headers(headers).get(name) : undefined)
  );
}

/**
 * Returns a reader of the body, in bytes or text, for an answer that is no Response of this realm or has a `text` of
 * its own.
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

function toJsonText(content) {
  const text = JSON.stringify(content);
  // A promise of a body that broke would have been rejected.
  if (text === undefined) throw new TypeError("its text() gave no text");
  return text;
}
