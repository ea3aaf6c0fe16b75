// What both entries make their `ThetaOne` of. They differ in how the wasm core is
// loaded, which stays out of here: neither entry may bring the other's loader.

import { AbortedError } from "./errors.js";
import { TEXTS } from "./catalogue.js";
import { copied, guarded } from "./guard.js";
import { Outbox, References } from "./kept.js";
import { checkedOptions, configurationError } from "./options.js";

/** All of `ThetaOne`. `load` starts the core, or gives the one that runs already. */
export class Client {
  #load;
  #options;
  #client;
  #disposed = false;

  constructor(load, options) {
    this.#load = load;
    this.#options = checkedOptions(options);
    const core = (signal) => this.#ready(signal);
    this.outbox = new Outbox(core);
    this.references = new References(core);
  }

  transcribe(audio, options, request) {
    return this.#call("transcribe", audio, options, request);
  }

  transcribeLong(audio, options, request) {
    return this.#call("transcribeLong", audio, options, request);
  }

  analyzeNative(audio, options, request) {
    return this.#call("analyzeNative", audio, options, request);
  }

  pronunciation(audio, options, request) {
    return this.#call("pronunciation", audio, options, request);
  }

  pronunciationSimple(audio, options, request) {
    return this.#call("pronunciationSimple", audio, options, request);
  }

  async prepare(audio, options) {
    const own = copied("options", options);
    const client = await this.#ready(own?.signal);
    return guarded(() => client.prepare(audio, own));
  }

  async record(options) {
    const own = copied("options", options);
    const client = await this.#ready(own?.signal);
    return new Recorder(await guarded(() => client.record(own)));
  }

  async ready() {
    await this.#ready();
  }

  dispose(options) {
    this.#disposed = true;
    if (options?.forget === true) return this.#forget();
    this.#client?.then((client) => client.dispose(), () => {});
  }

  async #forget() {
    const client = await this.#loaded();
    await guarded(() => client.forget());
  }

  async #call(method, audio, options, request) {
    const ownRequest = copied("request", request);
    const client = await this.#ready(ownRequest?.signal);
    return guarded(() => client.call(method, audio, copied("options", options), ownRequest));
  }

  async #ready(signal) {
    this.#refuseWhenDisposed();
    const aborted = signal instanceof AbortSignal ? rejectedOnAbort(signal) : undefined;
    try {
      const loaded = this.#loaded();
      const client = await (aborted ? Promise.race([loaded, aborted.promise]) : loaded);
      this.#refuseWhenDisposed();
      return client;
    } finally {
      aborted?.stop();
    }
  }

  #loaded() {
    this.#client ??= this.#opened().catch((error) => {
      this.#client = undefined;
      throw error;
    });
    return this.#client;
  }

  async #opened() {
    const core = await this.#load();
    const client = new core.Client(this.#options);
    await client.opened();
    return client;
  }

  #refuseWhenDisposed() {
    if (this.#disposed) throw configurationError("this ThetaOne was disposed of; make another one");
  }
}

class Recorder {
  #inner;

  constructor(inner) {
    this.#inner = inner;
  }

  get state() {
    return this.#inner.state;
  }

  get elapsedSeconds() {
    return this.#inner.elapsedSeconds;
  }

  stop() {
    return guarded(() => this.#inner.stop());
  }

  cancel() {
    this.#inner.cancel();
  }

  pause() {
    this.#inner.pause();
  }

  resume() {
    this.#inner.resume();
  }
}

function rejectedOnAbort(signal) {
  let stop = () => {};
  const promise = new Promise((_, reject) => {
    const abort = () =>
      reject(
        new AbortedError({
          ...TEXTS.ABORTED,
          code: "ABORTED",
          origin: "client",
          message: "the call was aborted",
          cause: signal.reason,
        }),
      );
    if (signal.aborted) {
      abort();
      return;
    }
    signal.addEventListener("abort", abort, { once: true });
    stop = () => signal.removeEventListener("abort", abort);
  });
  return { promise, stop };
}
