// What is kept on this device: unsent recordings, and references. `engine(signal)`
// resolves to what the client works with, or refuses where the SDK was disposed of.

import { copied, guarded } from "./guard.js";

class Kept {
  #engine;
  #keeper;

  constructor(engine, keeper) {
    this.#engine = engine;
    this.#keeper = keeper;
  }

  async work(name, given, signal) {
    const { core, kept } = await this.#engine(signal);
    return guarded(() => kept(core, this.#keeper, name, given));
  }
}

export class Outbox {
  #kept;

  constructor(engine) {
    this.#kept = new Kept(engine, "outbox");
  }

  list() {
    return this.#kept.work("list", []);
  }

  get(id) {
    return this.#kept.work("get", [id]);
  }

  async resume(id, request) {
    const own = copied("request", request);
    return this.#kept.work("resume", [id, own], own?.signal);
  }

  discard(id) {
    return this.#kept.work("discard", [id]);
  }

  clear() {
    return this.#kept.work("clear", []);
  }
}

export class References {
  #kept;

  constructor(engine) {
    this.#kept = new Kept(engine, "references");
  }

  async get(audio, options, request) {
    const own = copied("request", request);
    return this.#kept.work("get", [audio, copied("options", options), own], own?.signal);
  }

  async has(audio, options) {
    return this.#kept.work("has", [audio, copied("options", options)]);
  }

  async delete(audio, options) {
    return this.#kept.work("remove", [audio, copied("options", options)]);
  }

  clear() {
    return this.#kept.work("clear", []);
  }
}
