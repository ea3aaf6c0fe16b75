// The functions that a client runs on after the wasm has loaded: one chunk, with the wasm's
// exports.

import { isBrowser } from "../client/environment.js";
import { blobFrom, bufferOf } from "../prepare/blobs.js";
import { convert } from "../prepare/decode-and-convert.js";
import { loadEncoder } from "../prepare/encode-mp3.js";
import { prepareMp3 } from "../prepare/mp3-file.js";
import { prepare } from "../prepare/prepare.js";
import {
  decodeFile,
  executePlan,
  inspectHead,
  parseMp3,
  prepareAudio,
  prepareForUpload,
  rejectSilence,
} from "../prepare/prepare-audio.js";
import { createTake } from "../prepare/prepared-audio.js";
import { PcmPipeline } from "../prepare/pcm-pipeline.js";
import { Take, blobOf } from "../prepare/take.js";
import { configurationFailure } from "../result/failure.js";
import { loadSecrets } from "../result/redact.js";
import { call } from "../upload/call.js";
import {
  ClientHandle,
  EndOfSpeechDetector,
  assertResumable,
  fieldNames,
  isFatalForAll,
  joinTranscripts,
  measureLevel,
  oldestFirst,
  pcmRange,
  recordOutputFormat,
  referenceKey,
  textFields,
  uploadState,
  uuid,
  wavHeader,
} from "../wasm/core.js";
import { loadOutbox, loadPeaks, loadReferences, loadStorage } from "./lazy-features.js";

/**
 * @import { ThetaOneOptions } from "../index.js"
 * @import { Loaded, Operation, OutboxModule, ReferencesModule, Runtime } from "../internal.js"
 */

export { default } from "../wasm/core.js";

/**
 * Added here, because pages load the class before the core. No take exists earlier.
 * @this {Take}
 * @param {number} buckets
 */
Take.prototype.peaks = async function (buckets) {
  try {
    const { peaksOf } = await loadPeaks();
    return await peaksOf(shared, this, buckets);
  } catch (thrown) {
    throw new ClientHandle({}).toError(thrown);
  }
};

/**
 * A function, because in the Rust tests the class is not initialized when this module is evaluated.
 * @param {number} stopOnSilenceSeconds
 * @param {number} sampleRate in Hz
 */
function createEndOfSpeechDetector(stopOnSilenceSeconds, sampleRate) {
  return new EndOfSpeechDetector(stopOnSilenceSeconds, sampleRate);
}

/**
 * The functions that modules loaded later take from the runtime instead of importing them. In
 * workers, Parcel (2.16) loses a module of this chunk that a later chunk imports as well. See
 * `Runtime` in internal.d.ts.
 */
export const shared = {
  PcmPipeline,
  assertResumable,
  blobFrom,
  blobOf,
  bufferOf,
  configurationFailure,
  convert,
  createEndOfSpeechDetector,
  createTake,
  decodeFile,
  executePlan,
  fieldNames,
  inspectHead,
  isFatalForAll,
  joinTranscripts,
  loadEncoder,
  measureLevel,
  oldestFirst,
  parseMp3,
  pcmRange,
  prepareAudio,
  prepareForUpload,
  prepareMp3,
  recordOutputFormat,
  referenceKey,
  rejectSilence,
  textFields,
  uploadState,
  uuid,
  wavHeader,
};

/**
 * The functions that a client calls, each with its `Runtime`. One object, because a namespace
 * import would make esbuild add a helper to the code that every page loads.
 */
export const features = {
  call,
  clearStorage,
  createRuntime,
  dispose,
  openRuntime,
  openStores,
  prepare,
  /**
   * @template Result
   * @param {Loaded} loaded
   * @param {Operation<OutboxModule, Result>} operation
   * @param {unknown} request
   */
  useOutbox: (loaded, operation, request) => useFeature(loaded, loadOutbox, operation, request),
  /**
   * @template Result
   * @param {Loaded} loaded
   * @param {Operation<ReferencesModule, Result>} operation
   * @param {unknown} request
   */
  useReferences: (loaded, operation, request) =>
    useFeature(loaded, loadReferences, operation, request),
};

/**
 * Resolves to `{ features, runtime }` of one client.
 * @param {ThetaOneOptions} options the checked options of the client
 * @returns {Promise<Pick<Loaded, "features" | "runtime">>}
 */
async function openRuntime(options) {
  const runtime = createRuntime(options);
  await openStores(runtime);
  return { features, runtime };
}

/**
 * Creates the runtime of one client.
 * @param {ThetaOneOptions} options the checked options of the client
 * @returns {Runtime}
 */
function createRuntime(options) {
  return { handle: new ClientHandle(options), shared };
}

/**
 * Loads the stores that a client needs, so that a recording can be stored even if there is no
 * network later. Rejects with one of the package's errors.
 * @param {Runtime} runtime
 */
async function openStores(runtime) {
  const { handle } = runtime;
  try {
    const [outbox] = await Promise.all([
      handle.hasOutbox && loadOutbox(),
      handle.persistsReferences && loadReferences(),
      !isBrowser() && loadSecrets(),
    ]);
    if (outbox) outbox.open(runtime);
  } catch (thrown) {
    throw handle.toError(thrown);
  }
}

/**
 * Cancels all calls of a client.
 * @param {Runtime} runtime
 */
function dispose({ handle }) {
  handle.dispose();
}

/**
 * Removes everything that clients have stored on this device, for a client that is disposed of.
 * @param {Runtime} runtime
 */
async function clearStorage({ handle }) {
  try {
    const storage = await loadStorage();
    handle.cacheClear();
    await storage.clear(storage.OUTBOX, storage.REFERENCES);
  } catch (thrown) {
    throw handle.toError(thrown);
  }
}

/**
 * Resolves to the outcome of `operation(module, runtime, elapsedMs)`; rejects with one of the
 * package's errors.
 *
 * With a `request`, the operation is a call, and the time to load the runtime and the module counts
 * against its deadline. Without, the operation ends when the client is disposed of.
 * @template Module, Result
 * @param {Loaded} loaded
 * @param {() => Promise<Module>} load
 * @param {Operation<Module, Result>} operation
 * @param {unknown} request
 * @returns {Promise<Result>}
 */
async function useFeature({ runtime, elapsedMs }, load, operation, request) {
  const { handle } = runtime;
  let scope;
  try {
    scope = request ? handle.callScope(request, elapsedMs) : handle.scope(undefined);
    const module = await scope.run(load());
    const outcome = operation(module, runtime, scope.elapsedMs());
    // A call creates its own scope.
    return await (request ? outcome : scope.run(outcome));
  } catch (thrown) {
    throw handle.toError(thrown);
  } finally {
    scope?.free();
  }
}
