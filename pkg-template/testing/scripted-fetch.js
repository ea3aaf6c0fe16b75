// A fetch that answers by a script.

import { blobFrom, bytesOf } from "../prepare/blobs.js";
import { bytesIn, bytesOfText, isA, isBlob, textOf } from "../client/untrusted-values.js";

/** Headers whose values are keys, or as good as one. */
const SECRET = /^(x-api-key|authorization|proxy-authorization|cookie)$|token|secret|session/i;
const KEY = /sk-theta-/;

const STEP_FIELDS = ["status", "headers", "body", "delayMs", "fault"];
const FAULTS = ["connection", "hang", "brokenBody"];
/** No one retries it, and no API says it: a test that asked too often fails at once. */
const EXHAUSTED = 501;

/** Answers that are none; see testing.d.ts. */
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

/** A fetch that gives `steps` in turn; see testing.d.ts. */
export function scriptedFetch(steps = []) {
  const script = [];
  const requests = [];
  const push = (...more) => {
    for (const step of more) script.push(checked(step, script.length));
  };
  push(...steps);

  const scripted = async (url, init = {}) => {
    const { signal } = init;
    const request = recorded(url, init, requests.length);
    requests.push(request);
    signal?.throwIfAborted();
    const step = script[request.index] ?? exhausted(request, script.length);
    if (step.delayMs) await pause(step.delayMs, signal);
    return answer(step, request, signal);
  };
  const assertDone = () => {
    const left = script
      .slice(requests.length)
      .map((step, at) => `  ${requests.length + at + 1}. ${described(step)}`);
    if (left.length > 0) {
      throw new Error(
        `scriptedFetch: ${left.length} of ${script.length} answers were not asked for:\n${left.join("\n")}`,
      );
    }
    const surplus = requests
      .slice(script.length)
      .map(({ index, method, endpoint }) => `  ${index + 1}. ${method} ${endpoint}`);
    if (surplus.length > 0) {
      throw new Error(
        `scriptedFetch: ${surplus.length} of ${requests.length} requests had no answer:\n${surplus.join("\n")}`,
      );
    }
  };
  Object.defineProperty(scripted, "remaining", {
    get: () => Math.max(0, script.length - requests.length),
  });
  return Object.assign(scripted, { requests, push, assertDone });
}

function checked(step, index) {
  const refuse = (problem) => {
    throw new TypeError(`scriptedFetch: answer ${index + 1} ${problem}`);
  };
  if (step === null || typeof step !== "object")
    refuse("must be an object such as { status: 200, body: {} }");
  for (const name of Object.keys(step)) {
    if (!STEP_FIELDS.includes(name))
      refuse(`has the unknown field ${name}; there are ${STEP_FIELDS.join(", ")}`);
  }
  const { status = 200, delayMs = 0 } = step;
  if (!(Number.isInteger(status) && status >= 200 && status <= 599))
    refuse("must have a status from 200 to 599");
  if (!(Number.isFinite(delayMs) && delayMs >= 0)) refuse("must have a delayMs of 0 or more");
  if (step.fault !== undefined && !FAULTS.includes(step.fault))
    refuse(`must have a fault of ${FAULTS.join(", ")}`);
  return step;
}

function recorded(url, init, index) {
  const sent = isA(init.body, "FormData") ? [...init.body] : [];
  const texts = sent.filter(([, value]) => typeof value === "string");
  const headers = Array.from(new Headers(init.headers), ([name, value]) => [
    name,
    withoutSecret(name, value),
  ]);
  const { signal } = init;
  return {
    index,
    url: String(url),
    method: init.method ?? "GET",
    // Of addresses without a host too, which a page uses as a rule.
    endpoint: new URL(url, "http://localhost").pathname.replace(/^.*\//, "/"),
    at: performance.now(),
    headers: Object.fromEntries(headers),
    fields: Object.fromEntries(texts.map(([name, text]) => [name, parsed(text)])),
    texts: Object.fromEntries(texts),
    audio: sent.find(([, value]) => isBlob(value))?.[1],
    get aborted() {
      return signal?.aborted === true;
    },
  };
}

// They end in snapshots and in the output of tests.
const withoutSecret = (name, value) =>
  SECRET.test(name) || KEY.test(value) ? "(not recorded)" : value;

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function exhausted({ index, method, endpoint }, count) {
  const detail = `scriptedFetch has no answer for request ${index + 1}, ${method} ${endpoint}: ${count} were scripted`;
  return { status: EXHAUSTED, body: { detail } };
}

function described({ fault, status = 200 }) {
  if (fault === "brokenBody") return `${status}, whose body breaks off`;
  return fault === undefined ? String(status) : `fault.${fault}()`;
}

async function answer({ fault, status = 200, headers, body }, request, signal) {
  // As browsers put it.
  if (fault === "connection") throw new TypeError("Failed to fetch");
  if (fault === "hang") await pause(Infinity, signal);
  const init = { status, headers: new Headers(headers) };
  if (fault === "brokenBody") return responseOf(broken, init);
  const content = typeof body === "function" ? await body(request) : body;
  if (content === undefined || content === null) return responseOf(null, init);
  const isBytes = isBlob(content) || bytesIn(content) !== undefined;
  if (isBytes || typeof content === "string") return responseOf(content, init);
  if (!init.headers.has("content-type")) init.headers.set("content-type", "application/json");
  return responseOf(JSON.stringify(content), init);
}

/** A Response; something like one where a sandbox lacks what it takes, as with jsdom. `body` is text, bytes or `broken`. */
function responseOf(body, init) {
  if (typeof Response === "function" && typeof ReadableStream === "function")
    return new Response(body === broken ? broken() : body, init);
  const text = async () => {
    if (body === broken) throw new TypeError("network error");
    if (body === null || typeof body === "string") return body ?? "";
    return textOf(await bytesOf(await blobFrom(body)));
  };
  const { status, headers } = init;
  return { ok: status < 300, status, headers, text, json: async () => JSON.parse(await text()) };
}

function broken() {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(bytesOfText('{"text": "Welc'));
    },
    pull(controller) {
      controller.error(new TypeError("network error"));
    },
  });
}

/** Waits; rejects as fetch does when `signal` is aborted. */
function pause(ms, signal) {
  return new Promise((resolve, reject) => {
    const timer = ms === Infinity ? undefined : setTimeout(done, ms);
    const aborted = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    signal?.addEventListener("abort", aborted, { once: true });
    function done() {
      signal?.removeEventListener("abort", aborted);
      resolve();
    }
  });
}
