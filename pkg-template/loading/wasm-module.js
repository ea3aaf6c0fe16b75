// Loads pieces of wasm, each once, on first use.

import { wasmLoadError } from "../client/local-errors.js";
import { ThetaOneError } from "../result/errors.js";
import { memberOf, messageOf, nodeModule } from "../client/untrusted-values.js";

/**
 * What gives the started wasm-bindgen module; a failed load may be tried again, but Firefox does not request a script
 * again once it failed to load.
 *
 * `files` imports the glue and the inlined wasm on demand, so that bundlers put
 * them into chunks that nobody downloads before.
 */
export function piece(name, files) {
  const start = starter(name);
  return () => start(inlined(files));
}

/**
 * What starts a piece with the glue and the wasm that `parts` gives, and gives the
 * glue; only the first caller's `parts` is asked, unless they fail.
 */
export function starter(name) {
  let loading;
  return (parts) => {
    loading ??= start(parts).catch((cause) => {
      loading = undefined;
      throw ThetaOneError.is(cause) ? cause : wasmLoadError(messageFor(name, cause), cause);
    });
    return loading;
  };
}

async function start(parts) {
  const [glue, wasm] = await parts();
  await glue.default({ module_or_path: wasm });
  return glue;
}

/** The parts of a piece whose `files` are its glue and its inlined wasm. */
export const inlined = (files) => async () => {
  const [glue, inline] = await files();
  return [glue, await unpacked(inline.default)];
};

async function unpacked(base64) {
  const packed = decoded(base64);
  // Test environments like jsdom have Node beneath them, and none of the rest.
  const zlib = nodeModule("zlib");
  if (zlib) return zlib.gunzipSync(packed);
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  // A response is compiled while it is unpacked.
  return new Response(stream, { headers: { "Content-Type": "application/wasm" } });
}

function decoded(base64) {
  if (typeof Uint8Array.fromBase64 === "function") return Uint8Array.fromBase64(base64);
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < bytes.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}

function messageFor(name, cause) {
  const said = messageOf(cause);
  if (typeof WebAssembly !== "object") return "this environment has no WebAssembly";
  const scope = globalThis.ServiceWorkerGlobalScope;
  if (typeof scope === "function" && globalThis instanceof scope && /import/i.test(said)) {
    return `${name} cannot be imported on demand in a service worker: use "thetaone-web/external" there (${said})`;
  }
  if (/disallowed by embedder/i.test(said)) {
    return `this runtime compiles no WebAssembly while it runs: import thetaone-web/core_bg.wasm as a module, and pass it to init() of "thetaone-web/external" (${said})`;
  }
  if (/Content.Security.Policy|unsafe-eval|blocked by CSP/i.test(said)) {
    return `the page's Content-Security-Policy forbids WebAssembly; allow script-src 'wasm-unsafe-eval' (${said})`;
  }
  if (
    /dynamically imported module|importing a module|ChunkLoadError|load(?:ing)? chunk/i.test(said)
  ) {
    return `a file of the package could not be fetched; check that all of its chunks are served (${said})`;
  }
  // A LinkError where an import is missing, a TypeError where a whole module of them is.
  const kind = memberOf(cause, "name");
  if (kind === "LinkError" || (kind === "TypeError" && /\bimport\b/i.test(said))) {
    return `${name} does not fit the scripts: serve the core_bg.wasm of the installed version of thetaone-web, and no older copy of it (${said})`;
  }
  return `${name} could not be started: ${said}`;
}
