// One request: its headers, and how it is sent. Everything that a caller's function or the network returns is read here, in
// response.js and in fetch-fallbacks.js. The core gets objects that these made, and rejections that are a `Failure`.

import { described } from "../client/describe-type.js";
import { Failure, isFailure } from "../result/failure.js";
import { noteKey } from "../result/redact.js";
import { bodyOf, brokenBody, headOf, headWith } from "./response.js";
import { inBrowser } from "../client/environment.js";

/** How the API's keys start. */
const KEY_PREFIX = "sk-theta-";

/**
 * What the caller's options make of a request's headers: `{ headers, apiKey, holdsKey }`, that key not among them yet.
 * `holdsKey` is whether they hold one of their own.
 */
export async function headersOf(own, key) {
  const headers = new Headers();
  const given = await resolved("headers", own);
  if (typeof given === "object" && given !== null) fill(headers, given);
  else if (given !== undefined)
    throw misused(`options.headers must give an object, got ${described(given)}`);
  const apiKey = await resolved("apiKey", key);
  if (apiKey !== undefined && typeof apiKey !== "string") {
    throw misused(`options.apiKey must give a string, got ${described(apiKey)}`);
  }
  // Its answer may quote it.
  if (apiKey !== undefined) await noteKey(apiKey);
  return {
    headers,
    apiKey,
    holdsKey: [...headers.values()].some((value) => value.includes(KEY_PREFIX)),
  };
}

/** Headers that describe the body or how it is framed: only whoever writes the body knows them. */
const CONTRADICTS_BODY = /^(content-(type|length|encoding)|transfer-encoding|trailer|expect)$/i;

/** `given` holds pairs, as a Headers or a Map does, or members. */
function fill(headers, given) {
  try {
    for (const pair of Symbol.iterator in given ? given : Object.entries(given)) {
      if (!Array.isArray(pair))
        throw misused(`options.headers must hold pairs, got ${described(pair)}`);
      const [name, value] = pair;
      if (value == null) continue;
      if (CONTRADICTS_BODY.test(name)) {
        throw misused(
          `options.headers must not hold ${name}: it is set for each upload, together with the body`,
        );
      }
      if (typeof value !== "string")
        throw misused(`options.headers must hold strings, got ${described(value)}`);
      if (inBrowser() && value.includes(KEY_PREFIX)) {
        throw misused(
          "options.headers must not hold an API key in a browser, where everyone could read it: let your proxy add it",
        );
      }
      headers.append(name, value);
    }
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    // Without the exception, whose message quotes the value: it may be a token, or a key.
    throw misused("options.headers must hold valid header names and values");
  }
}

/** The option itself, or what its function gives. */
async function resolved(name, option) {
  if (typeof option !== "function") return option;
  try {
    return await option();
  } catch (cause) {
    throw misused(`the function options.${name} failed`, cause);
  }
}

const misused = (message, cause) => new Failure("ConfigurationError", undefined, message, cause);

/** fetch-fallbacks.js, which few requests need. */
let unusual = () => import("./fetch-fallbacks.js");

/** Gives the module to those who import nothing on demand. */
export function bringUnusual(module) {
  unusual = async () => module;
}

/**
 * Sends one request. Resolves to the head of the answer, once the status and the headers are there; rejects with a `Failure`.
 *
 * No redirect to another origin is followed: the recording and the caller's headers would go along. With a key, none is.
 * `own` is the caller's fetch, if there is one. `onSent` is called with the share that has gone up, above 0 and up to 1, as
 * the browser reports it, where that can be watched at no other cost.
 */
export async function exchange(
  url,
  form,
  { headers, apiKey, holdsKey },
  credentials,
  signal,
  own,
  onSent,
) {
  const isKeyed = holdsKey || apiKey !== undefined;
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
    const watch =
      !own && onSent && !isKeyed && typeof document === "object" && (await watchable(url, init));
    signal.throwIfAborted();
    if (watch) return await watch(onSent);
    const send = (to, how) => (own ? own.call(globalThis, to, how) : fetch(to, how));
    let answer = await send(url, init);
    if (!isKeyed && isRedirect(answer))
      answer = await (await unusual()).followed(answer, url, init, send, isOwnOrigin(url));
    return await headOf(answer, url, signal, unusual);
  } catch (cause) {
    if (isFailure(cause)) throw cause;
    throw await failureOf(cause, url, isOfNetwork(cause, own), isForeignForm);
  }
}

function isRedirect(answer) {
  try {
    return answer.type === "opaqueredirect" || (answer.status >= 307 && answer.status <= 308);
  } catch {
    return false;
  }
}

function addKey(headers, apiKey) {
  try {
    headers.set("x-api-key", apiKey);
  } catch {
    // Without the exception, whose message may quote the key.
    throw misused("options.apiKey could not be sent as a header");
  }
}

/** See xhr-upload.js. Where that does not load, the upload goes up unwatched. */
async function watchable(url, init) {
  const module = await import("./xhr-upload.js").catch(() => {});
  return module?.watchable(url, init, { bodyOf, brokenBody, headWith });
}

/** Whether `url` is of the origin of this page or worker. */
function isOwnOrigin(url) {
  try {
    return new URL(url, location.href).origin === globalThis.origin;
  } catch {
    return false;
  }
}

/** How browsers begin to say that the network failed. */
const NETWORK_FAILED = /^(Failed to fetch|Load failed|NetworkError )/;

/** Whether that is for certain, also where WebKit says it in the user's language: its own fetch throws it, not about the URL. */
function isOfNetwork(cause, own) {
  try {
    if (NETWORK_FAILED.test(cause.message)) return cause instanceof TypeError;
    return (
      !own &&
      /\[native code]/.test(Function.prototype.toString.call(fetch)) &&
      !/\bURL\b/.test(cause.message)
    );
  } catch {
    return false;
  }
}

/** The `Failure` of what was thrown instead of an answer. A module that does not load is one more sign of no network. */
async function failureOf(cause, url, isOfNetwork, isForeignForm) {
  const module = isOfNetwork ? undefined : await unusual().catch(() => {});
  const [className, reason, message] = module?.explained(cause, url, isForeignForm) ?? [
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
export const online = (signal) =>
  new Promise((resolve) => {
    globalThis.addEventListener("online", resolve, { once: true, signal });
    signal.addEventListener("abort", resolve, { once: true });
  });
