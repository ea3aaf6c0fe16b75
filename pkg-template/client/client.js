// What both entries make their `ThetaOne` of. They differ in how the wasm core is
// loaded, which stays out of here: neither entry may bring the other's loader.

import { ENDPOINTS } from "../catalogue.js";
import { abortedError, configurationError } from "./local-errors.js";
import { ThetaOneError, addressed } from "../result/errors.js";
import { isRecord, memberOf, notify } from "./untrusted-values.js";
import { copied, frozen, guarded, ofArgument, requestOf } from "./arguments.js";
import { Outbox, References } from "./storage-api.js";
import { checkedOptions } from "./options.js";
import { waitingFor } from "./abortable.js";

/** All of `ThetaOne`. `load` starts the core, or gives the one that runs already. */
export class Client {
  #load;
  #options;
  #engine;
  #disposed = false;
  /** The functions that end each wait for the engine. */
  #waiting = new Set();

  constructor(load, options) {
    this.#load = load;
    this.#options = checkedOptions(options);
    const engine = (request) => this.#ready(request, request !== undefined);
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
    const { core, prepare } = await this.#ready(own);
    return guarded(() => prepare(core, ownAudio, own));
  }

  async record(options) {
    const own = copied("options", options);
    const { core, record } = await this.#ready(own);
    return new Recorder(await guarded(() => record(core, own)));
  }

  async ready() {
    await this.#ready();
  }

  dispose(options) {
    this.#disposed = true;
    try {
      return memberOf(copied("options", options), "forget") === true ? this.#forget() : undefined;
    } finally {
      for (const end of this.#waiting) end(disposedOf());
      this.#engine?.then(end, () => {});
    }
  }

  async #forget() {
    const { core, forget } = await this.#loaded();
    await guarded(() => forget(core));
  }

  async #call(method, audio, options, request) {
    const began = performance.now();
    let given, engine;
    try {
      given = [method, frozen(audio), copied("options", options), requestOf(request)];
      engine = await this.#loadedFor(given[3], true);
    } catch (error) {
      const own = this.#own(error, ENDPOINTS[method]);
      const { code, reason, endpoint, occurredAt: at } = own;
      const durationMs = performance.now() - began;
      // The core, which tells of all other failures, has not seen this call.
      notify(this.#options.onEvent, {
        type: "failure",
        endpoint,
        attempt: 0,
        maxAttempts: 0,
        at,
        code,
        reason,
        durationMs,
      });
      throw own;
    }
    return guarded(() => engine.call(engine.core, ...given));
  }

  /** What the client works with. */
  async #ready(options, isCall) {
    try {
      return await this.#loadedFor(options, isCall);
    } catch (error) {
      throw this.#own(error);
    }
  }

  /** The same; loading it is a part of what has these options, this client's copy, and counts against the deadline of a call. */
  async #loadedFor(options, isCall) {
    if (this.#disposed) throw configurationError("this ThetaOne was disposed of; make another one");
    const began = performance.now();
    const engine = await waitingFor(
      this.#loaded(),
      memberOf(options, "signal"),
      isCall && this.#deadlineOf(options),
      this.#waiting,
    );
    if (this.#disposed) throw disposedOf();
    if (isRecord(options)) {
      // For the core, which counts on. No member that a caller could pass: those are listed.
      Object.defineProperty(options, "waitedMs", {
        value: performance.now() - began,
        writable: true,
      });
    }
    return engine;
  }

  /** Of the deadlines that are none, the core tells. */
  #deadlineOf(request) {
    const ms = memberOf(request, "deadlineMs") ?? this.#options.deadlineMs;
    return typeof ms === "number" && ms > 0 && ms < 2 ** 31 ? ms : undefined;
  }

  /** An error that was made without the core, in this client's language. */
  #own(thrown, endpoint) {
    const error = ofArgument(thrown);
    const { apiKey, locale } = this.#options;
    return error instanceof ThetaOneError
      ? addressed(error, { endpoint, locale, hasKey: apiKey != null })
      : error;
  }

  #loaded() {
    this.#engine ??= this.#opened().catch((error) => {
      this.#engine = undefined;
      throw error;
    });
    return this.#engine;
  }

  /** What runtime.js has, with this client's `core`. */
  async #opened() {
    const engine = await this.#load();
    const core = engine.equipped(new engine.Core(this.#options));
    await engine.openKept(core);
    return { ...engine, core };
  }
}

const disposedOf = () => abortedError("the ThetaOne was disposed of while this ran");

function end({ cancelRecording, core }) {
  core.dispose();
  cancelRecording(core);
}

class Recorder {
  #inner;
  #stopping;
  #taken;

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
    const stopping = this.#inner.stop();
    // Asked twice, it gives the same promise: whoever handles the one has handled both.
    if (stopping !== this.#stopping) {
      this.#stopping = stopping;
      this.#taken = guarded(() => stopping);
    }
    return this.#taken;
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
