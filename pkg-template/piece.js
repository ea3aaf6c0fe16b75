// Loads pieces of wasm, each once, on first use.

import { WasmLoadError } from "./errors.js";
import { TEXTS } from "./catalogue.js";

/**
 * What gives the started wasm-bindgen module; a failed load may be tried again.
 *
 * `files` imports the glue and the inlined wasm on demand, so that bundlers put
 * them into chunks that nobody downloads before.
 */
export function piece(name, files) {
  let loading;
  return () => {
    loading ??= start(files).catch((cause) => {
      loading = undefined;
      throw loadError(name, cause);
    });
    return loading;
  };
}

async function start(files) {
  const [glue, inline] = await files();
  await glue.default({ module_or_path: decoded(inline.default) });
  return glue;
}

function decoded(base64) {
  if (typeof Uint8Array.fromBase64 === "function") return Uint8Array.fromBase64(base64);
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < bytes.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}

function loadError(name, cause) {
  const said = cause instanceof Error ? cause.message : String(cause);
  let message = `${name} could not be started: ${said}`;
  if (typeof WebAssembly !== "object") {
    message = "this environment has no WebAssembly";
  } else if (/Content.Security.Policy|unsafe-eval|blocked by CSP|disallowed/i.test(said)) {
    message = `the page's Content-Security-Policy forbids WebAssembly; allow script-src 'wasm-unsafe-eval' (${said})`;
  } else if (/dynamically imported module|importing a module|ChunkLoadError|Loading chunk/i.test(said)) {
    message = `a file of the package could not be fetched; check that all of its chunks are served (${said})`;
  }
  return new WasmLoadError({ ...TEXTS.WASM_LOAD_FAILED, code: "WASM_LOAD_FAILED", origin: "client", message, cause });
}
