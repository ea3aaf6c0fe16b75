// References: each sentence costs one call, however many callers request it. shared-request.js
// makes the call, the core caches its result, and reference-store.js stores it for later visits.

import { REFERENCES, clear as clearStore, read, write } from "../storage/indexed-db.js";
import { sha256 } from "./sha256.js";
import { SharedRequest } from "./shared-request.js";

/**
 * @import { NativeAnalysis } from "../index.js"
 * @import { RequestBody, Runtime } from "../internal.js"
 * @import { CancellationScope } from "../wasm/core.js"
 */

/**
 * The requests in progress: by runtime, and by key.
 * @type {WeakMap<Runtime, Map<string, SharedRequest>>}
 */
const inFlight = new WeakMap();

/**
 * Resolves to the analysis of a reference; calls the API only if it is unknown.
 * @param {Runtime} runtime
 * @param {unknown} audio
 * @param {unknown} options
 * @param {any} request checked by `callScope` before it is read
 * @param {number} elapsedMs the time that the call has taken already
 * @returns {Promise<NativeAnalysis>}
 */
export async function get(runtime, audio, options, request, elapsedMs) {
  const { handle } = runtime;
  try {
    const scope = handle.callScope(request, elapsedMs);
    try {
      const { key, body } = await scope.run(resolveKey(runtime, audio, options));
      const cached = handle.cacheGet(key);
      return copyOf(cached ?? (await requestOnce(runtime, key, body, request ?? {}, scope)));
    } finally {
      scope.free();
    }
  } catch (thrown) {
    throw handle.toError(thrown, "analyzeNative");
  }
}

/**
 * Resolves to true if `get` would make no call.
 * @param {Runtime} runtime
 * @param {unknown} audio
 * @param {unknown} options
 */
export async function has(runtime, audio, options) {
  const { handle } = runtime;
  const { key } = await resolveKey(runtime, audio, options);
  if (handle.cacheHas(key)) return true;
  if (!handle.persistsReferences) return false;
  return (await read(REFERENCES, (records) => records.get(key))) !== undefined;
}

/**
 * Removes one analysis; resolves to true if there was one.
 * @param {Runtime} runtime
 * @param {unknown} audio
 * @param {unknown} options
 */
export async function remove(runtime, audio, options) {
  const { handle } = runtime;
  const { key } = await resolveKey(runtime, audio, options);
  const wasCached = handle.cacheDelete(key);
  if (!handle.persistsReferences) return wasCached;
  const stored = await write(REFERENCES, async (records) => {
    const record = await records.get(key);
    await records.delete(key);
    return record;
  });
  return wasCached || stored !== undefined;
}

/**
 * Removes all analyses.
 * @param {Runtime} runtime
 */
export async function clear({ handle }) {
  handle.cacheClear();
  if (handle.persistsReferences) await clearStore(REFERENCES);
}

/**
 * Resolves to the result of the request that all callers of this key share.
 * @param {Runtime} runtime
 * @param {string} key
 * @param {RequestBody} body
 * @param {any} request
 * @param {CancellationScope} scope
 */
async function requestOnce(runtime, key, body, request, scope) {
  if (!inFlight.has(runtime)) inFlight.set(runtime, new Map());
  const requests = /** @type {Map<string, SharedRequest>} */ (inFlight.get(runtime));
  const shared = requests.get(key) ?? new SharedRequest(runtime, key, body, request);
  // The key may belong to another request by then.
  const remove = () => requests.get(key) === shared && requests.delete(key);
  if (!requests.has(key)) {
    requests.set(key, shared);
    shared.result.then(remove, remove);
  }
  const subscription = shared.subscribe(request.onProgress);
  try {
    return await scope.run(shared.result);
  } finally {
    if (shared.unsubscribe(subscription)) remove();
  }
}

/**
 * Resolves to the key of a reference, and to the content of its request.
 * @param {Runtime} runtime
 * @param {unknown} audio
 * @param {any} options checked by `textFields` before they are read
 */
async function resolveKey({ shared }, audio, options) {
  const fields = shared.textFields("analyzeNative", options);
  const { blob, durationSeconds } = await shared.prepareForUpload(audio);
  const hash = await digest(await shared.bufferOf(blob));
  return {
    key: shared.referenceKey(hash, options.gold_text),
    body: { blob, durationSeconds, fields },
  };
}

/** @param {ArrayBuffer} bytes */
async function digest(bytes) {
  try {
    return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  } catch {
    // Pages that are not served by HTTPS have no WebCrypto.
    return sha256(new Uint8Array(bytes));
  }
}

/**
 * Returns a copy, so that changes by one caller do not reach the next.
 * @template Value
 * @param {Value} analysis
 * @returns {Value}
 */
function copyOf(analysis) {
  try {
    return structuredClone(analysis);
  } catch {
    return JSON.parse(JSON.stringify(analysis));
  }
}
