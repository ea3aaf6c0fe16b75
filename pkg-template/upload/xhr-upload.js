// Uploads through XMLHttpRequest, which alone reports how many bytes have gone up. It follows every redirect, with the
// recording and the headers, and cannot be told not to. So it runs in an empty frame whose Content-Security-Policy allows
// connections to one origin only: the browser holds every step of a redirect against that before it sends anything.

/** How much more than `limit` of a body is let in: none of it can be read until all is there. */
const MAX_EXCESS_BYTES = 1 << 20;
/** How long an empty frame may take to load, in milliseconds; one that a policy forbids may never do. */
const FRAME_TIMEOUT_MS = 1_000;

/**
 * Resolves to a function that sends the request as `sendWithProgress` does, or to `undefined` where it cannot be watched, or not at
 * no other cost. To another origin, a watched upload needs a preflight, which only a request with headers needs anyway.
 * `response` holds functions of response.js, which is part of another chunk.
 */
export async function canUseXhr(url, init, response) {
  const { credentials, headers } = init;
  try {
    const { origin, href } = new URL(url, document.baseURI);
    if (
      credentials === "omit" ||
      !("SecurityPolicyViolationEvent" in globalThis) ||
      // A policy has no syntax for the literal addresses of IPv6.
      origin.includes("[") ||
      // Chromium lets no service worker answer for a frame without an address, though it may answer for this page.
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

const isWebKit = () => navigator.vendor.startsWith("Apple");

/**
 * A hidden frame with this policy besides the page's; `undefined` where it cannot be reached, as in a sandboxed page.
 *
 * From a frame without an address, WebKit sends `Origin: null`, which careful servers refuse; from one with a blob's, the
 * page's own. A page's policy has to allow it: `frame-src blob:`.
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
  // Not into the body, which pages empty.
  document.documentElement.append(frame);
  if (blobUrl || (frame.contentDocument && frame.contentDocument.readyState !== "complete"))
    await loaded;
  if (blobUrl) URL.revokeObjectURL(blobUrl);
  const frameDocument = frame.contentDocument;
  const isAccessible = frameDocument && (!blobUrl || frameDocument.URL === blobUrl);
  if (isAccessible && typeof frame.contentWindow.XMLHttpRequest === "function") {
    const meta = frameDocument.createElement("meta");
    meta.httpEquiv = "Content-Security-Policy";
    meta.content = policy;
    frameDocument.head.append(meta);
    return frame;
  }
  frame.remove();
  return undefined;
}

/** Resolves to the head of the answer, as response.js makes it, as soon as the status is there. */
function sendWithProgress(
  url,
  init,
  { createBody, brokenBody, createResponseHead },
  onUploadProgress,
  frame,
  policy,
) {
  const { body, credentials, headers, signal } = init;
  const xhr = new frame.contentWindow.XMLHttpRequest();
  const { upload } = xhr;
  let isBlocked = false;
  let limit = Infinity;
  let resolveBody;
  const bodyRead = new Promise((resolve) => (resolveBody = resolve));
  const finish = (outcome) => {
    signal.removeEventListener("abort", abort);
    upload.onprogress = upload.onload = xhr.onprogress = xhr.onload = xhr.onerror = null;
    resolveBody(outcome);
    // A frame that is removed within an event of its own request may take the rest of the event with it.
    setTimeout(() => frame.remove());
  };
  const abort = () => {
    finish(brokenBody(signal.reason));
    xhr.abort();
  };
  const enforceLimit = (size) => {
    if (size <= limit + MAX_EXCESS_BYTES) return;
    finish(createBody([], true));
    xhr.abort();
  };
  return new Promise((resolve, reject) => {
    const onHeaders = () => {
      const readBody = (maxBytes) => {
        limit = maxBytes;
        enforceLimit(Number(xhr.getResponseHeader("content-length")));
        return bodyRead;
      };
      resolve(createResponseHead(xhr.status, xhr.getResponseHeader("retry-after"), readBody));
    };
    frame.contentDocument.addEventListener("securitypolicyviolation", (event) => {
      isBlocked ||= event.originalPolicy === policy;
    });
    xhr.open("POST", url);
    // Browsers move large blobs out of memory. Firefox counts what came before it is unpacked, so that a body that unpacks
    // to a thousand times its size passes the guard. WebKit reads on for longer into a blob.
    xhr.responseType = isWebKit() ? "arraybuffer" : "blob";
    xhr.withCredentials = credentials === "include";
    headers.forEach((value, name) => xhr.setRequestHeader(name, value));
    // All bytes are up when they are counted up: `load` may come as late as the answer, in Firefox, and that may be
    // long after.
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
      // The same as fetch rejects with.
      const cause = new TypeError("Failed to fetch");
      finish(brokenBody(cause));
      // Chromium reports the violation behind the error.
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
