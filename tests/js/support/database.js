// Looks into the database of the package, and changes it as another tab, or anything else of the
// origin, could.

const requested = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

const completed = (transaction) =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error);
  });

async function withDatabase(work) {
  const database = await requested(indexedDB.open("thetaone-web"));
  try {
    return await work(database);
  } finally {
    database.close();
  }
}

/** Returns all that the outbox stores, as text. */
export const storedText = () =>
  withDatabase(async (database) => {
    const all = [];
    for (const name of ["outbox", "audio"]) {
      all.push(...(await requested(database.transaction(name).objectStore(name).getAll())));
    }
    return JSON.stringify(all);
  });

/** Applies `change` to every record of the outbox. */
const changeRecords = (change) =>
  withDatabase(async (database) => {
    const transaction = database.transaction("outbox", "readwrite");
    const store = transaction.objectStore("outbox");
    store.getAll().onsuccess = ({ target }) => {
      for (const record of target.result) {
        change(record);
        store.put(record);
      }
    };
    await completed(transaction);
  });

/** Moves the creation of every record this many milliseconds into the past. */
export const ageRecords = (ms) =>
  changeRecords((record) => {
    record.createdAt = new Date(Date.parse(record.createdAt) - ms).toISOString();
  });

/** Leases every record to another page, which renewed the lease this many milliseconds ago. */
export const leaseRecords = (ageMs) =>
  changeRecords((record) => {
    record.lease = { page: "another", at: Date.now() - ageMs };
  });

/** Stores a record and its audio, whatever they are. */
export const storeRecord = (record, audio) =>
  withDatabase(async (database) => {
    const transaction = database.transaction(["outbox", "audio"], "readwrite");
    transaction.objectStore("outbox").put(record);
    transaction.objectStore("audio").put(audio);
    await completed(transaction);
  });
