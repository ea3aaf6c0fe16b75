// What the tests of outbox and references need of JavaScript, sounds included: the server of the browser tests takes care
// of four connections, and one file more would need a fifth.

/** A WAV of a tone. */
function tone(format, bits, rate, channels, frames) {
  const align = (channels * bits) / 8;
  const bytes = new DataView(new ArrayBuffer(44 + frames * align));
  const text = (at, value) => [...value].forEach((c, i) => bytes.setUint8(at + i, c.charCodeAt(0)));
  text(0, "RIFF");
  bytes.setUint32(4, 36 + frames * align, true);
  text(8, "WAVEfmt ");
  bytes.setUint32(16, 16, true);
  bytes.setUint16(20, format, true);
  bytes.setUint16(22, channels, true);
  bytes.setUint32(24, rate, true);
  bytes.setUint32(28, rate * align, true);
  bytes.setUint16(32, align, true);
  bytes.setUint16(34, bits, true);
  text(36, "data");
  bytes.setUint32(40, frames * align, true);
  for (let n = 0; n < frames * channels; n++) {
    const value = 0.3 * Math.sin(n / 5);
    if (bits === 16) bytes.setInt16(44 + n * 2, 32767 * value, true);
    else bytes.setFloat32(44 + n * 4, value, true);
  }
  return new Uint8Array(bytes.buffer);
}

/** A small 16 kHz mono 16-bit WAV with this many samples, which goes up as it is. */
export function wav(samples) {
  return tone(1, 16, 16000, 1, samples);
}

/** A 48 kHz stereo float WAV, which is converted first. */
export function floatWav(seconds) {
  return tone(3, 32, 48000, 2, 48000 * seconds);
}

/** Evaluates `text`. */
export function js(text) {
  return js1(text);
}

/** A fetch whose answers wait until they are given: `calls[n].answer(status, body)`. */
export function manual() {
  const calls = [];
  const fetch = (url, init) =>
    new Promise((resolve, reject) => {
      init.signal.addEventListener("abort", () => {
        call.aborted = true;
        reject(init.signal.reason);
      });
      const call = {
        url,
        init,
        aborted: false,
        answer: (status, body) => resolve(new Response(body, { status })),
      };
      calls.push(call);
    });
  return { fetch, calls };
}

