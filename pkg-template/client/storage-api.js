// What is kept on this device: unsent recordings, and references. `engine(request)`
// resolves to what the client works with, or refuses where the SDK was disposed of.

import { copied, frozen, guarded, requestOf } from "./arguments.js";

/** What calls the keeper `name`: the method, its arguments, and the request whose deadline covers loading the engine. */
const caller = (engine, name) => async (work, given, request) => {
  const { core, kept } = await engine(request);
  return guarded(() => kept(core, name, work, given, request));
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
    const own = requestOf(request);
    return this.#call("resume", [id, own], own);
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
    const own = requestOf(request);
    return this.#call("get", [frozen(audio), copied("options", options), own], own);
  }

  async has(audio, options) {
    return this.#call("has", [frozen(audio), copied("options", options)]);
  }

  async delete(audio, options) {
    return this.#call("remove", [frozen(audio), copied("options", options)]);
  }

  clear() {
    return this.#call("clear", []);
  }
}
