// Sends one request. Everything that a caller's function or the network returns is read here, in
// response.js and in fetch-fallbacks.js. The core gets only objects that these files create, and
// rejections that are a `Failure`.

import { KEY_PREFIX } from "../result/constants.js";
import { describeType } from "../client/describe-type.js";
import { Failure, configurationFailure, isFailure } from "../result/failure.js";
import { noteKey } from "../result/redact.js";
import { brokenBody, createBody, createResponseHead, toResponseHead } from "./response.js";
import { isBrowser } from "../client/environment.js";

/** @import { FetchFallbacksModule } from "../internal.js" */
/** @import { ResponseHead } from "./response.js" */

/**
 * The headers of one request, without `apiKey`. `hasKeyHeader` is true if they hold another key.
 * @typedef {object} ResolvedHeaders
 * @property {Headers} headers
 * @property {string | undefined} apiKey
 * @property {boolean} hasKeyHeader
 */
/**
 * The options of a fetch that sends a request.
 * @typedef {RequestInit & {
 *   body: FormData,
 *   headers: Headers,
 *   credentials: RequestCredentials,
 *   signal: AbortSignal,
 * }} UploadInit
 */
/** @typedef {(url: string, init: RequestInit) => unknown} CustomFetch */
/** @typedef {(sentShare: number) => void} OnUploadProgress */

/**
 * Resolves to the headers of one request; rejects with a `Failure`.
 * @param {unknown} headersOption the caller's option `headers`
 * @param {unknown} apiKeyOption the caller's option `apiKey`
 * @returns {Promise<ResolvedHeaders>}
 */
export async function resolveHeaders(headersOption, apiKeyOption) {
  const headers = new Headers();
  const entries = await resolveOption("headers", headersOption);
  if (typeof entries === "object" && entries !== null) appendHeaders(headers, entries);
  else if (entries !== undefined)
    throw configurationFailure(`options.headers must give an object, got ${describeType(entries)}`);
  const apiKey = await resolveOption("apiKey", apiKeyOption);
  if (apiKey !== undefined && typeof apiKey !== "string") {
    throw configurationFailure(`options.apiKey must give a string, got ${describeType(apiKey)}`);
  }
  // The response may quote the key.
  if (apiKey !== undefined) await noteKey(apiKey);
  return {
    headers,
    apiKey,
    hasKeyHeader: [...headers.values()].some((value) => value.includes(KEY_PREFIX)),
  };
}

/** Headers that describe the body or its framing, which only the code that writes it can know. */
const BODY_HEADER = /^(content-(type|length|encoding)|transfer-encoding|trailer|expect)$/i;

/**
 * Appends the caller's headers; throws a `Failure` if one is invalid.
 * @param {Headers} headers
 * @param {object} entries an iterable of pairs, such as a Headers or a Map, or a record
 */
function appendHeaders(headers, entries) {
  try {
    for (const pair of Symbol.iterator in entries
      ? /** @type {Iterable<unknown>} */ (entries)
      : Object.entries(entries)) {
      if (!Array.isArray(pair))
        throw configurationFailure(`options.headers must hold pairs, got ${describeType(pair)}`);
      const [name, value] = pair;
      if (value == null) continue;
      if (BODY_HEADER.test(name)) {
        throw configurationFailure(
          `options.headers must not hold ${name}: ` +
            "it is set for each upload, together with the body",
        );
      }
      if (typeof value !== "string")
        throw configurationFailure(`options.headers must hold strings, got ${describeType(value)}`);
      if (isBrowser() && value.includes(KEY_PREFIX)) {
        throw configurationFailure(
          "options.headers must not hold an API key in a browser, where everyone could read it: " +
            "let your proxy add it",
        );
      }
      headers.append(name, value);
    }
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    // Without the exception, whose message quotes the value, which may be a token or a key.
    throw configurationFailure("options.headers must hold valid header names and values");
  }
}

/**
 * Resolves to an option, or to the result of its function; rejects with a `Failure`.
 * @param {string} name
 * @param {unknown} option
 * @returns {Promise<unknown>}
 */
async function resolveOption(name, option) {
  if (typeof option !== "function") return option;
  try {
    return await option();
  } catch (cause) {
    throw configurationFailure(`the function options.${name} failed`, cause);
  }
}

/** Loads fetch-fallbacks.js, which few requests need. */
let loadFallbacks = () => import("./fetch-fallbacks.js");

/**
 * Provides the module where it cannot be imported on demand.
 * @param {FetchFallbacksModule} module
 */
export function provideFetchFallbacks(module) {
  loadFallbacks = async () => module;
}

/**
 * Sends one request. Resolves to the head of the response (see response.js) as soon as the status
 * and the headers have arrived; rejects with a `Failure`.
 *
 * Redirects to another origin are not followed, because the recording and the caller's headers
 * would be sent there too. With a key, no redirect is followed.
 * @param {string} url
 * @param {FormData} form
 * @param {ResolvedHeaders} resolvedHeaders
 * @param {RequestCredentials} credentials
 * @param {AbortSignal} signal
 * @param {CustomFetch | undefined} customFetch the caller's option `fetch`
 * @param {OnUploadProgress | undefined} onUploadProgress called with the share that was sent, above
 *   0 and up to 1, if the browser can report it without extra requests
 * @returns {Promise<ResponseHead>}
 */
