// Uploads with XMLHttpRequest, because only it reports how many bytes are sent.
//
// XMLHttpRequest follows every redirect, with the recording and the headers, and has no option
// against it. So it runs in an empty frame whose Content-Security-Policy allows connections to one
// origin only. The browser checks every step of a redirect by that policy before it sends anything.

/** @typedef {Window & typeof globalThis} FrameWindow */

/** @import { OnUploadProgress, UploadInit } from "./fetch.js" */
/**
 * @import {
 *   ResponseBody,
 *   ResponseHead,
 *   brokenBody,
 *   createBody,
 *   createResponseHead,
 * } from "./response.js"
 */

/**
 * The functions of response.js, which is part of another chunk.
 * @typedef {object} ResponseFunctions
 * @property {typeof brokenBody} brokenBody
 * @property {typeof createBody} createBody
 * @property {typeof createResponseHead} createResponseHead
 */

/**
 * Maximum number of bytes that are received beyond the limit of a body, none of which can be read
 * before all have arrived.
 */
const MAX_EXCESS_BYTES = 1 << 20;
/**
 * Maximum time to load an empty frame, in milliseconds. A frame that a policy forbids never loads.
 */
const FRAME_TIMEOUT_MS = 1_000;

/**
 * Resolves to a function that sends the request; see `sendWithProgress`. Resolves to `undefined` if
 * XMLHttpRequest cannot be used, or would cost an extra request: to another origin, it needs a
 * preflight, which a request with headers needs anyway.
 * @param {string} url
 * @param {UploadInit} init
 * @param {ResponseFunctions} response
 * @returns {Promise<
 *   ((onUploadProgress: OnUploadProgress) => Promise<ResponseHead>) | undefined
 * >}
 */
export async function canUseXhr(url, init, response) {
  const { credentials, headers } = init;
  try {
    const { origin, href } = new URL(url, document.baseURI);
    if (
      credentials === "omit" ||
      !("SecurityPolicyViolationEvent" in globalThis) ||
      // A policy has no syntax for literal IPv6 addresses.
      origin.includes("[") ||
      // Chromium lets no service worker respond to a frame without a URL, but the service worker
      // may be what responds to this page.
      navigator.serviceWorker?.controller ||
      (origin !== globalThis.origin && headers.keys().next().done)
    ) {
      return undefined;
    }
    const policy = `connect-src ${origin}`;
    const frame = await createFrame(policy);
    if (init.signal.aborted) frame?.remove();
    return (
      frame &&
      ((onUploadProgress) =>
        sendWithProgress(href, init, response, onUploadProgress, frame, policy))
    );
  } catch {
    return undefined;
  }
}

/**
 * Returns true in WebKit; see prepare/webkit.js. A copy, because in workers, Parcel (2.16) loses a
 * module that two chunks share.
 */
const isWebKit = () => "line" in new Error();

/**
 * Resolves to a hidden frame with this policy in addition to the page's, or to `undefined` if
 * scripts cannot access the frame, as in a sandboxed page.
 *
 * From a frame without a URL, WebKit sends `Origin: null`, which careful servers reject. From a
 * frame with the URL of a blob, it sends the page's origin. The page's policy must allow such a
 * frame: `frame-src blob:`.
 * @param {string} policy
 */
async function createFrame(policy) {
  const frame = document.createElement("iframe");
  frame.hidden = true;
  const loaded = new Promise((resolve) => {
    frame.onload = resolve;
    setTimeout(resolve, FRAME_TIMEOUT_MS);
  });
  const blobUrl = isWebKit() ? URL.createObjectURL(new Blob([], { type: "text/html" })) : undefined;
  if (blobUrl) frame.src = blobUrl;
  // Not in the body, which pages empty.
  document.documentElement.append(frame);
  if (blobUrl || (frame.contentDocument && frame.contentDocument.readyState !== "complete"))
    await loaded;
  if (blobUrl) URL.revokeObjectURL(blobUrl);
  const frameDocument = frame.contentDocument;
  const isAccessible = frameDocument && (!blobUrl || frameDocument.URL === blobUrl);
  if (
    isAccessible &&
    typeof (/** @type {FrameWindow} */ (frame.contentWindow).XMLHttpRequest) === "function"
  ) {
    const meta = frameDocument.createElement("meta");
    meta.httpEquiv = "Content-Security-Policy";
    meta.content = policy;
    frameDocument.head.append(meta);
    return frame;
  }
  frame.remove();
  return undefined;
}

