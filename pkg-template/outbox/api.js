// `ThetaOne.outbox`: the recordings that were not delivered.

import { copyRequest } from "../client/arguments.js";

/** @import { NativeAnalysis, Pronunciation, Transcript, UnsentRecording } from "../index.js" */
/** @import { OutboxModule, Use } from "../internal.js" */

export class Outbox {
  #use;

  /** @param {Use<OutboxModule>} use */
  constructor(use) {
    this.#use = use;
  }

  /** @returns {Promise<UnsentRecording[]>} */
  list() {
    return this.#use((outbox, runtime) => outbox.list(runtime));
  }

  /**
   * @param {unknown} id
   * @returns {Promise<Blob | undefined>}
   */
  get(id) {
    return this.#use((outbox, runtime) => outbox.get(runtime, id));
  }

  /**
   * @param {unknown} id
   * @param {unknown} [request]
   * @returns {Promise<Transcript | NativeAnalysis | Pronunciation>}
   */
  async resume(id, request) {
    const requestCopy = copyRequest(request);
    return this.#use(
      (outbox, runtime, elapsedMs) => outbox.resume(runtime, id, requestCopy, elapsedMs),
      requestCopy,
    );
  }

  /**
   * @param {unknown} id
   * @returns {Promise<void>}
   */
  discard(id) {
    return this.#use((outbox, runtime) => outbox.discard(runtime, id));
  }

  /** @returns {Promise<void>} */
  clear() {
    return this.#use((outbox) => outbox.clear());
  }
}
