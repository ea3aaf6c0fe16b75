// What the core has from JavaScript, because there it takes a fraction of the bytes.
//
// What only some pages need is fetched when it is asked for, so that bundlers put it
// into chunks that nobody downloads before. Rust binds this file instead of those
// behind it: its browser tests are served only files that are bound, and a test binds
// the pieces that it needs.

import { Failure, notLoaded } from "./failure.js";

/** Starts to record; rejects with one of the package's errors; see recorder.js. */
export async function record(core, options) {
  let scope;
  try {
    const wishes = { ...options, wanted: core.recordingWanted(options) };
    scope = core.scope(wishes.signal);
    const { start } = await scope.guard(fetched("recorder"));
    return await start(core, wishes, scope);
  } catch (thrown) {
    throw core.error(thrown);
  } finally {
    scope?.free();
  }
}

/** Fetches what `record()` will need, where there is one: by the time somebody speaks, the network may be gone. */
export async function readyToRecord(core) {
  try {
    if (typeof MediaRecorder === "function") await fetched("recorder");
  } catch (thrown) {
    throw core.error(thrown);
  }
}

/** Cancels what `core` records, or is about to: before this returns, the microphone is off. */
export function cancelRecording(core) {
  core.recording?.cancel();
}

/** A recording to be decoded in a worker; rejects with a WasmLoadError; see demux.js. */
export async function decoding() {
  const { Decoding, loadDemuxer } = await import("./demux.js");
  await loadDemuxer();
  return new Decoding();
}

/** An encoder of mono samples; rejects with a WasmLoadError; see mp3.js. */
export async function mp3Encoder(sampleRate, kbps) {
  const mp3 = await import("./mp3.js");
  return mp3.mp3Encoder(sampleRate, kbps);
}

/** One transcript of a recording of any length; rejects with errors of the package; see long.js. */
export async function transcribeLong(core, audio, options, request) {
  try {
    const long = await fetched("long");
    return await long.transcribeLong(core, audio, options, request);
  } catch (thrown) {
    throw core.error(thrown, "transcribe");
  }
}

/** The tabs that use `name`, `undefined` where the browser has nothing to share; see tabs.js. */
export async function tabs(name, places, hear) {
  const { Tabs } = await import("./tabs.js");
  return Tabs.canBeShared() ? new Tabs(name, places, hear) : undefined;
}

/**
 * What `work` comes to of what keeps something on this device: "outbox", "references" or "store"; rejects with one of
 * the package's errors.
 */
export async function kept(core, name, work, given) {
  try {
    const keeper = await fetched(name);
    return await keeper[work](core, ...given);
  } catch (thrown) {
    throw core.error(thrown);
  }
}

/** Begins with what the client keeps, when it is made: a recording may have to be kept when there is no network. */
export function openKept(core) {
  const wanted = [core.hasOutbox && fetched("outbox"), core.persists && fetched("references")];
  const opening = Promise.all(wanted)
    .then(([outbox]) => outbox && outbox.open(core))
    .catch((thrown) => Promise.reject(core.error(thrown)));
  // Whoever waits for it is told.
  opening.catch(() => {});
  return opening;
}

const MODULES = {
  long: () => import("./long.js"),
  outbox: () => import("./outbox.js"),
  recorder: () => import("./recorder.js"),
  references: () => import("./references.js"),
  store: () => import("./store.js"),
};

/** What service-worker.js has brought of them. */
const brought = {};

/** Gives modules to those who import nothing on demand. */
export const bring = (modules) => Object.assign(brought, modules);

async function fetched(name) {
  try {
    return brought[name] ?? (await MODULES[name]());
  } catch (cause) {
    throw "ServiceWorkerGlobalScope" in globalThis ? notBrought(`${name}.js`, cause) : notLoaded(`${name}.js`, cause);
  }
}

function notBrought(file, cause) {
  const remedy = 'import "thetaone-web/service-worker" there';
  const message = `${file} cannot be imported on demand in a service worker: ${remedy} (${cause.message})`;
  return new Failure("WasmLoadError", undefined, message, cause);
}
