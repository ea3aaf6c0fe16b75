// One recording in the outbox: how it is stored, and how it is removed.

import { configurationFailure } from "../result/failure.js";
import { OUTBOX, write } from "../storage/indexed-db.js";
import { emitStorageEvent } from "../storage/storage-events.js";
import { claim, claims } from "../storage/web-locks.js";
import { markLeased, renewLease, takeLease } from "./lease.js";
import {
  audioToStore,
  bytesOf,
  countAttempt,
  createRecord,
  findRecord,
  recordFailure,
  toEntry,
  toRequestBody,
} from "./record.js";

/**
 * @import { OutboxEvent } from "../index.js"
 * @import { EndpointMethod, RequestBody, Runtime } from "../internal.js"
 * @import { StoredRecord } from "../storage/indexed-db.js"
 * @import { Release } from "../storage/web-locks.js"
 * @import { StoredAudio } from "./record.js"
 */

/** The recording of one call. */
export class OutboxEntry {
  #runtime;
  #id;
  /** @type {Release | undefined} Releases the claim to send the recording. */
  #release;
  /** @type {"absent" | "unknown" | "stored"} "unknown" while the recording is being stored. */
  #storageState = "absent";
  /** True if this call sends the recording; a call that fails before has not tried. */
  #wasAttempted = false;
  /** True if the call has failed. Storing may still be in progress then. */
  #hasFailed = false;

  /**
   * Creates the entry of a recording that is about to be stored, or that is stored as `id`.
   * @param {Runtime} runtime
   * @param {EndpointMethod} method
   * @param {string} id
   */
  constructor(runtime, method, id = runtime.shared.uuid(randomBytes())) {
    this.#runtime = runtime;
    this.method = method;
    this.#id = id;
  }

  /**
   * Claims a stored recording; resolves to its `entry`, and to the `body` of its request. Rejects
   * with a `Failure` if there is no such recording, or a call is sending it.
   * @param {Runtime} runtime
   * @param {string} id
   */
  static async load(runtime, id) {
    // Claimed before it is read, because another page with the claim may be about to deliver it.
    const release = await claim(id, () => takeLease(id));
    const quotedId = JSON.stringify(id);
    if (!release) throw configurationFailure(`the recording ${quotedId} is being sent already`);
    try {
      const { record, audio } = (await findRecord(runtime, id)) ?? {};
      const body = record && toRequestBody(runtime, record, /** @type {Blob} */ (audio));
      if (!body) throw configurationFailure(`the outbox holds no recording ${quotedId}`);
      const entry = new OutboxEntry(runtime, /** @type {EndpointMethod} */ (record.method), id);
      entry.#release = release;
      entry.#storageState = "stored";
      return { entry, body };
    } catch (thrown) {
      release();
      throw thrown;
    }
  }

