// What is kept on this device: unsent recordings, and references. `engine(signal)`
// resolves to what the client works with, or refuses where the SDK was disposed of.

import { copied, guarded } from "./guard.js";

/** What calls the keeper `name`: its work, what that is given, and a signal that ends the wait for the engine. */
const caller = (engine, name) => async (work, given, signal) => {
  const { core, kept } = await engine(signal);
  return guarded(() => kept(core, name, work, given));
};

export class Outbox {
  #call;

  constructor(engine) {
    this.#call = caller(engine, "outbox");
  }

  list() {
    return this.#call("list", []);
  }

  get(id) {
    return this.#call("get", [id]);
  }

  async resume(id, request) {
    const own = copied("request", request);
    return this.#call("resume", [id, own], own?.signal);
  }

  discard(id) {
    return this.#call("discard", [id]);
  }

  clear() {
    return this.#call("clear", []);
  }
}

export class References {
  #call;

  constructor(engine) {
    this.#call = caller(engine, "references");
  }

  async get(audio, options, request) {
    const own = copied("request", request);
    return this.#call("get", [audio, copied("options", options), own], own?.signal);
  }

  async has(audio, options) {
    return this.#call("has", [audio, copied("options", options)]);
  }

  async delete(audio, options) {
    return this.#call("remove", [audio, copied("options", options)]);
  }

  clear() {
    return this.#call("clear", []);
  }
}
