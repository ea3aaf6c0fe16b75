// The class `ThetaOne`. The package's entries differ in how they load the wasm core, which stays
// out of here: neither entry may bring the other's loader.

import { ENDPOINTS } from "../catalogue.js";
import { configurationError, disposedError, wasmLoadError } from "./local-errors.js";
import { ThetaOneError, withClientContext } from "../result/errors.js";
import { memberOf, notify } from "./untrusted-values.js";
import {
  copyOptions,
  copyRequest,
  snapshotBytes,
  toThetaOneError,
  wrapErrors,
} from "./arguments.js";
import { loadRecorder } from "../record/load-recorder.js";
import { Outbox } from "../outbox/api.js";
import { References } from "../references/api.js";
import { problemOf } from "./check-options.js";
import { checkedOptions } from "./options.js";
import { raceWithAbort } from "./abortable.js";

/** The base class of both entries' `ThetaOne`. `load` resolves to the exports of runtime.js. */
export class Client {
  #load;
  #options;
  /** A promise of `{ features, runtime }`, from the first use on. */
  #loading;
  /** The functions that end each wait for the runtime. */
  #waiting = new Set();
  /** The part of this client that recordings use. */
  #host = {
    configurationError,
    wasmLoadError,
    notify,
    problemOf,
    within: (work, signal, deadlineMs) => raceWithAbort(work, signal, deadlineMs, this.#waiting),
    load: () => this.#open(),
    localize: (error) => this.#localize(error),
  };

  constructor(load, options) {
    this.#load = load;
    this.#options = checkedOptions(options);
    const run = (use, request) => this.#run(use, request, request !== undefined);
    this.outbox = new Outbox(run);
    this.references = new References(run);
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
    const [ownOptions, ownAudio] = [copyOptions("options", options), snapshotBytes(audio)];
    return this.#run(
      ({ features, runtime }) => features.prepare(runtime, ownAudio, ownOptions),
      ownOptions,
    );
  }

  async record(options) {
    const ownOptions = copyOptions("options", options);
    const start = ({ record }) => record(this.#host, ownOptions);
    return this.#run(start, ownOptions, false, loadRecorder);
  }

  async ready() {
    // Pages that can record may be offline when they do.
    const load = () => Promise.all([this.#open(), globalThis.MediaRecorder && loadRecorder()]);
    await this.#run(() => {}, undefined, false, load);
  }

  dispose(options) {
    const error = disposedError();
    this.#host.disposal = error;
    try {
      const clears = memberOf(copyOptions("options", options), "forget") === true;
      return clears ? this.#clearStorage() : undefined;
    } finally {
      for (const end of this.#waiting) end(error);
      this.#host.recording?.cancel();
      this.#loading?.then(
        ({ features, runtime }) => features.dispose(runtime),
        () => {},
      );
    }
  }

  async #clearStorage() {
    const { features, runtime } = await this.#open();
    await wrapErrors(() => features.clearStorage(runtime));
  }

  async #call(method, audio, options, request) {
    const startedMs = performance.now();
    let copies, loaded;
    try {
      copies = [snapshotBytes(audio), copyOptions("options", options), copyRequest(request)];
      loaded = await this.#loadFor(copies[2], true);
    } catch (error) {
      const ownError = this.#localize(error, ENDPOINTS[method]);
      const { code, reason, endpoint, occurredAt: at } = ownError;
      const durationMs = performance.now() - startedMs;
      // The core emits the event of every other failure; it has not seen this call.
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
      throw ownError;
    }
    return wrapErrors(() => loaded.features.call(loaded, method, ...copies));
  }

  /**
   * Loads the runtime, or what `load` loads; resolves to the outcome of `use(loaded)`. Rejects with
   * one of the package's errors. See `#loadFor`.
   */
  async #run(use, options, isCall, load) {
    let loaded;
    try {
      loaded = await this.#loadFor(options, isCall, load);
    } catch (error) {
      throw this.#localize(error);
    }
    return wrapErrors(() => use(loaded));
  }

  /**
   * Resolves to `{ features, runtime, elapsedMs }`: the functions that the client calls, what they
   * run on, and how long that took to load. `options` are this client's copy; their `signal` ends
   * the wait, and so does the deadline, if they are of a call. With `load`, resolves to what that
   * loads.
   */
  async #loadFor(options, isCall, load = () => this.#open()) {
    if (this.#host.disposal)
      throw configurationError("this ThetaOne was disposed of; make another one");
    const startedMs = performance.now();
    const loaded = await this.#host.within(
      load(),
      memberOf(options, "signal"),
      isCall && this.#deadlineOf(options),
    );
    if (this.#host.disposal) throw this.#host.disposal;
    return { ...loaded, elapsedMs: performance.now() - startedMs };
  }

  /**
   * Returns the deadline in milliseconds, or `undefined` if there is no valid one; the core reports
   * invalid values.
   */
  #deadlineOf(request) {
    const ms = memberOf(request, "deadlineMs") ?? this.#options.deadlineMs;
    return typeof ms === "number" && ms > 0 && ms < 2 ** 31 ? ms : undefined;
  }

  /** Returns an error that was created without the core, in this client's language. */
  #localize(thrown, endpoint) {
    const error = toThetaOneError(thrown);
    const { apiKey, locale } = this.#options;
    return error instanceof ThetaOneError
      ? withClientContext(error, { endpoint, locale, hasKey: apiKey != null })
      : error;
  }

  /** Resolves to `{ features, runtime }`. Loads once, and again after a failure. */
  #open() {
    this.#loading ??= this.#load()
      .then(({ features }) => features.openRuntime(this.#options))
      .catch((error) => {
        this.#loading = undefined;
        throw error;
      });
    return this.#loading;
  }
}
