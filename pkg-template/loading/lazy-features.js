// Loads the modules that only some pages need. Bundlers put each into a chunk of its own, which is
// downloaded only when it is needed.

import { notLoaded, wasmLoadFailure } from "../result/failure.js";
import { messageOf } from "../client/untrusted-values.js";

/**
 * @import {
 *   OutboxModule,
 *   PeaksModule,
 *   ReferencesModule,
 *   StorageModule,
 *   TranscribeLongModule,
 * } from "../internal.js"
 */

/**
 * The modules that service-worker.js has imported. Service workers cannot import on demand.
 * @type {{
 *   outbox?: OutboxModule,
 *   peaks?: PeaksModule,
 *   references?: ReferencesModule,
 *   storage?: StorageModule,
 *   transcribeLong?: TranscribeLongModule,
 * }}
 */
const preloaded = {};

/**
 * Provides modules where they cannot be imported on demand.
 * @param {typeof preloaded} modules
 */
export const provideFeatures = (modules) => Object.assign(preloaded, modules);

/** Resolves to outbox/index.js. */
export const loadOutbox = () =>
  loadFeature("outbox/index.js", preloaded.outbox, () => import("../outbox/index.js"));

/** Resolves to prepare/peaks.js. */
export const loadPeaks = () =>
  loadFeature("prepare/peaks.js", preloaded.peaks, () => import("../prepare/peaks.js"));

/** Resolves to references/index.js. */
export const loadReferences = () =>
  loadFeature("references/index.js", preloaded.references, () => import("../references/index.js"));

/** Resolves to transcribe-long/index.js. */
export const loadTranscribeLong = () =>
  loadFeature(
    "transcribe-long/index.js",
    preloaded.transcribeLong,
    () => import("../transcribe-long/index.js"),
  );

/** Resolves to storage/indexed-db.js. */
export const loadStorage = () =>
  loadFeature("storage/indexed-db.js", preloaded.storage, () => import("../storage/indexed-db.js"));

/**
 * Resolves to a module; rejects with a `Failure`.
 * @template Module
 * @param {string} file the name of the module's file in messages
 * @param {Module | undefined} module the module, if it is loaded already
 * @param {() => Promise<Module>} importModule
 */
async function loadFeature(file, module, importModule) {
  try {
    return module ?? (await importModule());
  } catch (cause) {
    throw "ServiceWorkerGlobalScope" in globalThis
      ? missingFeatureFailure(file, cause)
      : notLoaded(file, cause);
  }
}

/**
 * @param {string} file
 * @param {unknown} cause
 */
function missingFeatureFailure(file, cause) {
  const fix = 'import "thetaone-web/service-worker" there';
  return wasmLoadFailure(
    `${file} cannot be imported on demand in a service worker: ${fix} (${messageOf(cause)})`,
    cause,
  );
}

/** Resolves to webcodecs-decoder.js after its demuxer has started; rejects with a WasmLoadError. */
export async function loadWebCodecsDecoder() {
  const decoder = await import("../prepare/webcodecs-decoder.js");
  await decoder.loadDemuxer();
  return decoder;
}

/**
 * Resolves to an encoder of mono samples; rejects with a WasmLoadError. See mp3-encoder.js.
 * @param {number} sampleRate
 * @param {number} kbps
 */
export async function loadMp3Encoder(sampleRate, kbps) {
  const { mp3Encoder } = await import("./mp3-encoder.js");
  return mp3Encoder(sampleRate, kbps);
}
