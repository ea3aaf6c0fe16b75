// `ThetaOne.outbox`: the recordings that were not delivered.

import { copyRequest } from "../client/arguments.js";

export class Outbox {
  #run;

  /** `run(use, request)` resolves to the outcome of `use(loaded)`; see `#run` of client.js. */
  constructor(run) {
    this.#run = run;
  }

  list() {
    return this.#use((outbox, runtime) => outbox.list(runtime));
  }

  get(id) {
    return this.#use((outbox, runtime) => outbox.get(runtime, id));
  }

  async resume(id, request) {
    const ownRequest = copyRequest(request);
    return this.#use(
      (outbox, runtime, elapsedMs) => outbox.resume(runtime, id, ownRequest, elapsedMs),
      ownRequest,
    );
  }

  discard(id) {
    return this.#use((outbox, runtime) => outbox.discard(runtime, id));
  }

  clear() {
    return this.#use((outbox) => outbox.clear());
  }

  #use(use, request) {
    return this.#run((loaded) => loaded.features.useOutbox(loaded, use, request), request);
  }
}
