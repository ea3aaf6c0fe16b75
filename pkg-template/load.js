// Loads the core once, on first use.

import { WasmLoadError } from "./errors.js";
import { TEXTS } from "./catalogue.js";

let loading;

/** The wasm-bindgen module, started; a failed load may be tried again. */
export function load() {
  loading ??= start().catch((cause) => {
    loading = undefined;
    throw loadError(cause);
  });
  return loading;
}

async function start() {
  // One dynamic import for both, so that bundlers put them into one chunk that
  // nobody downloads before the first call.
  const [core, inline] = await Promise.all([import("./wasm/core.js"), import("./wasm/inline.js")]);
  await core.default({ module_or_path: decoded(inline.default) });
  return core;
}

function decoded(base64) {
  if (typeof Uint8Array.fromBase64 === "function") return Uint8Array.fromBase64(base64);
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < bytes.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}

function loadError(cause) {
  const said = cause instanceof Error ? cause.message : String(cause);
  let message = `the wasm core could not be started: ${said}`;
  if (typeof WebAssembly !== "object") {
    message = "this environment has no WebAssembly";
  } else if (/Content.Security.Policy|unsafe-eval|blocked by CSP|disallowed/i.test(said)) {
    message = `the page's Content-Security-Policy forbids WebAssembly; allow script-src 'wasm-unsafe-eval' (${said})`;
  } else if (/dynamically imported module|importing a module|ChunkLoadError|Loading chunk/i.test(said)) {
    message = `a file of the package could not be fetched; check that all of its chunks are served (${said})`;
  }
  return new WasmLoadError({ ...TEXTS.WASM_LOAD_FAILED, code: "WASM_LOAD_FAILED", origin: "client", message, cause });
}
