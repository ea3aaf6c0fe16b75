// What the core has from JavaScript, because there it takes a fraction of the bytes.
//
// What only some pages need is fetched when it is asked for, so that bundlers put it
// into chunks that nobody downloads before. Rust binds this file instead of those
// behind it: its browser tests are served only files that are bound, and a test binds
// the pieces that it needs.

import { Failure, notLoaded } from "./failure.js";

/** A node that posts what the microphone hears; see worklet.js. */
export async function captureNode(context) {
  const worklet = await import("./worklet.js");
  return worklet.captureNode(context);
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

/** The tabs that use `name`, `undefined` where the browser has nothing to share; see tabs.js. */
export async function tabs(name, places, hear) {
  const { Tabs } = await import("./tabs.js");
  return Tabs.canBeShared() ? new Tabs(name, places, hear) : undefined;
}

/** What keeps something on this device; see outbox.js, references.js and store.js. */
const KEEPERS = {
  outbox: () => import("./outbox.js"),
  references: () => import("./references.js"),
  store: () => import("./store.js"),
};

/** What service-worker.js has brought of that. */
const brought = {};

/** Gives modules to those who import nothing on demand. */
export const bring = (modules) => Object.assign(brought, modules);

/** What `work` of the keeper `name` comes to; rejects with one of the package's errors. */
export async function kept(core, name, work, given) {
  try {
    const keeper = await keeperOf(name);
    return await keeper[work](core, ...given);
  } catch (thrown) {
    throw core.error(thrown);
  }
}

/** Begins with what the client keeps, when it is made: a recording may have to be kept when there is no network. */
export function openKept(core) {
  const opening = Promise.all([core.hasOutbox && keeperOf("outbox"), core.persists && keeperOf("references")])
    .then(([outbox]) => outbox && outbox.open(core))
    .catch((thrown) => Promise.reject(core.error(thrown)));
  // Whoever waits for it is told.
  opening.catch(() => {});
  return opening;
}

async function keeperOf(name) {
  try {
    return brought[name] ?? (await KEEPERS[name]());
  } catch (cause) {
    throw "ServiceWorkerGlobalScope" in globalThis ? toBeBrought(`${name}.js`, cause) : notLoaded(`${name}.js`, cause);
  }
}

function toBeBrought(file, cause) {
  const remedy = 'import "thetaone-web/service-worker" there';
  const message = `${file} cannot be imported on demand in a service worker: ${remedy} (${cause.message})`;
  return new Failure("WasmLoadError", undefined, message, cause);
}
