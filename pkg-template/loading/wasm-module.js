// Loads wasm modules, each once, on first use.

import { wasmLoadError } from "../client/local-errors.js";
import { ThetaOneError } from "../result/errors.js";
import { isA, memberOf, messageOf, nodeModule } from "../client/untrusted-values.js";

/**
 * Returns a function that loads the module called `name` once, and returns its glue.
 *
 * `importParts` imports the glue and the inlined wasm on demand, so that bundlers put them into
 * chunks that nobody downloads before.
 */
export function lazyWasmModule(name, importParts) {
  const start = oncePerPage(name);
  return () => start(inlinedParts(importParts));
}

/**
 * Returns a function that instantiates the module called `name` once per page and returns its
 * glue. `parts` resolves to the glue and the wasm. Later callers share the first load, unless it
 * failed. Firefox does not request a script again that has failed to load.
 */
function oncePerPage(name) {
  let loading;
  return (parts) => {
    loading ??= start(parts).catch((cause) => {
      loading = undefined;
      throw ThetaOneError.is(cause) ? cause : wasmLoadError(loadErrorMessage(name, cause), cause);
    });
    return loading;
  };
}

/**
 * Starts the core. There is one on a page, whichever entries the page's scripts import: they share
 * its glue, which holds one instance.
 */
export const startCore = oncePerPage("the wasm core");

async function start(parts) {
  const [glue, wasm] = await parts();
  await glue.default({ module_or_path: wasm });
  return glue;
}

/** Returns the parts of a module, from a function that imports its glue and its inlined wasm. */
export const inlinedParts = (importParts) => async () => {
  const [glue, inline] = await importParts();
  return [glue, await gunzip(inline.default)];
};

async function gunzip(base64) {
  const compressed = fromBase64(base64);
  // Test environments like jsdom have Node beneath them, and none of the rest.
  const zlib = nodeModule("zlib");
  if (zlib) return zlib.gunzipSync(compressed);
  const stream = new Blob([compressed]).stream().pipeThrough(new DecompressionStream("gzip"));
  // A response is compiled while it is unpacked.
  return new Response(stream, { headers: { "Content-Type": "application/wasm" } });
}

function fromBase64(base64) {
  if (typeof Uint8Array.fromBase64 === "function") return Uint8Array.fromBase64(base64);
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

function loadErrorMessage(name, cause) {
  const causeMessage = messageOf(cause);
  if (typeof WebAssembly !== "object") return "this environment has no WebAssembly";
  if (isA(globalThis, "ServiceWorkerGlobalScope") && /import/i.test(causeMessage)) {
    return `${name} cannot be imported on demand in a service worker: use "thetaone-web/external" there (${causeMessage})`;
  }
  if (/disallowed by embedder/i.test(causeMessage)) {
    return `this runtime compiles no WebAssembly while it runs: import thetaone-web/core_bg.wasm as a module, and pass it to init() of "thetaone-web/external" (${causeMessage})`;
  }
  if (/Content.Security.Policy|unsafe-eval|blocked by CSP/i.test(causeMessage)) {
    return `the page's Content-Security-Policy forbids WebAssembly; allow script-src 'wasm-unsafe-eval' (${causeMessage})`;
  }
  if (
    /dynamically imported module|importing a module|ChunkLoadError|load(?:ing)? chunk/i.test(
      causeMessage,
    )
  ) {
    return `a file of the package could not be fetched; check that all of its chunks are served (${causeMessage})`;
  }
  // A LinkError where an import is missing, a TypeError where a whole module of them is.
  const kind = memberOf(cause, "name");
  if (kind === "LinkError" || (kind === "TypeError" && /\bimport\b/i.test(causeMessage))) {
    return `${name} does not fit the scripts: serve the core_bg.wasm of the installed version of thetaone-web, and no older copy of it (${causeMessage})`;
  }
  return `${name} could not be started: ${causeMessage}`;
}
