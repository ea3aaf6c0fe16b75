// IndexedDB with promises: records by their `id`, in an object store for each kind.
//
// Each operation opens the database and closes it. An open connection would block other versions of
// the SDK, and iOS loses it while the page is in the background.

import { storageFailure } from "../result/failure.js";
import { withTimeout } from "../client/timeout.js";

/** @import { Failure } from "../result/failure.js" */

const DATABASE = "thetaone-web";
const VERSION = 1;

/** The records of recordings that were not delivered. */
export const OUTBOX = "outbox";
/** The audio bytes, in a store of their own so that listing the outbox does not load them. */
const AUDIO = "audio";
/** The analyses of reference recordings. */
export const REFERENCES = "references";

/** @typedef {typeof OUTBOX | typeof REFERENCES} Kind */
/** @typedef {{ [name: string]: unknown }} StoredRecord A record, which may be invalid. */
/**
 * Work in a transaction.
 * @template Result
 * @typedef {(records: RecordStore) => Promise<Result>} Operation
 */

/**
 * The object stores of each kind of records.
 * @type {Record<Kind, [string, ...string[]]>}
 */
const STORES = { [OUTBOX]: [OUTBOX, AUDIO], [REFERENCES]: [REFERENCES] };

/**
 * Maximum time of an operation, in milliseconds. The IndexedDB of some browsers never responds, and
 * a call must not wait for it.
 */
const TIMEOUT_MS = 3_000;

/**
 * Reads records of `kind`; resolves to the outcome of `operation(records)`.
 * @template Result
 * @param {Kind} kind
 * @param {Operation<Result>} operation
 */
export const read = (kind, operation) => withDatabase(kind, "readonly", operation);

/**
 * Changes records of `kind` in a transaction: either all changes happen or none.
 * @template Result
 * @param {Kind} kind
 * @param {Operation<Result>} operation
 */
export const write = (kind, operation) => withDatabase(kind, "readwrite", operation);

/**
 * Removes all records of `kinds`.
 * @param {...Kind} kinds
 */
export async function clear(...kinds) {
  await Promise.all(kinds.map((kind) => write(kind, (records) => records.clear())));
}

/**
 * Resolves to the outcome of `operation`; rejects with a `Failure`, also after a timeout. After a
 * timeout, the operation continues, so its changes may still happen.
 * @template Result
 * @param {Kind} kind
 * @param {IDBTransactionMode} mode
 * @param {Operation<Result>} operation
 * @returns {Promise<Result>}
 */
async function withDatabase(kind, mode, operation) {
  const outcome = runTransaction(kind, mode, operation).then(
    (result) => ({ result }),
    (exception) => ({ failure: toFailure(exception) }),
  );
  const { result, failure } = /** @type {Outcome<Result>} */ (
    (await withTimeout(TIMEOUT_MS, outcome)) ?? {
      failure: storageFailure("unavailable", `IndexedDB did not answer within ${TIMEOUT_MS} ms`),
    }
  );
  if (failure) throw failure;
  return /** @type {Result} */ (result);
}

/**
 * @template Result
 * @typedef {{ result?: Result, failure?: Failure }} Outcome
 */

/**
 * Resolves to the outcome of `operation`; rejects with the exception of the browser, or with
 * `undefined` if there is no IndexedDB.
 * @template Result
 * @param {Kind} kind
 * @param {IDBTransactionMode} mode
 * @param {Operation<Result>} operation
 * @returns {Promise<Result>}
 */
