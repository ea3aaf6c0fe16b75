// Resolves the argument of `init()` of thetaone-web/external to wasm, and names what is wrong with
// it.

import { configurationError, wasmLoadError } from "../client/local-errors.js";
import {
  bytesIn,
  isA,
  memberOf,
  messageOf,
  nodeModule,
  tagOf,
} from "../client/untrusted-values.js";

const SERVE_HINT = "serve the package's file thetaone-web/core_bg.wasm there";

/**
 * Resolves to a value that wasm-bindgen accepts: a module, bytes or a response that is compiled
 * while it arrives. Rejects with an error of the package.
 * @param {unknown} source a URL, a Response, bytes or a Module, or a promise of one
 * @returns {Promise<unknown>}
 */
export async function resolveWasmSource(source) {
  const resolved = await source;
  if (typeof resolved === "string" || isA(resolved, "URL")) return fetchWasm(String(resolved));
  if (
    typeof memberOf(resolved, "arrayBuffer") === "function" &&
    typeof memberOf(resolved, "ok") === "boolean"
  )
    return compileResponse(/** @type {Response} */ (resolved));
  // Not `instanceof`, because a module may come from another realm.
  if (tagOf(resolved) === "WebAssembly.Module") return resolved;
  const bytes = bytesIn(resolved);
  if (bytes) return assertWasmBytes(bytes, "what was given to init()");
  throw configurationError(
    "init() takes what thetaone-web/core_bg.wasm is: its URL, a Response, its bytes, " +
      "or a WebAssembly.Module",
  );
}

/** Returns the error of calls before `init()`. */
export const notInitializedError = () =>
  wasmLoadError(
    'the wasm was not given: call init(source) of "thetaone-web/external" first, with the URL of ' +
      "thetaone-web/core_bg.wasm, a Response, its bytes or a WebAssembly.Module; " +
      'or import from "thetaone-web", which carries it',
  );

/** @param {string} url */
async function fetchWasm(url) {
  // Node's fetch does not support file: URLs.
  const fs = /^file:/i.test(url) ? nodeModule("fs/promises") : undefined;
  let response;
  try {
    if (fs) return await fs.readFile(new URL(url));
    response = await fetch(url);
  } catch (cause) {
    throw wasmLoadError(
      `${url} could not be fetched: ${SERVE_HINT}, and allow it in connect-src ` +
        `if there is a Content-Security-Policy (${messageOf(cause)})`,
      cause,
    );
  }
  return compileResponse(response);
}

/** @param {Response} response */
async function compileResponse(response) {
  const sourceName = response.url || "the Response given to init()";
  if (!response.ok)
    throw wasmLoadError(`${sourceName} has status ${response.status}: ${SERVE_HINT}`);
  if (response.bodyUsed)
    throw wasmLoadError(
      `${sourceName} was read already: pass a fresh Response, or a clone() of it`,
    );
  // Browsers compile a response while it arrives only if it has exactly this type.
  const type = response.headers.get("content-type")?.trim().toLowerCase();
  if (type === "application/wasm" && typeof WebAssembly.compileStreaming === "function") {
    return WebAssembly.compileStreaming(response);
  }
  return assertWasmBytes(
    /** @type {Uint8Array} */ (bytesIn(await response.arrayBuffer())),
    sourceName,
  );
}

/**
 * Returns `bytes`. Throws a WasmLoadError if they do not begin like wasm.
 * @param {Uint8Array} bytes
 * @param {string} sourceName
 */
function assertWasmBytes(bytes, sourceName) {
  if (String.fromCharCode(...bytes.subarray(0, 4)) !== "\0asm") {
    const isPage = /^\s*</.test(String.fromCharCode(...bytes.subarray(0, 8)));
    throw wasmLoadError(
      `${sourceName} is ${isPage ? "a page" : "something else"}, not WebAssembly: ${SERVE_HINT}`,
    );
  }
  return bytes;
}
