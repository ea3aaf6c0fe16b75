// What waits for the browser, over the core: in JavaScript it takes a fraction of the bytes.
//
// What only some pages need is fetched when it is asked for, so that bundlers put it
// into chunks that nobody downloads before.

import {
  blobFrom,
  bufferOf,
  convert,
  decodedFrom,
  forUpload,
  inspected,
  madeFrom,
  mp3In,
  mp3Made,
  refuseSilence,
} from "../prepare/prepare-audio.js";
import { Failure, notLoaded } from "../result/failure.js";
import { start } from "../record/start-recording.js";
import { loadSecrets } from "../result/redact.js";
import { inBrowser } from "../client/environment.js";
import { blobOf } from "../prepare/take.js";

const audio = {
  blobFrom,
  blobOf,
  bufferOf,
  convert,
  decodedFrom,
  forUpload,
  inspected,
  madeFrom,
  mp3In,
  mp3Made,
  refuseSilence,
};

/**
 * The core with `audio`, functions of prepare-audio.js, for what is fetched later: modules of one chunk that another asks for,
 * Parcel (2.16) loses in workers.
 */
export const equipped = (core) => Object.assign(core, { audio });

/** Starts to record; rejects with one of the package's errors; see start-recording.js. */
export async function record(core, options) {
  let scope;
  try {
    const wanted = core.recordingWanted(options);
    const wishes = Object.assign(Object.create(null), options, { wanted });
    scope = core.scope(wishes.signal);
    return await start(core, wishes, scope);
  } catch (thrown) {
    throw core.error(thrown);
  } finally {
    scope?.free();
  }
}

/** Cancels what `core` records, or is about to: before this returns, the microphone is off. */
export function cancelRecording(core) {
  core.recording?.cancel();
}

/** One transcript of a recording of any length; rejects with errors of the package; see transcribe-long/index.js. */
export async function transcribeLong(core, audio, options, request) {
  let scope;
  try {
    const own = core.longRequest(request);
    scope = core.scope(own.signal, own.deadlineMs, request?.waitedMs);
    const long = await scope.guard(fetched("long"));
    return await long.transcribeLong(core, audio, options, own, scope);
  } catch (thrown) {
    throw core.error(thrown, "transcribe");
  } finally {
    scope?.free();
  }
}

/** The tabs that use `name`, `undefined` where they cannot share anything; see cross-tab-limiter.js. */
export async function tabs(name, places, hear) {
  try {
    const { Tabs } = await import("../upload/cross-tab-limiter.js");
    return (await Tabs.canBeShared()) ? new Tabs(name, places, hear) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * What `work` comes to of what keeps something on this device: "outbox", "references" or "store"; rejects with one of
 * the package's errors. Loading counts against the deadline of `request`, if it is a call; anything else ends when the
 * client is disposed of.
 */
export async function kept(core, name, work, given, request) {
  let scope;
  try {
    scope = request ? core.scopeOf(request) : core.scope();
    const keeper = await scope.guard(fetched(name));
    if (!request) return await scope.guard(keeper[work](core, ...given));
    request.waitedMs = scope.passedMs();
    return await keeper[work](core, ...given);
  } catch (thrown) {
    throw core.error(thrown);
  } finally {
    scope?.free();
  }
}

/** Calls an endpoint by way of the outbox, which was loaded with the client. */
export const sendKept = (core, ...given) => unwatched(core, "outbox", "send", given);

/** Forgets what is kept on this device, for a client that is disposed of. */
export const forget = (core) => unwatched(core, "store", "forget", []);

async function unwatched(core, name, work, given) {
  try {
    const keeper = await fetched(name);
    return await keeper[work](core, ...given);
  } catch (thrown) {
    throw core.error(thrown);
  }
}

/** Begins with what the client keeps, when it is made: a recording may have to be kept when there is no network. */
export function openKept(core) {
  const wanted = [
    core.hasOutbox && fetched("outbox"),
    core.persists && fetched("references"),
    !inBrowser() && loadSecrets(),
  ];
  const opening = Promise.all(wanted)
    .then(([outbox]) => outbox && outbox.open(core))
    .catch((thrown) => Promise.reject(core.error(thrown)));
  // Whoever waits for it is told.
  opening.catch(() => {});
  return opening;
}

const MODULES = {
  long: () => import("../transcribe-long/index.js"),
  outbox: () => import("../outbox/index.js"),
  references: () => import("../references/index.js"),
  store: () => import("../storage/indexed-db.js"),
};

/** What service-worker.js has brought of them. */
const brought = {};

/** Gives modules to those who import nothing on demand. */
export const bring = (modules) => Object.assign(brought, modules);

async function fetched(name) {
  try {
    return brought[name] ?? (await MODULES[name]());
  } catch (cause) {
    throw "ServiceWorkerGlobalScope" in globalThis
      ? notBrought(`${name}.js`, cause)
      : notLoaded(`${name}.js`, cause);
  }
}

function notBrought(file, cause) {
  const remedy = 'import "thetaone-web/service-worker" there';
  const message = `${file} cannot be imported on demand in a service worker: ${remedy} (${cause.message})`;
  return new Failure("WasmLoadError", undefined, message, cause);
}
