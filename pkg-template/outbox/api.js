// `ThetaOne.outbox`: the recordings that were not delivered.

import { copyRequest } from "../client/arguments.js";

export class Outbox {
  #use;

  constructor(use) {
    this.#use = use;
  }

  list() {
    return this.#use((outbox, runtime) => outbox.list(runtime));
  }

  get(id) {
    return this.#use((outbox, runtime) => outbox.get(runtime, id));
  }

  async resume(id, request) {
    const requestCopy = copyRequest(request);
    return this.#use(
      (outbox, runtime, elapsedMs) => outbox.resume(runtime, id, requestCopy, elapsedMs),
      requestCopy,
    );
  }

  discard(id) {
    return this.#use((outbox, runtime) => outbox.discard(runtime, id));
  }

  clear() {
    return this.#use((outbox) => outbox.clear());
  }
}