async function runTransaction(kind, mode, operation) {
  const database = await openDatabase();
  try {
    const transaction = database.transaction(STORES[kind], mode);
    // The commit itself may fail, for example because no storage space is left.
    const isCommitted = new Promise((resolve) => {
      transaction.oncomplete = () => resolve(true);
      transaction.onabort = () => resolve(false);
    });
    let result;
    try {
      result = await operation(new RecordStore(transaction, STORES[kind]));
    } catch (exception) {
      // If the whole transaction fails, the exception of a request says only that.
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

/**
 * Reverts the changes so far.
 * @param {IDBTransaction} transaction
 */
function abort(transaction) {
  try {
    transaction.abort();
  } catch {
    // The transaction has ended already.
  }
}

/**
 * The records of one kind, for the duration of a transaction. Nothing but their promises may be
 * awaited, or the browser ends the transaction. All reject with the browser's exception.
 */
class RecordStore {
  #transaction;
  #stores;

  /**
   * @param {IDBTransaction} transaction
   * @param {[string, ...string[]]} stores
   */
  constructor(transaction, stores) {
    this.#transaction = transaction;
    this.#stores = stores;
  }

  /** @returns {Promise<StoredRecord[]>} */
  all() {
    return this.#request(this.#stores[0], (store) => store.getAll());
  }

  /**
   * @param {string} id
   * @returns {Promise<StoredRecord | undefined>}
   */
  get(id) {
    return this.#request(this.#stores[0], (store) => store.get(id));
  }

  /**
   * Resolves to the audio of the record with this id.
   * @param {string} id
   * @returns {Promise<StoredRecord | undefined>}
   */
  audio(id) {
    return this.#request(AUDIO, (store) => store.get(id));
  }

  /** @param {object} record */
  put(record) {
    return this.#request(this.#stores[0], (store) => store.put(record));
  }

  /** @param {object} audio */
  putAudio(audio) {
    return this.#request(AUDIO, (store) => store.put(audio));
  }

  /**
   * Removes the record with this id, if there is one, and its audio.
   * @param {string} id
   */
  async delete(id) {
    for (const name of this.#stores) await this.#request(name, (store) => store.delete(id));
  }

  async clear() {
    for (const name of this.#stores) await this.#request(name, (store) => store.clear());
  }

  /**
   * Removes the least recently used records, so that `maxRecords` remain.
   * @param {number} maxRecords
   */
  async evictOldest(maxRecords) {
    const [name] = this.#stores;
    const count = await this.#request(name, (store) => store.count());
    if (count <= maxRecords) return;
    const oldest = await this.#request(name, (store) =>
      store.index("usedAt").getAllKeys(null, count - maxRecords),
    );
    for (const id of oldest) await this.delete(/** @type {string} */ (id));
  }

  /**
   * @template Result
   * @param {string} name
   * @param {(store: IDBObjectStore) => IDBRequest<Result>} request
   */
  #request(name, request) {
    return promisify(() => request(this.#transaction.objectStore(name)));
  }
}

/**
 * Resolves to the result of a request; rejects with its exception.
 * @template Result
 * @param {() => IDBRequest<Result>} start
 * @returns {Promise<Result>}
 */
const promisify = (start) =>
  new Promise((resolve, reject) => {
    const request = start();
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/**
 * Rejects with the exception of the browser, or with `undefined` if there is no IndexedDB.
 * @returns {Promise<IDBDatabase>}
 */
function openDatabase() {
  if (globalThis.indexedDB === undefined) return Promise.reject();
  return promisify(() => {
    const request = indexedDB.open(DATABASE, VERSION);
    request.onupgradeneeded = () => {
      /** @param {string} name */
      const createStore = (name) => request.result.createObjectStore(name, { keyPath: "id" });
      createStore(OUTBOX);
      createStore(AUDIO);
      createStore(REFERENCES).createIndex("usedAt", "usedAt");
    };
    return request;
  });
}

/** @param {any} exception the exception of the browser, or `undefined` */
function toFailure(exception) {
  const { name, message } = exception ?? {};
  const reason = name === "QuotaExceededError" ? "quota" : "unavailable";
  if (!exception) return storageFailure(reason, "there is no IndexedDB here");
  const text = ["IndexedDB failed", name, message].filter(Boolean).join(": ");
  return storageFailure(reason, text, exception);
}
