// Ways in which a browser's storage, locks or cryptography fail.

const { setTimeout } = globalThis;

/** Replaces a member; returns the function that puts it back. */
function replace(object, name, value) {
  const before = Object.getOwnPropertyDescriptor(object, name);
  Object.defineProperty(object, name, { value, configurable: true, writable: true });
  return () => (before ? Object.defineProperty(object, name, before) : delete object[name]);
}

const BREAKAGES = {
  missing: () => replace(globalThis, "indexedDB", undefined),
  refused: () =>
    replace(IDBFactory.prototype, "open", () => {
      throw new DOMException("no storage in this window", "SecurityError");
    }),
  /**
   * Opening never ends. The package's timers run twenty times as fast, so that its patience ends
   * soon.
   */
  silent() {
    const { open } = IDBFactory.prototype;
    const mendTimers = replace(globalThis, "setTimeout", (callback, ms) =>
      setTimeout(callback, ms / 20),
    );
    const mendOpen = replace(IDBFactory.prototype, "open", function () {
      // A name of its own, so that the package's database is not in the way.
      const request = open.call(this, "never", 1);
      request.addEventListener("success", (event) => {
        event.target.result.close();
        event.stopImmediatePropagation();
      });
      return request;
    });
    return () => {
      mendTimers();
      mendOpen();
    };
  },
  full: () =>
    replace(IDBObjectStore.prototype, "put", () => {
      throw new DOMException("the disk is full", "QuotaExceededError");
    }),
  /**
   * As browsers do it: the request succeeds, and its transaction is aborted when it is to be
   * written.
   */
  "full at the end"() {
    const { put } = IDBObjectStore.prototype;
    const mendError = replace(
      IDBTransaction.prototype,
      "error",
      new DOMException("", "QuotaExceededError"),
    );
    const mendPut = replace(IDBObjectStore.prototype, "put", function (...args) {
      const request = put.apply(this, args);
      let isAborted = false;
      request.addEventListener("success", () =>
        setTimeout(() => {
          isAborted = true;
          this.transaction.abort();
        }),
      );
      // Keeps the transaction open until then.
      const keepOpen = () => {
        if (!isAborted) this.get("").onsuccess = keepOpen;
      };
      keepOpen();
      return request;
    });
    return () => {
      mendError();
      mendPut();
    };
  },
  "no digest": () => replace(crypto.subtle, "digest", undefined),
  "no locks": () => replace(Navigator.prototype, "locks", undefined),
};

/** Breaks the browser in this way; returns the function that mends it. */
export const breakStorage = (how) => BREAKAGES[how]();
