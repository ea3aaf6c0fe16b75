// One request as the browser makes it: its headers, and by fetch, or by XMLHttpRequest where somebody wants to know
// how much of it has gone up, which fetch does not tell.

import { described } from "./described.js";
import { Failure } from "./failure.js";
import { noteKey } from "./redact.js";
import { inBrowser } from "./surroundings.js";

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
  // Its answer may quote it.
  if (apiKey !== undefined) await noteKey(apiKey);
  return { headers, apiKey, holdsKey: [...headers.values()].some((value) => value.includes(KEY_PREFIX)) };
}

/** `given` holds pairs, as a Headers or a Map does, or members. */
function fill(headers, given) {
  try {
    for (const pair of Symbol.iterator in given ? given : Object.entries(given)) {
      if (!Array.isArray(pair)) throw misused(`options.headers must hold pairs, got ${described(pair)}`);
      const [name, value] = pair;
      if (value == null) continue;
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

/**
 * Makes the request; resolves to its Response. `own` is the caller's fetch, if there is one. `onSent` is told the share
 * that has gone up, from 0 to 1, where that can be watched at no other cost: it is first called with 0 then.
 */
export async function post(url, init, own, onSent) {
  if (!own && onSent && canBeWatched(url, init)) return watched(url, init, onSent);
  const answer = await (own ? own.call(globalThis, url, init) : fetch(url, init));
  const response = isReadable(answer) ? answer : await copyOf(answer);
  // What fetch never resolves to, it would reject with.
  if (response.type === "error") throw new TypeError("Failed to fetch");
  return response;
}

/** Not everything of this class is: what is read through a Proxy throws. */
function isReadable(answer) {
  try {
    return answer instanceof Response && answer.status >= 0 && answer.headers instanceof Headers;
  } catch {
    return false;
  }
}

/** A Response of something like one: tests give those, other realms and packages their own. */
async function copyOf(answer) {
  try {
    const { status, headers } = answer;
    if (!Number.isInteger(status)) throw new TypeError("it has no status");
    return responseOf(status, headers, await bodyOf(answer));
  } catch (cause) {
    throw misused("fetch must resolve to a Response", cause);
  }
}

/** Its text; where that cannot be read, a body that cannot either. */
async function bodyOf(answer) {
  const reads = typeof answer.text === "function" ? answer.text : answer.json;
  if (typeof reads !== "function") throw new TypeError("it has no text()");
  try {
    const content = await reads.call(answer);
    return typeof content === "string" ? content : JSON.stringify(content);
  } catch (cause) {
    return new ReadableStream({ start: (controller) => controller.error(cause) });
  }
}

/**
 * XMLHttpRequest can neither leave cookies out nor stop at a redirect, and to another origin a watched upload costs a
 * preflight, which only a request with headers costs anyway.
 */
function canBeWatched(url, { credentials, headers, redirect }) {
  return (
    typeof XMLHttpRequest === "function" &&
    credentials !== "omit" &&
    redirect !== "manual" &&
    (isOwnOrigin(url) || !headers.keys().next().done)
  );
}

function isOwnOrigin(url) {
  try {
    return new URL(url, location.href).origin === location.origin;
  } catch {
    return false;
  }
}

function watched(url, { body, credentials, headers, signal }, onSent) {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    const { upload } = xhr;
    const end = () => {
      xhr.onload = xhr.onerror = upload.onprogress = upload.onload = null;
      signal.removeEventListener("abort", abort);
    };
    const abort = () => {
      end();
      xhr.abort();
      reject(signal.reason);
    };
    xhr.open("POST", url);
    xhr.responseType = "arraybuffer";
    xhr.withCredentials = credentials === "include";
    headers.forEach((value, name) => xhr.setRequestHeader(name, value));
    onSent(0);
    // All bytes are up when they are counted up: `load` may come as late as the answer, in Firefox, and that may be
    // long after.
    upload.onprogress = ({ loaded, total }) => total > 0 && onSent(Math.min(loaded / total, 1));
    upload.onload = () => onSent(1);
    xhr.onload = () => {
      end();
      try {
        resolve(answerOf(xhr));
      } catch (cause) {
        reject(cause);
      }
    };
    xhr.onerror = () => {
      end();
      // What fetch rejects with, so that `cause` is the same.
      reject(new TypeError("Failed to fetch"));
    };
    signal.addEventListener("abort", abort);
    xhr.send(body);
  });
}

/** The answer as fetch gives it, so that it is read in one way only. */
function answerOf(xhr) {
  // Only what is read: others may not be readable at all.
  const retryAfter = xhr.getResponseHeader("retry-after");
  return responseOf(xhr.status, retryAfter === null ? {} : { "retry-after": retryAfter }, xhr.response);
}

function responseOf(status, headers, body) {
  // These have no body, and Response insists on it.
  return new Response([101, 103, 204, 205, 304].includes(status) ? null : body, { status, headers });
}

/** Whether the browser says that it is offline. `true` is certain, `false` is not: a network without internet is one. */
export const isOffline = () => globalThis.navigator?.onLine === false && "addEventListener" in globalThis;

/** Resolves when the browser is online again, or `signal` is aborted: what nobody waits for is to be forgotten. */
export const online = (signal) =>
  new Promise((resolve) => {
    globalThis.addEventListener("online", resolve, { once: true, signal });
    signal.addEventListener("abort", resolve, { once: true });
  });
