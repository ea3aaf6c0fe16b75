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
