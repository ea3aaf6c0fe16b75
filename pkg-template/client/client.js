// The class `ThetaOne`. The package's entries differ in how they load the wasm core, which stays
// out of here: neither entry may bring the other's loader.

import { ENDPOINTS } from "../catalogue.js";
import { Outbox } from "../outbox/api.js";
import { References } from "../references/api.js";
import { ThetaOneError, withClientContext } from "../result/errors.js";
import { raceWithAbort } from "./abortable.js";
import {
  copyArguments,
  copyOptions,
  copyRequest,
  toThetaOneError,
  wrapErrors,
} from "./arguments.js";
import { configurationError, disposedError } from "./local-errors.js";
import { checkOptions } from "./options.js";
import { memberOf, notify } from "./untrusted-values.js";

/** The base class of both entries' `ThetaOne`. `load` resolves to the exports of runtime.js. */
export class Client {
  #load;
  #options;
  /** A promise of `{ features, runtime }`, from the first use on. */
  #loading;
  #disposed = false;
  /** The functions that end each wait for the runtime. */
  #waits = new Set();

  constructor(load, options) {
    this.#load = load;
    this.#options = checkOptions(options);
    this.outbox = new Outbox((operation, request) =>
      this.#run(
        (loaded) => loaded.features.useOutbox(loaded, operation, request),
        request,
        request !== undefined,
      ),
    );
    this.references = new References((operation, request) =>
      this.#run(
        (loaded) => loaded.features.useReferences(loaded, operation, request),
        request,
        request !== undefined,
      ),
    );
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
    const [audioCopy, optionsCopy] = copyArguments(audio, options);
    return this.#run(
      ({ features, runtime }) => features.prepare(runtime, audioCopy, optionsCopy),
      optionsCopy,
    );
  }

  async record(options) {
    const optionsCopy = copyOptions("options", options);
    const record = ({ features, runtime }) => features.record(runtime, optionsCopy);
    return new Recorder(await this.#run(record, optionsCopy));
  }

  async ready() {
    await this.#run(() => {});
  }

  dispose(options) {
    this.#disposed = true;
    try {
      const clearsStorage = memberOf(copyOptions("options", options), "forget") === true;
      return clearsStorage ? this.#clearStorage() : undefined;
    } finally {
      for (const rejectWait of this.#waits) rejectWait(disposedError());
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
      copies = [...copyArguments(audio, options), copyRequest(request)];
      loaded = await this.#loadFor(copies[2], true);
    } catch (error) {
      const localError = this.#localize(error, ENDPOINTS[method]);
      const { code, reason, endpoint, occurredAt: at } = localError;
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
      throw localError;
    }
    return wrapErrors(() => loaded.features.call(loaded, method, ...copies));
  }

  /**
   * Loads the runtime; resolves to the outcome of `operation(loaded)`. Rejects with one of the package's
   * errors. See `#loadFor`.
   */
  async #run(operation, options, isCall) {
    let loaded;
    try {
      loaded = await this.#loadFor(options, isCall);
    } catch (error) {
      throw this.#localize(error);
    }
    return wrapErrors(() => operation(loaded));
  }

  /**
   * Resolves to `{ features, runtime, elapsedMs }`: the functions that the client calls, what they
   * run on, and how long that took to load. `options` are this client's copy; their `signal` ends
   * the wait, and so does the deadline, if they are of a call.
   */
  async #loadFor(options, isCall) {
    if (this.#disposed) throw configurationError("this ThetaOne was disposed of; make another one");
    const startedMs = performance.now();
    const loaded = await raceWithAbort(
      this.#open(),
      memberOf(options, "signal"),
      isCall && this.#deadlineOf(options),
      this.#waits,
    );
    if (this.#disposed) throw disposedError();
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
    return this.#inner.stop();
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
