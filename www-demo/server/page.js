// Serves the built page with security headers.

import sirv from "sirv";

/** @import { IncomingMessage, ServerResponse } from "node:http" */

/**
 * Allows the sources that the SDK needs, and no more. `blob:` in `script-src` is for the audio
 * worklet of `capture: "pcm"`. `frame-src` is for WebKit, where a frame reports upload progress (see
 * `pkg-template/upload/xhr-upload.js`).
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "script-src 'self' blob: 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' data:",
  "media-src 'self' blob:",
  "frame-src blob:",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "frame-ancestors 'self'",
].join("; ");

/** @type {Record<string, string>} */
const HEADERS = {
  "content-security-policy": CONTENT_SECURITY_POLICY,
  "permissions-policy": "microphone=(self)",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
};

/**
 * Returns a function that serves the files of the folder `dist`.
 * @param {string} dist
 */
export function createPageHandler(dist) {
  // Lists the files once, so that no path leads out of the folder.
  const serveFile = sirv(dist, { etag: true, brotli: true, gzip: true });
  /**
   * @param {IncomingMessage} request
   * @param {ServerResponse} response
   */
  return (request, response) => {
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    serveFile(request, response, () => {
      response.statusCode = 404;
      response.end();
    });
  };
}
