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
  #engine;
  #disposed = false;

  constructor(load, options) {
    this.#load = load;
    this.#options = checkedOptions(options);
    const engine = (signal) => this.#ready(signal);
    this.outbox = new Outbox(engine);
    this.references = new References(engine);
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
    const { core, prepare } = await this.#ready(own?.signal);
    return guarded(() => prepare(core, audio, own));
  }

  async record(options) {
    const own = copied("options", options);
    const { core, record } = await this.#ready(own?.signal);
    return new Recorder(await guarded(() => record(core, own)));
  }

  async ready() {
    await this.#ready();
  }

  dispose(options) {
    this.#disposed = true;
    const forgotten = options?.forget === true ? this.#forget() : undefined;
    this.#engine?.then(end, () => {});
    return forgotten;
  }

  async #forget() {
    const { core, kept } = await this.#loaded();
    await guarded(() => kept(core, "store", "forget", []));
  }

  async #call(method, audio, options, request) {
    const ownRequest = copied("request", request);
    const { call, core } = await this.#ready(ownRequest?.signal);
    return guarded(() => call(core, method, audio, copied("options", options), ownRequest));
  }

  async #ready(signal) {
    this.#refuseWhenDisposed();
    const aborted = signal instanceof AbortSignal ? rejectedOnAbort(signal) : undefined;
    try {
      const loaded = this.#loaded();
      const engine = await (aborted ? Promise.race([loaded, aborted.promise]) : loaded);
      this.#refuseWhenDisposed();
      return engine;
    } finally {
      aborted?.stop();
    }
  }

  #loaded() {
    this.#engine ??= this.#opened().catch((error) => {
      this.#engine = undefined;
      throw error;
    });
    return this.#engine;
  }

  /** What engine.js has, with this client's `core`. */
  async #opened() {
    const engine = await this.#load();
    const core = engine.equipped(new engine.Core(this.#options));
    await engine.openKept(core);
    return { ...engine, core };
  }

  #refuseWhenDisposed() {
    if (this.#disposed) throw configurationError("this ThetaOne was disposed of; make another one");
  }
}

function end({ cancelRecording, core }) {
  core.dispose();
  cancelRecording(core);
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

  get ended() {
    return this.#inner.ended;
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