  /**
   * Stores the recording before it is sent, unless it is stored under one of the `known` ids, which
   * are updated. If it cannot be stored, emits an event; the call continues.
   * @param {RequestBody} body
   * @param {Set<string>} known
   */
  async store(body, known) {
    try {
      for (const id of known) if (await this.#adopt(id, known)) return;
      const isClaimed = await claims();
      let isLeased = false;
      this.#release = await claim(this.#id, () => {
        isLeased = true;
        return renewLease(this.#id);
      });
      // Read before the transaction, which would not wait for it.
      const audio = await audioToStore(this.#id, body.blob);
      // The call may have failed by now: then the recording is neither stored nor claimed.
      if (this.#hasFailed) return;
      const record = createRecord(this.#runtime, this.#id, this.method, body);
      if (isLeased) markLeased(record);
      const storing = this.#write(record, audio, isClaimed);
      this.#wasAttempted = true;
      this.#storageState = "unknown";
      known.add(this.#id);
      const [expired, evicted, hasRoom] = await storing;
      if (this.#hasFailed) return;
      for (const id of expired) emitStorageEvent(this.#runtime, "outbox", "expired", id);
      for (const id of evicted) emitStorageEvent(this.#runtime, "outbox", "evicted", id);
      this.#storageState = hasRoom ? "stored" : "absent";
      if (!hasRoom) this.#emit("quota");
    } catch (/** @type {any} A Failure of the storage. */ thrown) {
      if (!this.#hasFailed) this.#emit(thrown.reason);
    } finally {
      if (this.#hasFailed) this.#releaseClaim();
    }
  }

  /**
   * Settles like `sending`. A result removes the recording from the outbox. An error is recorded,
   * and gets the id by which the recording can be sent again.
   * @template Result
   * @param {Promise<Result>} sending rejects with one of the package's errors
   * @returns {Promise<Result>}
   */
  async finalize(sending) {
    try {
      const result = await sending;
      if (this.#storageState !== "absent") await this.#remove();
      return result;
    } catch (/** @type {any} An error of the package. */ error) {
      this.#hasFailed = true;
      if (this.#storageState !== "absent") {
        const recording = this.#change(
          (record) => this.#wasAttempted && recordFailure(this.#runtime, record, error),
        );
        // An aborted call settles at once, and so does one whose deadline has passed.
        const mustRejectNow = error.code === "ABORTED" || error.reason === "deadline";
        const isStored = this.#storageState === "stored" && (mustRejectNow || (await recording));
        if (isStored) error.outboxId = this.#id;
      }
      throw error;
    } finally {
      // Not earlier, or another tab could send a recording that is being removed.
      this.#releaseClaim();
    }
  }

  /** Counts that the recording is about to be sent again. */
  countAttempt() {
    this.#wasAttempted = true;
    void this.#change(countAttempt);
  }

  /**
   * Adopts the record of an earlier call. Resolves to false if another call is sending it, or if it
   * is gone.
   * @param {string} id
   * @param {Set<string>} known
   */
  async #adopt(id, known) {
    const release = await claim(id, () => takeLease(id));
    if (!release) return false;
    this.#release = release;
    if (!(await findRecord(this.#runtime, id))) {
      known.delete(id);
      this.#releaseClaim();
      return false;
    }
    this.#id = id;
    this.#storageState = "stored";
    if (!this.#hasFailed) this.countAttempt();
    return true;
  }

  /**
   * Stores a recording, and removes others to make space. Resolves to the ids of the expired and of
   * the evicted recordings, and to whether there was space for the new one.
   * @param {StoredRecord} record
   * @param {StoredAudio} audio
   * @param {(id: string) => boolean} isClaimed
   * @returns {Promise<[expired: string[], evicted: string[], hasRoom: boolean]>}
   */
  #write(record, audio, isClaimed) {
    return write(OUTBOX, async (records) => {
      const entries = (await records.all()).map((other) => toEntry(other, isClaimed));
      const plan = /** @type {[string[], string[], boolean]} */ (
        this.#runtime.handle.planEviction(entries, bytesOf(record))
      );
      const [expired, evicted, hasRoom] = plan;
      for (const id of [...expired, ...evicted]) await records.delete(id);
      if (hasRoom) {
        await records.put(record);
        await records.putAudio(audio);
      }
      return plan;
    });
  }

  async #remove() {
    try {
      await write(OUTBOX, (records) => records.delete(this.#id));
    } catch (/** @type {any} A Failure of the storage. */ failure) {
      if (this.#storageState === "stored") this.#emit(failure.reason);
    }
  }

  /**
   * Changes the record, unless it was discarded in the meantime: an error does not bring it back.
   * Resolves to true if the record is there, or that is unknown.
   * @param {(record: StoredRecord) => void} edit
   */
  #change(edit) {
    const changing = write(OUTBOX, async (records) => {
      const record = await records.get(this.#id);
      if (!record) return false;
      edit(record);
      await records.put(record);
      return true;
    });
    return changing.catch(() => true);
  }

  /** @param {OutboxEvent["reason"]} reason */
  #emit(reason = "unavailable") {
    emitStorageEvent(this.#runtime, "outbox", reason, this.#id);
  }

  #releaseClaim() {
    this.#release?.();
    this.#release = undefined;
  }
}

/**
 * Returns 16 bytes for a UUID. `crypto.randomUUID` is missing in pages that are not served by
 * HTTPS.
 */
function randomBytes() {
  const bytes = new Uint8Array(16);
  try {
    return crypto.getRandomValues(bytes);
  } catch {
    return bytes.map(() => Math.random() * 256);
  }
}