export async function sendRequest(
  url,
  form,
  { headers, apiKey, hasKeyHeader },
  credentials,
  signal,
  customFetch,
  onUploadProgress,
) {
  const hasKey = hasKeyHeader || apiKey !== undefined;
  /** @type {UploadInit} */
  const init = { method: "POST", body: form, headers, credentials, signal, redirect: "manual" };
  let isForeignForm = false;
  // A fetch of another implementation sends "[object FormData]". Before it connects, it converts
  // the form to that text, which throws here.
  Object.defineProperty(form, "toString", {
    value: () => {
      isForeignForm = true;
      throw new TypeError("this fetch belongs to another FormData");
    },
  });
  try {
    if (apiKey !== undefined) addKey(headers, apiKey);
    const sendWithProgress =
      !customFetch &&
      onUploadProgress &&
      !hasKey &&
      typeof document === "object" &&
      (await loadXhrUpload(url, init));
    signal.throwIfAborted();
    if (sendWithProgress) return await sendWithProgress(onUploadProgress);
    /**
     * @param {string} url
     * @param {RequestInit} init
     */
    const send = (url, init) =>
      customFetch ? customFetch.call(globalThis, url, init) : fetch(url, init);
    let response = await send(url, init);
    if (!hasKey && isRedirect(response))
      response = await (await loadFallbacks()).followRedirects(
        response,
        url,
        init,
        send,
        isSameOrigin(url),
      );
    return await toResponseHead(response, url, signal, loadFallbacks);
  } catch (cause) {
    if (isFailure(cause)) throw cause;
    throw await connectionFailure(cause, url, isNetworkError(cause, customFetch), isForeignForm);
  }
}

/** @param {any} response any value; a read that throws is caught */
function isRedirect(response) {
  try {
    return response.type === "opaqueredirect" || (response.status >= 307 && response.status <= 308);
  } catch {
    return false;
  }
}

/**
 * @param {Headers} headers
 * @param {string} apiKey
 */
function addKey(headers, apiKey) {
  try {
    headers.set("x-api-key", apiKey);
  } catch {
    // Without the exception, whose message may quote the key.
    throw configurationFailure("options.apiKey could not be sent as a header");
  }
}

/**
 * Resolves to the function of xhr-upload.js that sends the request. If the module does not load,
 * the request is sent without progress.
 * @param {string} url
 * @param {UploadInit} init
 */
async function loadXhrUpload(url, init) {
  const module = await import("./xhr-upload.js").catch(() => {});
  return module?.canUseXhr(url, init, { createBody, brokenBody, createResponseHead });
}

/**
 * True if `url` has the origin of this page or worker.
 * @param {string} url
 */
function isSameOrigin(url) {
  try {
    return new URL(url, location.href).origin === globalThis.origin;
  } catch {
    return false;
  }
}

/** The start of the messages of network failures in browsers. */
const NETWORK_ERROR_MESSAGE = /^(Failed to fetch|Load failed|NetworkError )/;

/**
 * True if it is certain that the network failed. WebKit translates its message into the user's
 * language; there, any error of the browser's own fetch that is not about the URL counts.
 * @param {any} cause any value; a read that throws is caught
 * @param {CustomFetch | undefined} customFetch
 */
function isNetworkError(cause, customFetch) {
  try {
    if (NETWORK_ERROR_MESSAGE.test(cause.message)) return cause instanceof TypeError;
    return (
      !customFetch &&
      /\[native code]/.test(Function.prototype.toString.call(fetch)) &&
      !/\bURL\b/.test(cause.message)
    );
  } catch {
    return false;
  }
}

/**
 * Resolves to the `Failure` of a request without a response. If fetch-fallbacks.js does not load,
 * that is another sign of a network failure.
 * @param {unknown} cause
 * @param {string} url
 * @param {boolean} isNetwork
 * @param {boolean} isForeignForm
 */
async function connectionFailure(cause, url, isNetwork, isForeignForm) {
  const module = isNetwork ? undefined : await loadFallbacks().catch(() => {});
  const [className, reason, message] =
    module?.explainRejection(cause, url, isForeignForm) ??
    /** @type {const} */ ([
      "ConnectionError",
      ...(isOffline(url)
        ? /** @type {const} */ (["offline", "the device is offline"])
        : /** @type {const} */ (["unreachable", "the server could not be reached"])),
    ]);
  return new Failure(className, reason, message, cause);
}

/** Hosts of this machine, which respond without a network. */
const LOOPBACK = /^(.+\.)?localhost\.?$|^127(\.\d+){3}$|^0\.0\.0\.0$|^\[::(1|ffff:7f..:.*)?]$/;

/**
 * True if the browser says that the device is offline, and `url` is not on this machine. False is
 * not certain: a network without internet counts as online.
 * @param {string} url
 */
export function isOffline(url) {
  if (globalThis.navigator?.onLine !== false || !("addEventListener" in globalThis)) return false;
  try {
    return !LOOPBACK.test(new URL(url, globalThis.location?.href).hostname);
  } catch {
    return true;
  }
}

/**
 * Resolves when the browser is online again, or `signal` is aborted, which also removes the
 * listener.
 * @param {AbortSignal} signal
 */
export const untilOnline = (signal) =>
  new Promise((resolve) => {
    globalThis.addEventListener("online", resolve, { once: true, signal });
    signal.addEventListener("abort", resolve, { once: true });
  });
