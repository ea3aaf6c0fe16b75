// One request to the API.

import { createRedactor } from "./redact.js";
import { CALLER_GONE, Refusal } from "./refusal.js";
import { createUpload } from "./upload.js";

const isWorkerd = /^Cloudflare/.test(globalThis.navigator?.userAgent);

/**
 * The options of `fetch` by which it follows no redirect. With "manual", or with a window, Node 20 (undici) sends a clone of
 * the request, and so holds the whole body in the other branch of the stream. Workers know "manual" alone.
 */
const UNREDIRECTED =
  globalThis.process?.release?.name === "node" && !isWorkerd ? { redirect: "error", window: null } : { redirect: "manual" };

const REDIRECTED = "The API redirected, and the proxy follows no redirect";

/** Whether `fetch` decodes a coding. Deno and workerd ask for gzip and br only, and pass on deflate as it is. */
const isDecoded = (coding) =>
  /^(?:identity|(?:x-)?gzip|br)$/i.test(coding) ||
  (/^deflate$/i.test(coding) && !isWorkerd && !globalThis.Deno);

const BODILESS = [204, 205];

/**
 * Sends `request` to `url` with `key`, and returns the API's response. Throws a `Refusal` if there
 * is none. `report.bytes` counts what went up; `report.end(status)` is called after the last byte
 * of the response.
 */
export async function forward(request, url, key, { maxBytes, timeoutMs, fetch }, report) {
  const redact = createRedactor(key);
  const upstream = new AbortController();
  let upload;
  let isWaitingForCaller = false;

  let fail;
  const failure = new Promise((_, reject) => {
    fail = (refusal) => {
      clearTimeout(timer);
      request.signal?.removeEventListener("abort", leave);
      reject(refusal);
      upstream.abort();
      void upload?.drain();
    };
  });
  failure.catch(() => {});
  const leave = () => fail(new Refusal(CALLER_GONE, "The caller went away"));

  let timer;
  const silent = () =>
    fail(
      isWaitingForCaller
        ? new Refusal(408, `The upload stood still for ${timeoutMs} ms`)
        : new Refusal(504, `The API was silent for ${timeoutMs} ms`),
    );
  const moved = () => {
    clearTimeout(timer);
    timer = setTimeout(silent, timeoutMs);
  };
  const pause = () => clearTimeout(timer);
  const finish = () => {
    pause();
    request.signal?.removeEventListener("abort", leave);
  };

  if (request.signal?.aborted) throw new Refusal(CALLER_GONE, "The caller went away");
  request.signal?.addEventListener("abort", leave);
  moved();
  upload = request.body && createUpload(request.body, {
    onWait: (isWaiting) => {
      isWaitingForCaller = isWaiting;
      moved();
    },
    onBytes: (count) => {
      report.bytes += count;
      if (report.bytes <= maxBytes) return;
      const tooLarge = tooLargeRefusal(maxBytes);
      fail(tooLarge);
      throw new Error(tooLarge.detail);
    },
    onBroken: leave,
  });

  try {
    const response = await Promise.race([
      failure,
      send(fetch, url, {
        method: "POST",
        headers: {
          "content-type": request.headers.get("content-type"),
          "x-api-key": key,
        },
        body: upload?.body,
        duplex: "half",
        ...UNREDIRECTED,
        signal: upstream.signal,
      }),
    ]);
    pause();
    const problem = problemOf(response);
    if (problem) {
      void response.body?.cancel().catch(() => {});
      throw new Refusal(502, problem);
    }
    return passedOn(response, { redact, failure, upstream, moved, pause, finish, fail, report });
  } catch (refusal) {
    finish();
    upstream.abort();
    void upload?.drain();
    throw refusal;
  }
}

async function send(fetch, url, init) {
  try {
    return await fetch(url, init);
  } catch (error) {
    // Not passed on: it may say more than callers should know.
    const isRedirect = /redirect/i.test(`${error?.message} ${error?.cause?.message}`);
    throw new Refusal(502, isRedirect ? REDIRECTED : "The API could not be reached");
  }
}

export const tooLargeRefusal = (maxBytes) => new Refusal(413, `The upload is larger than ${maxBytes} bytes`);

function problemOf({ type, status, headers }) {
  if (type === "opaqueredirect" || (status >= 300 && status < 400)) {
    return REDIRECTED;
  }
  if (status < 200 || status > 599) return "The API answered with a status that HTTP does not have";
  const codings = headers.get("content-encoding")?.split(",") ?? [];
  if (!codings.every((coding) => isDecoded(coding.trim()))) return "The API's answer is compressed in an unknown way";
  return undefined;
}

/** The part of a response that callers get: status, `Content-Type`, `Retry-After` and body. */
function passedOn(response, { redact, failure, upstream, moved, pause, finish, fail, report }) {
  const { status } = response;
  const headers = new Headers();
  for (const name of ["content-type", "retry-after"]) {
    const value = response.headers.get(name);
    if (value !== null) headers.set(name, redact(value));
  }
  if (!response.body || BODILESS.includes(status)) {
    finish();
    return new Response(null, { status, headers });
  }
  report.isStreaming = true;
  const reader = response.body.getReader();
  const redactBytes = redact.bytes();
  const body = new ReadableStream(
    {
      async pull(controller) {
        try {
          for (;;) {
            moved();
            const { done, value } = await Promise.race([reader.read(), failure]);
            pause();
            const bytes = redactBytes(done ? undefined : value);
            if (bytes.length > 0) controller.enqueue(bytes);
            if (done) {
              finish();
              report.end(status);
              return controller.close();
            }
            if (bytes.length > 0) return;
          }
        } catch (error) {
          const isRefusal = error instanceof Refusal;
          if (!isRefusal) fail(new Refusal(502, ""));
          report.end(isRefusal ? error.status : 502);
          // Of our own making, because the platform's may say more than callers should know.
          throw new Error("The API's answer broke off");
        }
      },
      cancel() {
        fail(new Refusal(CALLER_GONE, ""));
        report.end(CALLER_GONE);
        upstream.abort();
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(body, { status, headers });
}
