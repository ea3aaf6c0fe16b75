// One request to the API.

import { Exchange } from "./upstream-call.js";
import { createRedactor } from "./redact.js";
import { CALLER_GONE, Refusal } from "./error-response.js";
import { Upload } from "./upload.js";

const isWorkerd = /^Cloudflare/.test(globalThis.navigator?.userAgent);

/**
 * The options of `fetch` by which it follows no redirect. With "manual", or with a window, Node 20
 * (undici) sends a clone of the request, and so holds the whole body in the other branch of the
 * stream. Workers know "manual" alone.
 */
const UNREDIRECTED =
  globalThis.process?.release?.name === "node" && !isWorkerd
    ? { redirect: "error", window: null }
    : { redirect: "manual" };

const REDIRECTED = "The API redirected, and the proxy follows no redirect";

/**
 * Whether `fetch` decodes a coding. Deno and workerd ask for gzip and br only, and pass on deflate
 * as it is; Bun asks for zstd too.
 */
const isDecoded = (coding) =>
  /^(?:identity|(?:x-)?gzip|br)$/i.test(coding) ||
  (/^zstd$/i.test(coding) && globalThis.Bun !== undefined) ||
  (/^deflate$/i.test(coding) && !isWorkerd && globalThis.Deno === undefined);

const BODILESS = [204, 205];

/**
 * Sends `request` to `url` with `key`, and returns the API's response. Throws a `Refusal` if there
 * is none. `report.bytes` counts what went up; `report.end(status)` is called after the last byte
 * of the response, if `report.isStreaming`.
 */
export async function forward(request, url, key, { maxBytes, timeoutMs, fetch }, report) {
  const redact = createRedactor(key);
  const exchange = new Exchange(request.signal, timeoutMs);
  try {
    exchange.upload =
      request.body &&
      new Upload(request.body, exchange, (count) => {
        report.bytes += count;
        return report.bytes > maxBytes ? tooLargeRefusal(maxBytes) : undefined;
      });
    const headers = { "content-type": request.headers.get("content-type"), "x-api-key": key };
    const length = request.headers.get("content-length");
    // Where the runtime ignores it, the body goes up in chunks.
    if (/^\d+$/.test(length)) headers["content-length"] = length;
    const { signal, upload } = exchange;
    exchange.startClock();
    const response = await Promise.race([
      exchange.failure,
      send(fetch, url, {
        method: "POST",
        headers,
        body: upload?.body,
        duplex: "half",
        ...UNREDIRECTED,
        signal,
      }),
    ]);
    exchange.stopClock();
    const problem = problemOf(response);
    if (problem) throw new Refusal(502, problem);
    return await passedOn(response, redact, exchange, report);
  } catch (error) {
    await exchange.fail(error);
    throw error;
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

export const tooLargeRefusal = (maxBytes) =>
  new Refusal(413, `The upload is larger than ${maxBytes} bytes`);

function problemOf({ type, status, headers }) {
  if (type === "opaqueredirect" || (status >= 300 && status < 400)) {
    return REDIRECTED;
  }
  if (status < 200 || status > 599) return "The API answered with a status that HTTP does not have";
  const codings = headers.get("content-encoding")?.split(",") ?? [];
  if (!codings.every((coding) => isDecoded(coding.trim())))
    return "The API's answer is compressed in an unknown way";
  return undefined;
}

/**
 * Returns the part of a response that callers get: status, `Content-Type`, `Retry-After` and body.
 */
async function passedOn(response, redact, exchange, report) {
  const { status } = response;
  const headers = new Headers();
  for (const name of ["content-type", "retry-after"]) {
    const value = response.headers.get(name);
    if (value !== null) headers.set(name, redact(value));
  }
  if (!response.body || BODILESS.includes(status)) {
    await exchange.finish();
    return new Response(null, { status, headers });
  }
  report.isStreaming = true;
  const reader = response.body.getReader();
  const redactBytes = redact.bytes();
  /** Returns the next bytes that may be passed on, and whether they are the last. */
  const next = async () => {
    for (;;) {
      exchange.startClock();
      const { done, value } = await Promise.race([reader.read(), exchange.failure]);
      exchange.stopClock();
      const bytes = redactBytes(value);
      if (bytes.length > 0) return { bytes, done };
      if (done) return { done };
    }
  };
  const body = new ReadableStream(
    {
      async pull(controller) {
        try {
          const { bytes, done } = await next();
          if (bytes) controller.enqueue(bytes);
          if (!done) return;
          await exchange.finish();
          report.end(status);
          controller.close();
        } catch (error) {
          void exchange.fail(error);
          report.end(error instanceof Refusal ? error.status : 502);
          // Of our own making, because the platform's may say more than callers should know.
          throw new Error("The API's answer broke off");
        }
      },
      cancel() {
        exchange.leave();
        report.end(CALLER_GONE);
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(body, { status, headers });
}
