// How one recording gets into the outbox, and out of it.

import { Failure } from "../result/failure.js";
import { claim, claims } from "../storage/web-locks.js";
import { notice } from "../storage/storage-events.js";
import { OUTBOX, write } from "../storage/indexed-db.js";
import { found } from "./find-record.js";
import { hold, mark, take } from "./lease.js";
import {
  audioToStore,
  bytesOf,
  contentsOf,
  countAttempt,
  entryOf,
  noteFailure,
  recordOf,
} from "./record.js";

/** How the recording of one call is kept. */
export class Keeping {
  #core;
  #id;
  /** Gives back the right to send it. */
  #release;
  /** "nowhere"; "unknown" once it was begun to be stored; "stored". */
  #place = "nowhere";
  /** Whether this call comes to send it: one that is refused before has not tried. */
  #isTried = false;
  /** Whether the call has failed, while something here may still be under way. */
  #isOver = false;

  /** Of a recording that is about to be kept; or, with an `id`, of one that lies in the outbox. */
  constructor(core, method, id = core.uuid(random())) {
    this.#core = core;
    this.method = method;
    this.#id = id;
  }

  /** Of a recording that lies in the outbox; gives what to send, too. */
  static async ofStored(core, id) {
    // Before anything is read: who was here first may be about to deliver it.
    const release = await claim(id, () => take(id));
    const shown = JSON.stringify(id);
    if (!release)
      throw new Failure(
        "ConfigurationError",
        undefined,
        `the recording ${shown} is being sent already`,
      );
    try {
      const { record, audio } = (await found(core, id)) ?? {};
      const contents = record && contentsOf(core, record, audio);
      if (!contents)
        throw new Failure(
          "ConfigurationError",
          undefined,
          `the outbox holds no recording ${shown}`,
        );
      const keeping = new Keeping(core, record.method, id);
      keeping.#release = release;
      keeping.#place = "stored";
      return { keeping, contents };
    } catch (thrown) {
      release();
      throw thrown;
    }
  }

  /**
   * Stores what is about to be sent, unless it lies there by one of the `earlier` ids, which are kept up to date. That it
   * cannot be stored is told, and stops nothing.
   */
  async keep(contents, earlier) {
    try {
      for (const id of earlier) if (await this.#takesOver(id, earlier)) return;
      const isClaimed = await claims();
      let isLeased = false;
      this.#release = await claim(this.#id, () => {
        isLeased = true;
        return hold(this.#id);
      });
      // Before the transaction, which would not wait for it.
      const audio = await audioToStore(this.#id, contents.blob);
      // The call may be over by now: what nobody waits for is neither stored nor claimed.
      if (this.#isOver) return;
      const record = recordOf(this.#core, this.#id, this.method, contents);
      if (isLeased) mark(record);
      const storing = this.#store(record, audio, isClaimed);
      this.#isTried = true;
      this.#place = "unknown";
      earlier.add(this.#id);
      const [expired, evicted, isEnough] = await storing;
      if (this.#isOver) return;
      for (const id of expired) notice(this.#core, "outbox", "expired", id);
      for (const id of evicted) notice(this.#core, "outbox", "evicted", id);
      this.#place = isEnough ? "stored" : "nowhere";
      if (!isEnough) this.#tell("quota");
    } catch (thrown) {
      if (!this.#isOver) this.#tell(thrown.reason);
    } finally {
      if (this.#isOver) this.#giveBack();
    }
  }

  /**
   * Passes the outcome on: a result takes the recording out of the outbox, an error is noted and says by which id it
   * can be sent again.
   */
  async settle(sending) {
    try {
      const result = await sending;
      if (this.#place !== "nowhere") await this.#remove();
      return result;
    } catch (error) {
      this.#isOver = true;
      if (this.#place !== "nowhere") {
        const noting = this.#change(
          (record) => this.#isTried && noteFailure(this.#core, record, error),
        );
        // An abort settles at once, and a deadline is one.
        const isHurried = error.code === "ABORTED" || error.reason === "deadline";
        const isThere = this.#place === "stored" && (isHurried || (await noting));
        if (isThere) error.outboxId = this.#id;
      }
      throw error;
    } finally {
      // Only now, or another tab could send what is being removed.
      this.#giveBack();
    }
  }

  /** It is about to be sent, and not for the first time. */
  countAttempt() {
    this.#isTried = true;
    this.#change(countAttempt);
  }

  /** Takes over what an earlier call left; whether it does: another call may be sending it, or it is gone. */
  async #takesOver(id, earlier) {
    const release = await claim(id, () => take(id));
    if (!release) return false;
    this.#release = release;
    if (!(await found(this.#core, id))) {
      earlier.delete(id);
      this.#giveBack();
      return false;
    }
    this.#id = id;
    this.#place = "stored";
    if (!this.#isOver) this.countAttempt();
    return true;
  }

  #store(record, audio, isClaimed) {
    return write(OUTBOX, async (records) => {
      const entries = (await records.all()).map((other) => entryOf(other, isClaimed));
      const room = this.#core.makeRoom(entries, bytesOf(record));
      const [expired, evicted, isEnough] = room;
      for (const id of [...expired, ...evicted]) await records.delete(id);
      if (isEnough) {
        await records.put(record);
        await records.putAudio(audio);
      }
      return room;
    });
  }

  async #remove() {
    try {
      await write(OUTBOX, (records) => records.delete(this.#id));
    } catch (failure) {
      if (this.#place === "stored") this.#tell(failure.reason);
    }
  }

  /**
   * Changes the record, unless it was discarded in the meantime: that it failed does not bring it back. Resolves to whether
   * it is there, as far as can be told.
   */
  #change(change) {
    const changing = write(OUTBOX, async (records) => {
      const record = await records.get(this.#id);
      if (!record) return false;
      change(record);
      await records.put(record);
      return true;
    });
    return changing.catch(() => true);
  }

  #tell(reason = "unavailable") {
    notice(this.#core, "outbox", reason, this.#id);
  }

  #giveBack() {
    this.#release?.();
    this.#release = undefined;
  }
}

/** `crypto.randomUUID` is missing where a page is not served over https. */
function random() {
  const bytes = new Uint8Array(16);
  try {
    return crypto.getRandomValues(bytes);
  } catch {
    return bytes.map(() => Math.random() * 256);
  }
}
