// What both entries make their `ThetaOne` of. They differ in how the wasm core is
// loaded, which stays out of here: neither entry may bring the other's loader.

import { notify } from "./callback.js";
import { ENDPOINTS } from "./catalogue.js";
import { abortedError, configurationError } from "./early-errors.js";
import { ThetaOneError, addressed } from "./errors.js";
import { copied, frozen, guarded } from "./guard.js";
import { Outbox, References } from "./kept.js";
import { checkedOptions } from "./options.js";
import { waitingFor } from "./waiting.js";

/** All of `ThetaOne`. `load` starts the core, or gives the one that runs already. */
export class Client {
  #load;
  #options;
  #engine;
  #disposed = false;

  constructor(load, options) {
    this.#load = load;
    this.#options = checkedOptions(options);
    const engine = (call) => this.#ready(call?.signal, call);
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
    const [own, ownAudio] = [copied("options", options), frozen(audio)];
    const { core, prepare } = await this.#ready(own?.signal);
    return guarded(() => prepare(core, ownAudio, own));
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
    const began = performance.now();
    let given, engine;
    try {
      given = [method, frozen(audio), copied("options", options), copied("request", request) ?? {}];
      engine = await this.#ready(given[3].signal, given[3]);
    } catch (error) {
      throw this.#failed(error, method, performance.now() - began);
    }
    return guarded(() => engine.call(engine.core, ...given));
  }

  /** A call that did not come as far as the core, which tells of all others. */
  #failed(error, method, durationMs) {
    const own = this.#own(error, ENDPOINTS[method]);
    const { code, reason, endpoint, occurredAt: at } = own;
    notify(this.#options.onEvent, { type: "failure", endpoint, attempt: 0, maxAttempts: 0, at, code, reason, durationMs });
    return own;
  }

  /** What was made without the core is told in this client's language. */
  #own(error, endpoint = error.endpoint) {
    if (!(error instanceof ThetaOneError)) return error;
    const { apiKey, locale } = this.#options;
    return addressed(error, { endpoint, locale, hasKey: apiKey != null });
  }

  /**
   * What the client works with, once it is loaded. Waiting for it is a part of a `call`, this client's copy of the request:
   * it counts against its deadline.
   */
  async #ready(signal, call) {
    try {
      if (this.#disposed) throw configurationError("this ThetaOne was disposed of; make another one");
      const began = performance.now();
      const deadlineMs = call?.deadlineMs ?? this.#options.deadlineMs;
      const hasDeadline = isCopy(call) && deadlineMs > 0 && deadlineMs < 2 ** 31;
      const engine = await waitingFor(this.#loaded(), signal, hasDeadline ? deadlineMs : undefined);
      const waitedMs = performance.now() - began;
      if (hasDeadline && waitedMs > 1) call.deadlineMs = Math.max(deadlineMs - waitedMs, 1);
      if (this.#disposed) throw abortedError("the ThetaOne was disposed of while this ran");
      return engine;
    } catch (error) {
      throw this.#own(error);
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
}

/** Whether it is a request at all: what is none, the core refuses. */
const isCopy = (call) => call !== undefined && Object.getPrototypeOf(call) === Object.prototype;

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
