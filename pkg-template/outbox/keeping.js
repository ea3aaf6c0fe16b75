// How one recording gets into the outbox, and out of it.

import { Failure } from "../failure.js";
import { claim, claims } from "../lock.js";
import { notice } from "../notice.js";
import { OUTBOX, write } from "../store.js";
import { found } from "./found.js";
import { audioToStore, bytesOf, contentsOf, countAttempt, entryOf, noteFailure, recordOf } from "./record.js";

/** How the recording of one call is kept. */
export class Keeping {
  #core;
  #id;
  /** Gives back the right to send it. */
  #release;
  /** "nowhere"; "unknown" once it was begun to be stored; "stored". */
  #place = "nowhere";
  /** Whether the call has failed, while something here may still be under way. */
  #isOver = false;

  /** Of a recording that is about to be sent for the first time; or, with an `id`, of one that lies in the outbox. */
  constructor(core, method, id = core.uuid(random())) {
    this.#core = core;
    this.method = method;
    this.#id = id;
  }

  /** Of a recording that lies in the outbox; gives what to send, too. */
  static async ofStored(core, id) {
    // Before anything is read: who was here first may be about to deliver it.
    const release = await claim(id);
    const shown = JSON.stringify(id);
    if (!release) throw new Failure("ConfigurationError", undefined, `the recording ${shown} is being sent already`);
    try {
      const { record, audio } = (await found(core, id)) ?? {};
      const contents = record && contentsOf(core, record, audio);
      if (!contents) throw new Failure("ConfigurationError", undefined, `the outbox holds no recording ${shown}`);
      const keeping = new Keeping(core, record.method, id);
      keeping.#release = release;
      keeping.#place = "stored";
      keeping.#change(countAttempt);
      return { keeping, contents };
    } catch (thrown) {
      release();
      throw thrown;
    }
  }

  /** Stores what is about to be sent. That it cannot be stored is told, and stops nothing. */
  async keep(contents) {
    try {
      const isClaimed = await claims();
      this.#release = await claim(this.#id);
      // Before the transaction, which would not wait for it.
      const audio = await audioToStore(this.#id, contents.blob);
      // The call may be over by now: what nobody waits for is neither stored nor claimed.
      if (this.#isOver) return;
      const record = recordOf(this.#core, this.#id, this.method, contents);
      const storing = this.#store(record, audio, isClaimed);
      this.#place = "unknown";
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
      // Not waited for: an abort settles at once.
      if (this.#place !== "nowhere") this.#change((record) => noteFailure(this.#core, record, error));
      if (this.#place === "stored") error.outboxId = this.#id;
      throw error;
    } finally {
      // Only now, or another tab could send what is being removed.
      this.#giveBack();
    }
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

  /** Changes the record, unless it was discarded in the meantime: that it failed does not bring it back. */
  #change(change) {
    const changing = write(OUTBOX, async (records) => {
      const record = await records.get(this.#id);
      if (!record) return;
      change(record);
      await records.put(record);
    });
    changing.catch(() => {});
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
