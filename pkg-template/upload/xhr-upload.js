// Uploads through XMLHttpRequest, which alone reports how many bytes have gone up. It follows every redirect, with the
// recording and the headers, and cannot be told not to. So it runs in an empty frame whose Content-Security-Policy allows
// connections to one origin only: the browser holds every step of a redirect against that before it sends anything.

/** How much more than `limit` of a body is let in: none of it can be read until all is there. */
const SLACK_BYTES = 1 << 20;
/** How long an empty frame may take to load, in milliseconds; one that a policy forbids may never do. */
const FRAME_MS = 1_000;

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
    const frame = await framed(policy);
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
 * A hidden frame with this policy besides the page's; `undefined` where it cannot be reached, as in a sandboxed page.
 *
 * From a frame without an address, WebKit sends `Origin: null`, which careful servers refuse; from one with a blob's, the
 * page's own. A page's policy has to allow it: `frame-src blob:`.
 */
async function framed(policy) {
  const frame = document.createElement("iframe");
  frame.hidden = true;
  const loaded = new Promise((resolve) => {
    frame.onload = resolve;
    setTimeout(resolve, FRAME_MS);
  });
  const address = isWebKit() ? URL.createObjectURL(new Blob([], { type: "text/html" })) : undefined;
  if (address) frame.src = address;
  // Not into the body, which pages empty.
  document.documentElement.append(frame);
  if (address || (frame.contentDocument && frame.contentDocument.readyState !== "complete"))
    await loaded;
  if (address) URL.revokeObjectURL(address);
  const inner = frame.contentDocument;
  const isThere = inner && (!address || inner.URL === address);
  if (isThere && typeof frame.contentWindow.XMLHttpRequest === "function") {
    const meta = inner.createElement("meta");
    meta.httpEquiv = "Content-Security-Policy";
    meta.content = policy;
    inner.head.append(meta);
    return frame;
  }
  frame.remove();
  return undefined;
}

/** Resolves to the head of the answer, as response.js makes it, as soon as the status is there. */
function sendWithProgress(
  url,
  init,
  { createBody, brokenBody, createHead },
  onUploadProgress,
  frame,
  policy,
) {
  const { body, credentials, headers, signal } = init;
  const xhr = new frame.contentWindow.XMLHttpRequest();
  const { upload } = xhr;
  let isRefused = false;
  let limit = Infinity;
  let settle;
  const read = new Promise((resolve) => (settle = resolve));
  const end = (outcome) => {
    signal.removeEventListener("abort", abort);
    upload.onprogress = upload.onload = xhr.onprogress = xhr.onload = xhr.onerror = null;
    settle(outcome);
    // A frame that is removed within an event of its own request may take the rest of the event with it.
    setTimeout(() => frame.remove());
  };
  const abort = () => {
    end(brokenBody(signal.reason));
    xhr.abort();
  };
  const guard = (size) => {
    if (size <= limit + SLACK_BYTES) return;
    end(createBody([], true));
    xhr.abort();
  };
  return new Promise((resolve, reject) => {
    const headed = () => {
      const reading = (most) => {
        limit = most;
        guard(Number(xhr.getResponseHeader("content-length")));
        return read;
      };
      resolve(createHead(xhr.status, xhr.getResponseHeader("retry-after"), reading));
    };
    frame.contentDocument.addEventListener("securitypolicyviolation", (event) => {
      isRefused ||= event.originalPolicy === policy;
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
    xhr.onreadystatechange = () => xhr.readyState === 2 && headed();
    xhr.onprogress = ({ loaded }) => guard(loaded);
    xhr.onload = () => {
      const blob = new Blob([xhr.response ?? ""]);
      const isCut = blob.size > limit;
      const head = isCut ? blob.slice(0, limit) : blob;
      head.arrayBuffer().then(
        (buffer) => end(createBody([new Uint8Array(buffer)], isCut)),
        (cause) => end(brokenBody(cause)),
      );
    };
    xhr.onerror = () => {
      // The same as fetch rejects with.
      const cause = new TypeError("Failed to fetch");
      end(brokenBody(cause));
      // Chromium reports the violation behind the error.
      setTimeout(() =>
        isRefused ? resolve(createHead(0, undefined, async () => createBody([]))) : reject(cause),
      );
    };
    signal.addEventListener("abort", () => reject(signal.reason));
    signal.addEventListener("abort", abort);
    xhr.send(body);
  });
}
