// One request: its headers, and how it is sent. Everything that a caller's function or the network returns is read here, in
// response.js and in fetch-fallbacks.js. The core gets objects that these made, and rejections that are a `Failure`.

import { KEY_PREFIX } from "../result/constants.js";
import { describeType } from "../client/describe-type.js";
import { Failure, configurationFailure, isFailure } from "../result/failure.js";
import { noteKey } from "../result/redact.js";
import { brokenBody, createBody, createResponseHead, toResponseHead } from "./response.js";
import { isBrowser } from "../client/environment.js";

/**
 * Resolves to the headers of one request, from the caller's options: `{ headers, apiKey, hasKeyHeader }`.
 * The headers do not hold `apiKey` yet. `hasKeyHeader` is true if they hold a key of their own.
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
  // Its answer may quote it.
  if (apiKey !== undefined) await noteKey(apiKey);
  return {
    headers,
    apiKey,
    hasKeyHeader: [...headers.values()].some((value) => value.includes(KEY_PREFIX)),
  };
}

/** Headers that describe the body or how it is framed: only whoever writes the body knows them. */
const BODY_HEADER = /^(content-(type|length|encoding)|transfer-encoding|trailer|expect)$/i;

/** `given` holds pairs, as a Headers or a Map does, or members. */
function appendHeaders(headers, entries) {
  try {
    for (const pair of Symbol.iterator in entries ? entries : Object.entries(entries)) {
      if (!Array.isArray(pair))
        throw configurationFailure(`options.headers must hold pairs, got ${describeType(pair)}`);
      const [name, value] = pair;
      if (value == null) continue;
      if (BODY_HEADER.test(name)) {
        throw configurationFailure(
          `options.headers must not hold ${name}: it is set for each upload, together with the body`,
        );
      }
      if (typeof value !== "string")
        throw configurationFailure(`options.headers must hold strings, got ${describeType(value)}`);
      if (isBrowser() && value.includes(KEY_PREFIX)) {
        throw configurationFailure(
          "options.headers must not hold an API key in a browser, where everyone could read it: let your proxy add it",
        );
      }
      headers.append(name, value);
    }
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    // Without the exception, whose message quotes the value: it may be a token, or a key.
    throw configurationFailure("options.headers must hold valid header names and values");
  }
}

/** Resolves to the option itself, or to the result of its function. */
async function resolveOption(name, option) {
  if (typeof option !== "function") return option;
  try {
    return await option();
  } catch (cause) {
    throw configurationFailure(`the function options.${name} failed`, cause);
  }
}

/** fetch-fallbacks.js, which few requests need. */
let loadFallbacks = () => import("./fetch-fallbacks.js");

/** Gives the module to those who import nothing on demand. */
export function provideFetchFallbacks(module) {
  loadFallbacks = async () => module;
}

/**
 * Sends one request. Resolves to the head of the response (see response.js) as soon as the status
 * and the headers have arrived; rejects with a `Failure`.
 *
 * Redirects to another origin are not followed, because the recording and the caller's headers would
 * be sent there too. With a key, no redirect is followed. `onUploadProgress` is called with the share
 * that was sent, above 0 and up to 1, if the browser can report it without extra requests.
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
  const init = { method: "POST", body: form, headers, credentials, signal, redirect: "manual" };
  let isForeignForm = false;
  // A fetch that does not know this FormData sends "[object FormData]"; it asks for that text before it connects.
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

function isRedirect(response) {
  try {
    return response.type === "opaqueredirect" || (response.status >= 307 && response.status <= 308);
  } catch {
    return false;
  }
}

function addKey(headers, apiKey) {
  try {
    headers.set("x-api-key", apiKey);
  } catch {
    // Without the exception, whose message may quote the key.
    throw configurationFailure("options.apiKey could not be sent as a header");
  }
}

/** See xhr-upload.js. Where that does not load, the upload goes up unwatched. */
async function loadXhrUpload(url, init) {
  const module = await import("./xhr-upload.js").catch(() => {});
  return module?.canUseXhr(url, init, { createBody, brokenBody, createResponseHead });
}

/** Whether `url` is of the origin of this page or worker. */
function isSameOrigin(url) {
  try {
    return new URL(url, location.href).origin === globalThis.origin;
  } catch {
    return false;
  }
}

/** How browsers begin to say that the network failed. */
const NETWORK_ERROR_MESSAGE = /^(Failed to fetch|Load failed|NetworkError )/;

/** Whether that is for certain, also where WebKit says it in the user's language: its own fetch throws it, not about the URL. */
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

/** The `Failure` of what was thrown instead of an answer. A module that does not load is one more sign of no network. */
async function connectionFailure(cause, url, isNetwork, isForeignForm) {
  const module = isNetwork ? undefined : await loadFallbacks().catch(() => {});
  const [className, reason, message] = module?.explainRejection(cause, url, isForeignForm) ?? [
    "ConnectionError",
    ...(isOffline(url)
      ? ["offline", "the device is offline"]
      : ["unreachable", "the server could not be reached"]),
  ];
  return new Failure(className, reason, message, cause);
}

/** Hosts of this machine, which answer without any network. */
const LOOPBACK = /^(.+\.)?localhost\.?$|^127(\.\d+){3}$|^0\.0\.0\.0$|^\[::(1|ffff:7f..:.*)?]$/;

/**
 * Whether the browser says that the device is offline, and `url` is not on this machine. `true` is certain, `false` is not: a
 * network without internet counts as online.
 */
export function isOffline(url) {
  if (globalThis.navigator?.onLine !== false || !("addEventListener" in globalThis)) return false;
  try {
    return !LOOPBACK.test(new URL(url, globalThis.location?.href).hostname);
  } catch {
    return true;
  }
}

/** Resolves when the browser is online again, or `signal` is aborted: what nobody waits for is to be forgotten. */
export const untilOnline = (signal) =>
  new Promise((resolve) => {
    globalThis.addEventListener("online", resolve, { once: true, signal });
    signal.addEventListener("abort", resolve, { once: true });
  });
