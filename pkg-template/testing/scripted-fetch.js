// A fetch that responds by a script.

import { bytesIn, isA, isBlob } from "../client/untrusted-values.js";
import { BROKEN_BODY, createResponse } from "./create-response.js";

/** @import { FaultStep, RecordedRequest, ResponseStep } from "../testing.js" */
/** @import { ScriptedFetch, Step } from "../testing.js" */

/** @typedef {Partial<ResponseStep> & Partial<FaultStep>} AnyStep */

/** Matches the names of headers whose values are keys or other secrets. */
const SECRET_NAME = /^(x-api-key|authorization|proxy-authorization|cookie)$|token|secret|session/i;
const KEY_PATTERN = /sk-theta-/;

const STEP_FIELDS = ["status", "headers", "body", "delayMs", "fault"];
const FAULTS = ["connection", "hang", "brokenBody"];
/**
 * The status of the response to a request without a step. The SDK does not retry it and the API
 * does not send it, so that a test with too many requests fails at once.
 */
const EXHAUSTED_STATUS = 501;

/** @type {typeof import("../testing.js").fault} */
export const fault = {
  connection: () => ({ fault: "connection" }),
  hang: () => ({ fault: "hang" }),
  brokenBody: ({ status = 200 } = {}) => ({ fault: "brokenBody", status }),
  notJson: () => ({
    status: 200,
    headers: { "content-type": "text/html" },
    body: "<!doctype html><title>My app</title><p>Not the API, but a page of the app",
  }),
};

/** @type {typeof import("../testing.js").scriptedFetch} */
export function scriptedFetch(steps = []) {
  /** @type {Step[]} */
  const script = [];
  /** @type {RecordedRequest[]} */
  const requests = [];
  /** @param {Step[]} more */
  const push = (...more) => {
    for (const step of more) script.push(validateStep(step, script.length));
  };
  push(...steps);

  /**
   * @param {string} url
   * @param {RequestInit} init
   */
  const scripted = async (url, init = {}) => {
    const { signal } = init;
    const request = recordRequest(url, init, requests.length);
    requests.push(request);
    signal?.throwIfAborted();
    const step = script[request.index] ?? exhaustedStep(request, script.length);
    if (step.delayMs) await pause(step.delayMs, signal);
    return respond(step, request, signal);
  };
  const assertDone = () => assertAllUsed(script, requests);
  Object.defineProperty(scripted, "remaining", {
    get: () => Math.max(0, script.length - requests.length),
  });
  return /** @type {ScriptedFetch} */ (Object.assign(scripted, { requests, push, assertDone }));
}

/**
 * Throws if steps are left, or requests found none.
 * @param {Step[]} script
 * @param {RecordedRequest[]} requests
 */
function assertAllUsed(script, requests) {
  const unused = script
    .slice(requests.length)
    .map((step, index) => `  ${requests.length + index + 1}. ${describeStep(step)}`);
  if (unused.length > 0) {
    throw new Error(
      `scriptedFetch: ${unused.length} of ${script.length} answers were not asked for:\n` +
        unused.join("\n"),
    );
  }
  const surplus = requests
    .slice(script.length)
    .map(({ index, method, endpoint }) => `  ${index + 1}. ${method} ${endpoint}`);
  if (surplus.length > 0) {
    throw new Error(
      `scriptedFetch: ${surplus.length} of ${requests.length} requests had no answer:\n` +
        surplus.join("\n"),
    );
  }
}

/**
 * @param {Step} step
 * @param {number} index
 */
function validateStep(step, index) {
  /** @param {string} problem */
  const reject = (problem) => {
    throw new TypeError(`scriptedFetch: answer ${index + 1} ${problem}`);
  };
  if (step === null || typeof step !== "object")
    reject("must be an object such as { status: 200, body: {} }");
  for (const name of Object.keys(step)) {
    if (!STEP_FIELDS.includes(name))
      reject(`has the unknown field ${name}; there are ${STEP_FIELDS.join(", ")}`);
  }
  const { status = 200, delayMs = 0, fault } = /** @type {AnyStep} */ (step);
  if (!(Number.isInteger(status) && status >= 200 && status <= 599))
    reject("must have a status from 200 to 599");
  if (!(Number.isFinite(delayMs) && delayMs >= 0)) reject("must have a delayMs of 0 or more");
  if (fault !== undefined && !FAULTS.includes(fault))
    reject(`must have a fault of ${FAULTS.join(", ")}`);
  return step;
}