/**
 * Resolves to the head of the response as soon as the status has arrived.
 * @param {string} url
 * @param {UploadInit} init
 * @param {ResponseFunctions} response
 * @param {OnUploadProgress} onUploadProgress
 * @param {HTMLIFrameElement} frame see `createFrame`
 * @param {string} policy
 * @returns {Promise<ResponseHead>}
 */
function sendWithProgress(
  url,
  init,
  { createBody, brokenBody, createResponseHead },
  onUploadProgress,
  frame,
  policy,
) {
  const { body, credentials, headers, signal } = init;
  const xhr = new /** @type {FrameWindow} */ (frame.contentWindow).XMLHttpRequest();
  const { upload } = xhr;
  let isBlocked = false;
  let limit = Infinity;
  /** @type {(body: ResponseBody) => void} */
  let resolveBody;
  /** @type {Promise<ResponseBody>} */
  const bodyRead = new Promise((resolve) => (resolveBody = resolve));
  /** @param {ResponseBody} outcome */
  const finish = (outcome) => {
    signal.removeEventListener("abort", abort);
    upload.onprogress = upload.onload = xhr.onprogress = xhr.onload = xhr.onerror = null;
    resolveBody(outcome);
    // Removing the frame within an event of its request may end the event early.
    setTimeout(() => frame.remove());
  };
  const abort = () => {
    finish(brokenBody(signal.reason));
    xhr.abort();
  };
  /** @param {number} size */
  const enforceLimit = (size) => {
    if (size <= limit + MAX_EXCESS_BYTES) return;
    finish(createBody([], true));
    xhr.abort();
  };
  return new Promise((resolve, reject) => {
    const onHeaders = () => {
      /** @param {number} maxBytes */
      const readBody = (maxBytes) => {
        limit = maxBytes;
        enforceLimit(Number(xhr.getResponseHeader("content-length")));
        return bodyRead;
      };
      resolve(createResponseHead(xhr.status, xhr.getResponseHeader("retry-after"), readBody));
    };
    /** @type {Document} */ (frame.contentDocument).addEventListener(
      "securitypolicyviolation",
      (event) => {
        isBlocked ||= event.originalPolicy === policy;
      },
    );
    xhr.open("POST", url);
    // Browsers move large blobs out of memory. That matters in Firefox, which counts bytes before
    // it decompresses them: a body that grows to a thousand times its size passes `enforceLimit`.
    // WebKit takes longer to stop receiving a blob.
    xhr.responseType = isWebKit() ? "arraybuffer" : "blob";
    xhr.withCredentials = credentials === "include";
    headers.forEach((value, name) => xhr.setRequestHeader(name, value));
    // A share of 1 is reported as soon as all bytes are counted. In Firefox, `load` may come as
    // late as the response.
    upload.onprogress = ({ loaded, total }) =>
      loaded > 0 && total > 0 && onUploadProgress(Math.min(loaded / total, 1));
    upload.onload = () => onUploadProgress(1);
    xhr.onreadystatechange = () => xhr.readyState === 2 && onHeaders();
    xhr.onprogress = ({ loaded }) => enforceLimit(loaded);
    xhr.onload = () => {
      const blob = new Blob([xhr.response ?? ""]);
      const isCut = blob.size > limit;
      const head = isCut ? blob.slice(0, limit) : blob;
      head.arrayBuffer().then(
        (buffer) => finish(createBody([new Uint8Array(buffer)], isCut)),
        (cause) => finish(brokenBody(cause)),
      );
    };
    xhr.onerror = () => {
      // The error that fetch rejects with.
      const cause = new TypeError("Failed to fetch");
      finish(brokenBody(cause));
      // Chromium reports the policy violation after the error.
      setTimeout(() =>
        isBlocked
          ? resolve(createResponseHead(0, undefined, async () => createBody([])))
          : reject(cause),
      );
    };
    signal.addEventListener("abort", () => reject(signal.reason));
    signal.addEventListener("abort", abort);
    xhr.send(body);
  });
}
