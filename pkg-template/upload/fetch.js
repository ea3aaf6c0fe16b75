// Sends one request. Everything that a caller's fetch or the network returns is read here, in
// response.js and in fetch-fallbacks.js. The core gets only objects that these files create, and
// rejections that are a `Failure`.

import { Failure, configurationFailure, isFailure } from "../result/failure.js";
import { isOffline } from "./connectivity.js";
import { brokenBody, createBody, createResponseHead, toResponseHead } from "./response.js";

/** @import { ResolvedHeaders } from "./request-headers.js" */
/** @import { FetchFallbacksModule } from "../internal.js" */
/** @import { ResponseHead } from "./response.js" */

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
