// Loads wasm modules, each once, on first use.

import { wasmLoadError } from "../client/local-errors.js";
import { ThetaOneError } from "../result/errors.js";
import { isA, memberOf, messageOf, nodeModule } from "../client/untrusted-values.js";

/**
 * The glue of wasm-bindgen, or another object with its default export.
 * @typedef {{ default: (source: { module_or_path: any }) => Promise<unknown> }} Glue
 */
/**
 * The glue of a module, and its wasm.
 * @template {Glue} Module
 * @typedef {[glue: Module, wasm: unknown]} Parts
 */
/**
 * Imports the glue of a module and a script with its wasm as gzipped base64.
 * @template {Glue} Module
 * @typedef {() => Promise<[glue: Module, inline: { default: string }]>} ImportParts
 */

/**
 * Returns a function that loads the module called `name` once, and resolves to its glue.
 *
 * `importParts` imports on demand, so that bundlers put the module into chunks that are downloaded
 * only when it is needed.
 * @template {Glue} Module
 * @param {string} name
 * @param {ImportParts<Module>} importParts
 * @returns {() => Promise<Module>}
 */
export function lazyWasmModule(name, importParts) {
  const start = oncePerPage(name);
  return () => start(inlinedParts(importParts));
}

/**
 * Returns a function that instantiates the module called `name` once per page and resolves to its
 * glue. `parts` resolves to the glue and the wasm. Later callers share the first load, unless it
 * failed. Firefox does not request a script again that has failed to load.
 * @param {string} name
 * @returns {<Module extends Glue>(parts: () => Promise<Parts<Module>>) => Promise<Module>}
 */
function oncePerPage(name) {
  /** @type {Promise<any> | undefined} Every caller passes the parts of the same module. */
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
 * Starts the core. A page has one core, whichever entries its scripts import, because they share
 * the glue, which holds one instance.
 */
export const startCore = oncePerPage("the wasm core");

/**
 * @template {Glue} Module
 * @param {() => Promise<Parts<Module>>} parts
 */
async function start(parts) {
  const [glue, wasm] = await parts();
  await glue.default({ module_or_path: wasm });
  return glue;
}

/**
 * Returns a function that imports a module and unpacks its wasm.
 * @template {Glue} Module
 * @param {ImportParts<Module>} importParts
 * @returns {() => Promise<Parts<Module>>}
 */
export const inlinedParts = (importParts) => async () => {
  const [glue, inline] = await importParts();
  return [glue, await gunzip(inline.default)];
};

/** @param {string} base64 */
async function gunzip(base64) {
  const compressed = fromBase64(base64);
  // Test environments such as jsdom run in Node, and lack the other APIs.
  const zlib = nodeModule("zlib");
  if (zlib) return zlib.gunzipSync(compressed);
  const stream = new Blob([compressed]).stream().pipeThrough(new DecompressionStream("gzip"));
  // The browser compiles a response while it is unpacked.
  return new Response(stream, { headers: { "Content-Type": "application/wasm" } });
}

/**
 * @param {string} base64
 * @returns {Uint8Array<ArrayBuffer>}
 */
function fromBase64(base64) {
  if (typeof Uint8Array.fromBase64 === "function") return Uint8Array.fromBase64(base64);
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/**
 * @param {string} name
 * @param {unknown} cause
 */
function loadErrorMessage(name, cause) {
  const causeMessage = messageOf(cause);
  if (typeof WebAssembly !== "object") return "this environment has no WebAssembly";
  if (isA(globalThis, "ServiceWorkerGlobalScope") && /import/i.test(causeMessage)) {
    return (
      `${name} cannot be imported on demand in a service worker: ` +
      `use "thetaone-web/external" there (${causeMessage})`
    );
  }
  if (/disallowed by embedder/i.test(causeMessage)) {
    return (
      "this runtime compiles no WebAssembly while it runs: import thetaone-web/core_bg.wasm as a " +
      `module, and pass it to init() of "thetaone-web/external" (${causeMessage})`
    );
  }
  if (/Content.Security.Policy|unsafe-eval|blocked by CSP/i.test(causeMessage)) {
    return (
      "the page's Content-Security-Policy forbids WebAssembly; " +
      `allow script-src 'wasm-unsafe-eval' (${causeMessage})`
    );
  }
  if (
    /dynamically imported module|importing a module|ChunkLoadError|load(?:ing)? chunk/i.test(
      causeMessage,
    )
  ) {
    return (
      "a file of the package could not be fetched; " +
      `check that its chunks are served (${causeMessage})`
    );
  }
  // A missing import is a LinkError; a missing module of imports is a TypeError.
  const kind = memberOf(cause, "name");
  if (kind === "LinkError" || (kind === "TypeError" && /\bimport\b/i.test(causeMessage))) {
    return (
      `${name} does not fit the scripts: serve the core_bg.wasm of the installed version of ` +
      `thetaone-web, and no older copy of it (${causeMessage})`
    );
  }
  return `${name} could not be started: ${causeMessage}`;
}
