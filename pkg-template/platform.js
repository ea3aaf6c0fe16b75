// What the core has from JavaScript, because there it takes a fraction of the bytes.
//
// What only some pages need is fetched when it is asked for, so that bundlers put it
// into chunks that nobody downloads before. Rust binds this file instead of those
// behind it: its browser tests are served only files that are bound, and a test binds
// the pieces that it needs. Locks and storage are not fetched: a recording may have to
// be kept when there is no network, and service workers import nothing on demand.

import { notLoaded } from "./failure.js";

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

/** One transcript of a recording of any length; rejects with errors of the package; see long.js. */
export async function transcribeLong(core, audio, options, request) {
  try {
    const long = await import("./long.js").catch((cause) => {
      throw notLoaded("long.js", cause);
    });
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
 * Asks for the Web Lock `name`: a function that gives it back, `null` while another holds it (with `wait`, it is waited
 * for), `undefined` where there are no locks: insecure contexts, Node, sandboxed frames.
 */
export async function lock(name, wait) {
  const { locks } = globalThis.navigator ?? {};
  if (!locks) return undefined;
  return new Promise((resolve) => {
    const held = (granted) => (granted ? new Promise((release) => resolve(release)) : resolve(null));
    locks.request(name, { ifAvailable: !wait }, held).catch(() => resolve(undefined));
  });
}

/** The names of all locks that are held, in every tab. */
export async function heldLocks() {
  try {
    const { held } = await navigator.locks.query();
    return held.map(({ name }) => name);
  } catch {
    return [];
  }
}

// IndexedDB by promises. What is stored, and for how long, is decided in Rust; the object stores are made here.

const DATABASE = "thetaone-web";
const VERSION = 1;

/**
 * Begins a transaction on the object stores `names`; `mode` is "readonly" or "readwrite". Rejects with the browser's own
 * exception, or with nothing where there is no IndexedDB. Between its requests only these may be awaited, or the browser
 * ends the transaction.
 */
export async function begin(names, mode) {
  const database = await opened();
  try {
    return new Transaction(database, names, mode);
  } catch (cause) {
    database.close();
    throw cause;
  }
}

class Transaction {
  #database;
  #transaction;
  #ended;

  constructor(database, names, mode) {
    this.#database = database;
    this.#transaction = database.transaction(names, mode);
    this.#ended = new Promise((resolve) => {
      this.#transaction.oncomplete = () => resolve(true);
      this.#transaction.onabort = () => resolve(false);
    });
  }

  all(store) {
    return answered(this.#store(store).getAll());
  }

  get(store, id) {
    return answered(this.#store(store).get(id));
  }

  put(store, record) {
    return answered(this.#store(store).put(record));
  }

  delete(store, id) {
    return answered(this.#store(store).delete(id));
  }

  clear(store) {
    return answered(this.#store(store).clear());
  }

  /** Removes all records but the `most` that come last by `index`. */
  async keepLatest(store, index, most) {
    const records = this.#store(store);
    const count = await answered(records.count());
    if (count <= most) return;
    for (const id of await answered(records.index(index).getAllKeys(null, count - most))) await answered(records.delete(id));
  }

  /** Whether all of it was written: space may run out at the very end. */
  committed() {
    return this.#ended;
  }

  /** Takes back what was done so far, where it has not ended by itself. */
  abort() {
    this.#transaction.abort();
  }

  /** Why it ended: a request that fails with its transaction knows only that. */
  get error() {
    return this.#transaction.error;
  }

  close() {
    this.#database.close();
  }

  #store(name) {
    return this.#transaction.objectStore(name);
  }
}

const answered = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

function opened() {
  if (globalThis.indexedDB === undefined) return Promise.reject();
  const request = indexedDB.open(DATABASE, VERSION);
  request.onupgradeneeded = () => {
    const made = (name) => request.result.createObjectStore(name, { keyPath: "id" });
    made("outbox");
    made("audio");
    made("references").createIndex("usedAt", "usedAt");
  };
  return answered(request);
}