/** Waits until `condition` (JavaScript, about `subject`) holds; on a busy machine, that may take a while. */
export async function until(subject, condition) {
  const holds = new Function("subject", `return (${condition});`);
  for (let tries = 0; !holds(subject); tries++) {
    if (tries > 6_000) throw new Error(`never: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Lets what was begun go on as far as it can by itself: each round waits for one of every kind of work that may be queued. */
export async function settled() {
  for (let round = 0; round < 10; round++) {
    await new Promise((resolve) => setTimeout(resolve));
    await crypto.subtle.digest("SHA-256", new Uint8Array(100_000));
    await navigator.locks?.query();
    (await opened()).close();
  }
}

/** The bytes of the file of a recorded call, as a number for each. */
export async function fileOf(call) {
  return new Uint8Array(await call.init.body.get("file").arrayBuffer());
}

/** The text fields of a recorded call, as JSON. */
export function fieldsOf(call) {
  return JSON.stringify([...call.init.body].filter(([, value]) => typeof value === "string"));
}

export async function bytesOf(blob) {
  return new Uint8Array(await blob.arrayBuffer());
}

/** Evaluates `text` with `value`. */
export function js1(text, value) {
  return new Function("value", `return (${text});`)(value);
}

/** Everything that lies in the database, as text. */
export async function dumped() {
  const database = await opened();
  const all = [];
  for (const name of ["outbox", "audio"]) {
    const records = await new Promise((resolve, reject) => {
      const request = database.transaction(name).objectStore(name).getAll();
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    all.push(...records);
  }
  database.close();
  return JSON.stringify(all);
}

/** Moves the time of every record this many milliseconds into the past. */
export const aged = (ms) =>
  changed((record) => {
    record.createdAt = new Date(Date.parse(record.createdAt) - ms).toISOString();
  });

/** Notes in every record that another page sends it, and said so this many milliseconds ago. */
export const leased = (ms) =>
  changed((record) => {
    record.lease = { page: "another", at: Date.now() - ms };
  });

/** Applies `change` to every record. */
async function changed(change) {
  const database = await opened();
  await new Promise((resolve, reject) => {
    const transaction = database.transaction("outbox", "readwrite");
    const store = transaction.objectStore("outbox");
    store.getAll().onsuccess = ({ target }) => {
      for (const record of target.result) {
        change(record);
        store.put(record);
      }
    };
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error);
  });
  database.close();
}

/** Puts a record, and its audio, into the database, as anything on the page's origin can. */
export async function planted([known, audio]) {
  const database = await opened();
  await new Promise((resolve, reject) => {
    const transaction = database.transaction(["outbox", "audio"], "readwrite");
    transaction.objectStore("outbox").put(known);
    transaction.objectStore("audio").put(audio);
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error);
  });
  database.close();
}

function opened() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("thetaone-web");
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Breaks storage in the way `how`; gives a function that mends it. */
export function broken(how) {
  const patch = (object, name, value) => {
    const before = Object.getOwnPropertyDescriptor(object, name);
    Object.defineProperty(object, name, { value, configurable: true, writable: true });
    return () => (before ? Object.defineProperty(object, name, before) : delete object[name]);
  };
  switch (how) {
    case "missing":
      return patch(globalThis, "indexedDB", undefined);
    case "refused":
      return patch(IDBFactory.prototype, "open", () => {
        throw new DOMException("no storage in this window", "SecurityError");
      });
    case "silent": {
      // A name of its own, so that nothing of the other tests is in the way.
      const { open } = IDBFactory.prototype;
      // Its patience need not be ours.
      const { setTimeout } = globalThis;
      const calm = patch(globalThis, "setTimeout", (callback, ms) => setTimeout(callback, ms / 20));
      const mend = patch(IDBFactory.prototype, "open", function () {
        const request = open.call(this, "never", 1);
        request.addEventListener("success", (event) => {
          event.target.result.close();
          event.stopImmediatePropagation();
        });
        return request;
      });
      return () => (calm(), mend());
    }
    case "full":
      return patch(IDBObjectStore.prototype, "put", () => {
        throw new DOMException("the disk is full", "QuotaExceededError");
      });
    case "full at the end": {
      // As browsers do it: the request succeeds, and its transaction is aborted when it is to be written.
      const { put } = IDBObjectStore.prototype;
      const mendError = patch(
        IDBTransaction.prototype,
        "error",
        new DOMException("", "QuotaExceededError"),
      );
      const mendPut = patch(IDBObjectStore.prototype, "put", function (...args) {
        const request = put.apply(this, args);
        request.addEventListener("success", () => setTimeout(() => this.transaction.abort()));
        const keep = () => {
          this.get("").onsuccess = keep;
        };
        keep();
        return request;
      });
      return () => (mendError(), mendPut());
    }
    case "no digest":
      return patch(crypto.subtle, "digest", undefined);
    case "no locks":
      return patch(Navigator.prototype, "locks", undefined);
    default:
      throw new Error(how);
  }
}

/** Holds the Web Lock `name`; resolves to a function that gives it back. */
export function locked(name) {
  return new Promise((resolve) => {
    navigator.locks.request(name, () => new Promise((release) => resolve(release)));
  });
}

/** Whether two values are the same to the last digit, key order and sign of zero included. */
export function same(a, b) {
  if (typeof a !== "object" || a === null || b === null) return Object.is(a, b);
  const [namesOfA, namesOfB] = [Object.keys(a), Object.keys(b)];
  return (
    Array.isArray(a) === Array.isArray(b) &&
    namesOfA.length === namesOfB.length &&
    namesOfA.every((name, at) => name === namesOfB[at] && same(a[name], b[name]))
  );
}
