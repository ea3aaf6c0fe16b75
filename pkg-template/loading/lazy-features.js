// Loads the modules that only some pages need. Bundlers put each into a chunk of its own, which
// nobody downloads before.

import { notLoaded, wasmLoadFailure } from "../result/failure.js";
import { messageOf } from "../client/untrusted-values.js";

/** The modules that service-worker.js has imported. Service workers cannot import on demand. */
const preloaded = {};

/** Provides modules where they cannot be imported on demand. */
export const provideFeatures = (modules) => Object.assign(preloaded, modules);

/** Resolves to outbox/index.js. */
export const loadOutbox = () =>
  loadFeature("outbox.js", preloaded.outbox, () => import("../outbox/index.js"));

/** Resolves to references/index.js. */
export const loadReferences = () =>
  loadFeature("references.js", preloaded.references, () => import("../references/index.js"));

/** Resolves to transcribe-long/index.js. */
export const loadTranscribeLong = () =>
  loadFeature("long.js", preloaded.transcribeLong, () => import("../transcribe-long/index.js"));

/** Resolves to storage/indexed-db.js. */
export const loadStorage = () =>
  loadFeature("store.js", preloaded.storage, () => import("../storage/indexed-db.js"));

async function loadFeature(file, module, importModule) {
  try {
    return module ?? (await importModule());
  } catch (cause) {
    throw "ServiceWorkerGlobalScope" in globalThis
      ? missingFeatureFailure(file, cause)
      : notLoaded(file, cause);
  }
}

function missingFeatureFailure(file, cause) {
  const fix = 'import "thetaone-web/service-worker" there';
  return wasmLoadFailure(
    `${file} cannot be imported on demand in a service worker: ${fix} (${messageOf(cause)})`,
    cause,
  );
}

/** Resolves to webcodecs-decoder.js, with the demuxer started; rejects with a WasmLoadError. */
export async function loadWebCodecsDecoder() {
  const decoder = await import("../prepare/webcodecs-decoder.js");
  await decoder.loadDemuxer();
  return decoder;
}

/** Resolves to an encoder of mono samples; rejects with a WasmLoadError. See mp3-encoder.js. */
export async function loadMp3Encoder(sampleRate, kbps) {
  const { mp3Encoder } = await import("./mp3-encoder.js");
  return mp3Encoder(sampleRate, kbps);
}
