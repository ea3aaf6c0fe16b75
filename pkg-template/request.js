// One request: its headers, and how it is sent. Everything that a caller's function or the network returns is read here and
// in response.js. The core gets plain objects that these two made, and rejections that are a `Failure`.

import { described } from "./described.js";
import { Failure, isFailure } from "./failure.js";
import { failureKind } from "./rejection.js";
import { headOf, isUnseenRedirect } from "./response.js";
import { inBrowser } from "./surroundings.js";
import { isOwnOrigin, watchable } from "./watched.js";

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
  else if (given !== undefined) throw misused(`options.headers must give an object, got ${described(given)}`);
  const apiKey = await resolved("apiKey", key);
  if (apiKey !== undefined && typeof apiKey !== "string") {
    throw misused(`options.apiKey must give a string, got ${described(apiKey)}`);
  }
  return { headers, apiKey, holdsKey: [...headers.values()].some((value) => value.includes(KEY_PREFIX)) };
}

/** Headers that describe the body or how it is framed: only whoever writes the body knows them. */
const CONTRADICTS_BODY = /^(content-(type|length|encoding)|transfer-encoding|trailer|expect)$/i;

/** `given` holds pairs, as a Headers or a Map does, or members. */
function fill(headers, given) {
  try {
    for (const pair of Symbol.iterator in given ? given : Object.entries(given)) {
      if (!Array.isArray(pair)) throw misused(`options.headers must hold pairs, got ${described(pair)}`);
      const [name, value] = pair;
      if (value == null) continue;
      if (CONTRADICTS_BODY.test(name)) {
        throw misused(`options.headers must not hold ${name}: it is set for each upload, together with the body`);
      }
      if (typeof value !== "string") throw misused(`options.headers must hold strings, got ${described(value)}`);
      if (inBrowser() && value.includes(KEY_PREFIX)) {
        throw misused("options.headers must not hold an API key in a browser, where everyone could read it: let your proxy add it");
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

/** How many redirects are followed where the SDK follows them itself; browsers stop at 20. */
const MAX_REDIRECTS = 5;

/**
 * Sends one request. Resolves to what `headOf` returns, once the status and the headers are there; rejects with a `Failure`.
 *
 * No redirect to another origin is followed: the recording and the caller's headers would go along. With a key, none is.
 * `own` is the caller's fetch, if there is one. `onSent` is called with the share that has gone up, above 0 and up to 1, as
 * the browser reports it, where that can be watched at no other cost.
 */
export async function exchange(url, form, { headers, apiKey, holdsKey }, credentials, signal, own, onSent) {
  const keyed = holdsKey || apiKey !== undefined;
  const init = { method: "POST", body: form, headers, credentials, signal, redirect: "manual" };
  let isForeign = false;
  // A fetch that does not know this FormData sends "[object FormData]"; it asks for that text before it connects.
  Object.defineProperty(form, Symbol.toPrimitive, {
    value: () => {
      isForeign = true;
      throw new TypeError("this fetch belongs to another FormData");
    },
  });
  try {
    if (apiKey !== undefined) addKey(headers, apiKey);
    const watch = !own && onSent && !keyed && (await watchable(url, init));
    signal.throwIfAborted();
    if (watch) return await watch(onSent);
    // Called as a method of nothing else: Illegal invocation, otherwise.
    const send = (to, how) => (own ? own.call(globalThis, to, how) : fetch(to, how));
    const answer = await send(url, init);
    return await headOf(keyed ? answer : await followed(answer, url, init, send), url, signal);
  } catch (cause) {
    throw isForeign ? misused(FOREIGN_FORM, cause) : failureOf(cause, url, own);
  }
}

const FOREIGN_FORM =
  "fetch turned the FormData into text, because it belongs to another implementation: use the runtime's own fetch, " +
  "or make globalThis.FormData and Blob those of the package that this fetch is from";

function addKey(headers, apiKey) {
  try {
    headers.set("x-api-key", apiKey);
  } catch {
    // Without the exception, whose message may quote the key.
    throw misused("options.apiKey could not be sent as a header");
  }
}

/** The answer after redirects within one origin. One that leads elsewhere is returned as it is. */
async function followed(answer, url, init, send) {
  // Browsers hide where a redirect leads. In this mode they follow it only within the page's origin, and fail else.
  if (isUnseenRedirect(answer) && isOwnOrigin(url)) {
    return send(url, { ...init, redirect: "follow", mode: "same-origin" }).catch((cause) => {
      if (init.signal.aborted) throw cause;
      return answer;
    });
  }
  let at = url;
  for (let hop = 0; hop < MAX_REDIRECTS; hop++) {
    const next = nextOf(answer, at);
    if (!next) break;
    at = next;
    answer = await send(at, init);
  }
  return answer;
}

/** Where to a 307 or 308 leads, which keep method and body, if that is of the origin of `url`. */
function nextOf(answer, url) {
  try {
    if (![307, 308].includes(answer.status)) return undefined;
    const next = new URL(answer.headers.get("location"), url);
    return next.origin === new URL(url).origin ? next.href : undefined;
  } catch {
    return undefined;
  }
}

/** The `Failure` of what was thrown instead of an answer. */
function failureOf(cause, url, own) {
  if (isFailure(cause)) return cause;
  switch (failureKind(cause, own)) {
    case "network":
      return isOffline(url)
        ? new Failure("ConnectionError", "offline", "the device is offline", cause)
        : new Failure("ConnectionError", "unreachable", "the server could not be reached", cause);
    case "timeout":
      return new Failure("TimeoutError", "attempt", "fetch gave up waiting before attemptTimeoutMs had passed", cause);
    case "abort":
      return new Failure("AbortedError", undefined, "fetch was aborted, though not by the signal of this call", cause);
    case "response":
      return misused("fetch rejected although a response came: it must resolve to every response (in ky: throwHttpErrors: false)", cause);
    default:
      return URL.canParse(url, globalThis.location?.href)
        ? misused(`fetch could not be used: ${saidBy(cause)}`, cause)
        : misused("options.baseUrl must be absolute where there is no page that it could be relative to", cause);
  }
}

function saidBy(cause) {
  try {
    return String(cause?.message ?? described(cause));
  } catch {
    return "it rejected with what cannot be read";
  }
}

/** Hosts of this machine, which answer without any network. */
const LOOPBACK = /^(.+\.)?localhost\.?$|^127\.|^0\.0\.0\.0$|^\[::(1|ffff:7f..:.*)?\]$/;

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
