// Where the wasm of thetaone-web/external comes from, and what is wrong with it.

import { configurationError, wasmLoadError } from "../client/local-errors.js";
import {
  bytesIn,
  isA,
  memberOf,
  messageOf,
  nodeModule,
  tagOf,
} from "../client/untrusted-values.js";

const WHAT_TO_SERVE = "serve the package's file thetaone-web/core_bg.wasm there";

/** What wasm-bindgen takes of a URL, Response, bytes or Module, or of a promise of one. */
export async function resolveWasmSource(source) {
  const given = await source;
  if (typeof given === "string" || isA(given, "URL")) return fetchWasm(String(given));
  if (
    typeof memberOf(given, "arrayBuffer") === "function" &&
    typeof memberOf(given, "ok") === "boolean"
  )
    return compileResponse(given);
  // Not instanceof: they may come from another realm.
  if (tagOf(given) === "WebAssembly.Module") return given;
  const bytes = bytesIn(given);
  if (bytes) return assertWasmBytes(bytes, "what was given to init()");
  throw configurationError(
    "init() takes what thetaone-web/core_bg.wasm is: its URL, a Response, its bytes, or a WebAssembly.Module",
  );
}

/** For calls before `init`. */
export const notInitializedError = () =>
  wasmLoadError(
    'the wasm was not given: call init(source) of "thetaone-web/external" first, with the URL of thetaone-web/core_bg.wasm, ' +
      'a Response, its bytes or a WebAssembly.Module; or import from "thetaone-web", which carries it',
  );

async function fetchWasm(url) {
  // Node's fetch knows no file: URLs.
  const files = /^file:/i.test(url) ? nodeModule("fs/promises") : undefined;
  let response;
  try {
    if (files) return await files.readFile(new URL(url));
    response = await fetch(url);
  } catch (cause) {
    throw wasmLoadError(
      `${url} could not be fetched: ${WHAT_TO_SERVE}, and allow it in connect-src if there is a Content-Security-Policy (${messageOf(cause)})`,
      cause,
    );
  }
  return compileResponse(response);
}

async function compileResponse(response) {
  const where = response.url || "the Response given to init()";
  if (!response.ok) throw wasmLoadError(`${where} has status ${response.status}: ${WHAT_TO_SERVE}`);
  if (response.bodyUsed)
    throw wasmLoadError(`${where} was read already: pass a fresh Response, or a clone() of it`);
  // Only with exactly this type can it be compiled while it arrives.
  const type = response.headers.get("content-type")?.trim().toLowerCase();
  if (type === "application/wasm" && typeof WebAssembly.compileStreaming === "function") {
    return WebAssembly.compileStreaming(response);
  }
  return assertWasmBytes(bytesIn(await response.arrayBuffer()), where);
}

function assertWasmBytes(bytes, where) {
  if (String.fromCharCode(...bytes.subarray(0, 4)) !== "\0asm") {
    const page = /^\s*</.test(String.fromCharCode(...bytes.subarray(0, 8)));
    throw wasmLoadError(
      `${where} is ${page ? "a page" : "something else"}, not WebAssembly: ${WHAT_TO_SERVE}`,
    );
  }
  return bytes;
}
