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

/**
 * @import {
 *   CallEvent,
 *   EndpointPath,
 *   LongTranscript,
 *   NativeAnalysis,
 *   Pronunciation,
 *   Recorder as PublicRecorder,
 *   Take,
 *   ThetaOneOptions,
 *   Transcript,
 * } from "../index.js"
 * @import { CallMethod, LoadCore, Loaded } from "../internal.js"
 * @import { Recording } from "../record/recording.js"
 */

/** The base class of both entries' `ThetaOne`. */
export class Client {
  #load;
  /** @type {ThetaOneOptions} */
  #options;
  /** @type {Promise<Pick<Loaded, "features" | "runtime">> | undefined} Set by the first use. */
  #loading;
  #disposed = false;
  /** @type {Set<(error: unknown) => void>} The functions that reject each wait for the runtime. */
  #waits = new Set();

  /**
   * @param {LoadCore} load
   * @param {unknown} options
   */
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

  /**
   * @param {unknown} audio
   * @param {unknown} [options]
   * @param {unknown} [request]
   * @returns {Promise<Transcript>}
   */
  transcribe(audio, options, request) {
    return this.#call("transcribe", audio, options, request);
  }

  /**
   * @param {unknown} audio
   * @param {unknown} [options]
   * @param {unknown} [request]
   * @returns {Promise<LongTranscript>}
   */
  transcribeLong(audio, options, request) {
    return this.#call("transcribeLong", audio, options, request);
  }

  /**
   * @param {unknown} audio
   * @param {unknown} options
   * @param {unknown} [request]
   * @returns {Promise<NativeAnalysis>}
   */
  analyzeNative(audio, options, request) {
    return this.#call("analyzeNative", audio, options, request);
  }

  /**
   * @param {unknown} audio
   * @param {unknown} options
   * @param {unknown} [request]
   * @returns {Promise<Pronunciation>}
   */
  pronunciation(audio, options, request) {
    return this.#call("pronunciation", audio, options, request);
  }

  /**
   * @param {unknown} audio
   * @param {unknown} options
   * @param {unknown} [request]
   * @returns {Promise<Pronunciation>}
   */
  pronunciationSimple(audio, options, request) {
    return this.#call("pronunciationSimple", audio, options, request);
  }

  /**
   * @param {unknown} audio
   * @param {unknown} [options]
   * @returns {Promise<Take>}
   */
  async prepare(audio, options) {
    const [audioCopy, optionsCopy] = copyArguments(audio, options);
    return this.#run(
      ({ features, runtime }) => features.prepare(runtime, audioCopy, optionsCopy),
      optionsCopy,
    );
  }

  /** @param {unknown} [options] */
  async record(options) {
    const optionsCopy = copyOptions("options", options);
    /** @param {Loaded} loaded */
    const record = ({ features, runtime }) => features.record(runtime, optionsCopy);
    return new Recorder(await this.#run(record, optionsCopy));
  }

  async ready() {
    await this.#run(() => {});
  }

  /**
   * @overload
   * @param {{ forget?: false }} [options]
   * @returns {void}
   */
  /**
   * @overload
   * @param {{ forget: true }} options
   * @returns {Promise<void>}
   */
  /** @param {unknown} [options] */
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

  /**
   * @param {CallMethod} method
   * @param {unknown} audio
   * @param {unknown} options
   * @param {unknown} request
   * @returns {Promise<any>} the method's result, whose type the method declares
   */
  async #call(method, audio, options, request) {
    const startedMs = performance.now();
    let copies, loaded;
    try {
      copies = /** @type {const} */ ([...copyArguments(audio, options), copyRequest(request)]);
      loaded = await this.#loadFor(copies[2], true);
    } catch (error) {
      const localError = this.#localize(error, ENDPOINTS[method]);
      const { code, reason, endpoint, occurredAt: at } = localError;
      const durationMs = performance.now() - startedMs;
      // The core emits the event of every other failure; it has not seen this call.
      notify(
        this.#options.onEvent,
        /** @type {CallEvent} */ ({
          type: "failure",
          endpoint,
          attempt: 0,
          maxAttempts: 0,
          at,
          code,
          reason,
          durationMs,
        }),
      );
      throw localError;
    }
    return wrapErrors(() => loaded.features.call(loaded, method, ...copies));
  }

  /**
   * Loads the runtime; resolves to the outcome of `operation(loaded)`. Rejects with one of the
   * package's errors. See `#loadFor`.
   * @template Result
   * @param {(loaded: Loaded) => Result | PromiseLike<Result>} operation
   * @param {unknown} [options]
   * @param {boolean} [isCall]
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
   * Resolves to the functions that the client calls, what they run on, and how long that took to
   * load. `options` are this client's copy; their `signal` ends the wait. So does the deadline, if
   * they are the options of a call.
   * @param {unknown} options
   * @param {boolean} [isCall]
   * @returns {Promise<Loaded>}
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
   * @param {unknown} request
   */
  #deadlineOf(request) {
    const ms = memberOf(request, "deadlineMs") ?? this.#options.deadlineMs;
    return typeof ms === "number" && ms > 0 && ms < 2 ** 31 ? ms : undefined;
  }

  /**
   * Returns an error that was created without the core, in this client's language.
   * @param {unknown} thrown
   * @param {string} [endpoint]
   */
  #localize(thrown, endpoint) {
    const error = toThetaOneError(thrown);
    const { apiKey, locale } = this.#options;
    return error instanceof ThetaOneError
      ? withClientContext(error, { endpoint, locale, hasKey: apiKey != null })
      : error;
  }

  /** Loads the runtime once, and again after a failure. */
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

/** The public face of a `Recording`. */
class Recorder {
  #inner;

  /** @param {Recording} inner */
  constructor(inner) {
    this.#inner = inner;
  }

  /** @returns {PublicRecorder["state"]} */
  get state() {
    return this.#inner.state;
  }

  /** @returns {number} */
  get elapsedSeconds() {
    return this.#inner.elapsedSeconds;
  }

  /** @returns {PublicRecorder["level"]} */
  get level() {
    return this.#inner.level;
  }

  /** @returns {PublicRecorder["ended"]} */
  get ended() {
    return this.#inner.ended;
  }

  /** @returns {Promise<Take>} */
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
