// IndexedDB by promises: records by their `id`, in an object store for each kind.
//
// Every piece of work opens the database and closes it: a connection that is kept stands in the way of other versions
// of the SDK, and iOS loses it when the page was in the background.

import { storageFailure } from "../result/failure.js";
import { withTimeout } from "../client/timeout.js";

const DATABASE = "thetaone-web";
const VERSION = 1;

/** What is known of the recordings that were not delivered. */
export const OUTBOX = "outbox";
/** What they sound like: apart, because all that is known is read at once, and often. */
const AUDIO = "audio";
/** What was analysed. */
export const REFERENCES = "references";

/** The object stores of each kind of records. */
const STORES = { [OUTBOX]: [OUTBOX, AUDIO], [REFERENCES]: [REFERENCES] };

/**
 * How long a database may take, in milliseconds. Some browsers have been seen never to answer; a call must not wait for
 * that.
 */
const TIMEOUT_MS = 3_000;

/** Looks at the records of `kind`: what `work(records)` resolves to. */
export const read = (kind, operation) => withDatabase(kind, "readonly", operation);

/** Changes the records of `kind`: all of it happens, or nothing. */
export const write = (kind, operation) => withDatabase(kind, "readwrite", operation);

/** Removes every record of `kinds`. */
export async function clear(...kinds) {
  await Promise.all(kinds.map((kind) => write(kind, (records) => records.clear())));
}

// The work goes on to its end when its time is over: what it changes is changed, or not.
async function withDatabase(kind, mode, operation) {
  const outcome = runTransaction(kind, mode, operation).then(
    (result) => ({ result }),
    (exception) => ({ failure: toFailure(exception) }),
  );
  const { result, failure } = (await withTimeout(TIMEOUT_MS, outcome)) ?? {
    failure: storageFailure("unavailable", `IndexedDB did not answer within ${TIMEOUT_MS} ms`),
  };
  if (failure) throw failure;
  return result;
}

async function runTransaction(kind, mode, operation) {
  const database = await openDatabase();
  try {
    const transaction = database.transaction(STORES[kind], mode);
    // Space may run out at the very end.
    const isCommitted = new Promise((resolve) => {
      transaction.oncomplete = () => resolve(true);
      transaction.onabort = () => resolve(false);
    });
    let result;
    try {
      result = await operation(new RecordStore(transaction, STORES[kind]));
    } catch (exception) {
      // A request that fails with its transaction knows only that.
      const cause = transaction.error ?? exception;
      abort(transaction);
      throw cause;
    }
    if (!(await isCommitted)) throw transaction.error;
    return result;
  } finally {
    database.close();
  }
}

/** What was done so far must not stay. */
function abort(transaction) {
  try {
    transaction.abort();
  } catch {
    // It has ended by itself.
  }
}

/**
 * The records of one kind, as long as the transaction lasts: between its requests only these may be awaited, or the
 * browser ends it. All fail with the browser's exception.
 */
class RecordStore {
  #transaction;
  #stores;

  constructor(transaction, stores) {
    this.#transaction = transaction;
    this.#stores = stores;
  }

  all() {
    return this.#request(this.#stores[0], (store) => store.getAll());
  }

  get(id) {
    return this.#request(this.#stores[0], (store) => store.get(id));
  }

  /** The audio of the record with this id. */
  audio(id) {
    return this.#request(AUDIO, (store) => store.get(id));
  }

  put(record) {
    return this.#request(this.#stores[0], (store) => store.put(record));
  }

  putAudio(audio) {
    return this.#request(AUDIO, (store) => store.put(audio));
  }

  /** Removes the record with this id, if there is one, and its audio. */
  async delete(id) {
    for (const name of this.#stores) await this.#request(name, (store) => store.delete(id));
  }

  async clear() {
    for (const name of this.#stores) await this.#request(name, (store) => store.clear());
  }

  /** Removes those that were not used for the longest time, so that `maxRecords` are left. */
  async evictOldest(maxRecords) {
    const [name] = this.#stores;
    const count = await this.#request(name, (store) => store.count());
    if (count <= maxRecords) return;
    const oldest = await this.#request(name, (store) =>
      store.index("usedAt").getAllKeys(null, count - maxRecords),
    );
    for (const id of oldest) await this.delete(id);
  }

  #request(name, request) {
    return promisify(() => request(this.#transaction.objectStore(name)));
  }
}

const promisify = (start) =>
  new Promise((resolve, reject) => {
    const request = start();
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** Rejects with the browser's exception, or with nothing where there is no IndexedDB. */
function openDatabase() {
  if (globalThis.indexedDB === undefined) return Promise.reject();
  return promisify(() => {
    const request = indexedDB.open(DATABASE, VERSION);
    request.onupgradeneeded = () => {
      const createStore = (name) => request.result.createObjectStore(name, { keyPath: "id" });
      createStore(OUTBOX);
      createStore(AUDIO);
      createStore(REFERENCES).createIndex("usedAt", "usedAt");
    };
    return request;
  });
}

function toFailure(exception) {
  const { name, message } = exception ?? {};
  const reason = name === "QuotaExceededError" ? "quota" : "unavailable";
  if (!exception) return storageFailure(reason, "there is no IndexedDB here");
  const text = ["IndexedDB failed", name, message].filter(Boolean).join(": ");
  return storageFailure(reason, text, exception);
}
