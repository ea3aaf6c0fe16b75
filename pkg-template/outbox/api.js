// `ThetaOne.outbox`: the recordings that were not delivered.

import { copyRequest, wrapErrors } from "../client/arguments.js";

export class Outbox {
  #load;

  /** `load(request)` resolves to what the client runs on; see `#loadFor` of client.js. */
  constructor(load) {
    this.#load = load;
  }

  list() {
    return this.#use((outbox, runtime) => outbox.list(runtime));
  }

  get(id) {
    return this.#use((outbox, runtime) => outbox.get(runtime, id));
  }

  async resume(id, request) {
    const ownRequest = copyRequest(request);
    const { features, runtime, elapsedMs } = await this.#load(ownRequest);
    return wrapErrors(() =>
      features.callWithOutbox(runtime, ownRequest, elapsedMs, (outbox, elapsedMs) =>
        outbox.resume(runtime, id, ownRequest, elapsedMs),
      ),
    );
  }

  discard(id) {
    return this.#use((outbox, runtime) => outbox.discard(runtime, id));
  }

  clear() {
    return this.#use((outbox) => outbox.clear());
  }

  async #use(use) {
    const { features, runtime } = await this.#load();
    return wrapErrors(() => features.useOutbox(runtime, (outbox) => use(outbox, runtime)));
  }
}
