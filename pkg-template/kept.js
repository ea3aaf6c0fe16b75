// What is kept on this device: unsent recordings, and references. `core(signal)`
// resolves to the core's client, or refuses where the SDK was disposed of.

import { copied, guarded } from "./guard.js";

export class Outbox {
  #core;

  constructor(core) {
    this.#core = core;
  }

  async list() {
    const client = await this.#core();
    return guarded(() => client.outboxList());
  }

  async get(id) {
    const client = await this.#core();
    return guarded(() => client.outboxGet(id));
  }

  async resume(id, request) {
    const own = copied("request", request);
    const client = await this.#core(own?.signal);
    return guarded(() => client.outboxResume(id, own));
  }

  async discard(id) {
    const client = await this.#core();
    await guarded(() => client.outboxDiscard(id));
  }

  async clear() {
    const client = await this.#core();
    await guarded(() => client.outboxClear());
  }
}

export class References {
  #core;

  constructor(core) {
    this.#core = core;
  }

  async get(audio, options, request) {
    const own = copied("request", request);
    const client = await this.#core(own?.signal);
    return guarded(() => client.referencesGet(audio, copied("options", options), own));
  }

  async has(audio, options) {
    const client = await this.#core();
    return guarded(() => client.referencesHas(audio, copied("options", options)));
  }

  async delete(audio, options) {
    const client = await this.#core();
    return guarded(() => client.referencesDelete(audio, copied("options", options)));
  }

  async clear() {
    const client = await this.#core();
    await guarded(() => client.referencesClear());
  }
}