/**
 * @param {string} url
 * @param {RequestInit} init
 * @param {number} index
 * @returns {RecordedRequest}
 */
function recordRequest(url, init, index) {
  const form = /** @type {Iterable<[string, FormDataEntryValue]>} */ (
    isA(init.body, "FormData") ? init.body : []
  );
  /** @type {[string, string][]} */
  const texts = [];
  let audio;
  for (const [name, value] of form) {
    if (typeof value === "string") texts.push([name, value]);
    else if (isBlob(value)) audio ??= value;
  }
  const headers = Array.from(new Headers(init.headers), ([name, value]) => [
    name,
    withoutSecret(name, value),
  ]);
  const { signal } = init;
  return {
    index,
    url: String(url),
    method: init.method ?? "GET",
    // The base is for addresses without a host, which most pages use.
    endpoint: new URL(url, "http://localhost").pathname.replace(/^.*\//, "/"),
    at: performance.now(),
    headers: Object.fromEntries(headers),
    fields: Object.fromEntries(texts.map(([name, text]) => [name, tryParseJson(text)])),
    texts: Object.fromEntries(texts),
    audio,
    get aborted() {
      return signal?.aborted === true;
    },
  };
}

/**
 * Returns the value of a header, unless it is a secret: values end up in snapshots and in the
 * output of tests.
 * @param {string} name
 * @param {string} value
 */
const withoutSecret = (name, value) =>
  SECRET_NAME.test(name) || KEY_PATTERN.test(value) ? "(not recorded)" : value;

/** @param {string} text */
function tryParseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/**
 * @param {RecordedRequest} request
 * @param {number} count
 * @returns {ResponseStep}
 */
function exhaustedStep({ index, method, endpoint }, count) {
  const request = `request ${index + 1}, ${method} ${endpoint}`;
  const detail = `scriptedFetch has no answer for ${request}: ${count} were scripted`;
  return { status: EXHAUSTED_STATUS, body: { detail } };
}

/** @param {AnyStep} step */
function describeStep({ fault, status = 200 }) {
  if (fault === "brokenBody") return `${status}, whose body breaks off`;
  return fault === undefined ? String(status) : `fault.${fault}()`;
}

/**
 * @param {AnyStep} step
 * @param {RecordedRequest} request
 * @param {AbortSignal | null | undefined} signal
 */
async function respond({ fault, status = 200, headers, body }, request, signal) {
  // The error of browsers.
  if (fault === "connection") throw new TypeError("Failed to fetch");
  if (fault === "hang") await pause(Number.POSITIVE_INFINITY, signal);
  const init = { status, headers: new Headers(headers) };
  if (fault === "brokenBody") return createResponse(BROKEN_BODY, init);
  const content = typeof body === "function" ? await body(request) : body;
  if (content === undefined || content === null) return createResponse(null, init);
  const isBytes = isBlob(content) || bytesIn(content) !== undefined;
  if (isBytes || typeof content === "string") return createResponse(content, init);
  if (!init.headers.has("content-type")) init.headers.set("content-type", "application/json");
  return createResponse(JSON.stringify(content), init);
}

/**
 * Waits. Rejects like fetch when `signal` is aborted.
 * @param {number} ms
 * @param {AbortSignal | null | undefined} signal
 * @returns {Promise<void>}
 */
function pause(ms, signal) {
  return new Promise((resolve, reject) => {
    const timer = ms === Number.POSITIVE_INFINITY ? undefined : setTimeout(onTimeout, ms);
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    signal?.addEventListener("abort", onAbort, { once: true });
    function onTimeout() {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    }
  });
}
