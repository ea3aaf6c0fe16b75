// The class `ThetaOne`. The package's entries differ in how they load the wasm core, which stays
// out of here: neither entry may bring the other's loader.

import { ENDPOINTS } from "../catalogue.js";
import { Outbox } from "../outbox/api.js";
import { loadedRecorder, loadRecorder } from "../record/load-recorder.js";
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
import { findProblem } from "./check-options.js";
import { configurationError, disposedError, wasmLoadError } from "./local-errors.js";
import { checkOptions } from "./options.js";
import { memberOf, notify } from "./untrusted-values.js";

/**
 * @import {
 *   CallEvent,
 *   EndpointPath,
 *   LongTranscript,
 *   NativeAnalysis,
 *   Pronunciation,
 *   Recorder,
 *   Take,
 *   ThetaOneOptions,
 *   Transcript,
 * } from "../index.js"
 * @import { CallMethod, LoadCore, Loaded, RecordingHost } from "../internal.js"
 */

/** The base class of both entries' `ThetaOne`. */
export class Client {
  #load;
  /** @type {ThetaOneOptions} */
  #options;
  /** @type {Promise<Pick<Loaded, "features" | "runtime">> | undefined} Set by the first use. */
  #loading;
  /** @type {Set<(error: unknown) => void>} The functions that reject each wait for the runtime. */
  #waits = new Set();
  /** @type {RecordingHost} The part of this client that recordings use. */
  #host = {
    configurationError,
    wasmLoadError,
    notify,
    findProblem,
    within: (work, signal, deadlineMs) => raceWithAbort(work, signal, deadlineMs, this.#waits),
    load: () => this.#open(),
    localize: (error) => this.#localize(error),
  };

  /**
   * @param {LoadCore} load
   * @param {unknown} options
   */
  constructor(load, options) {
    this.#load = load;
    this.#options = checkOptions(options);
    // 4 kB, for which the first click would otherwise wait. After an error, `record()` tries again.
    if (globalThis.MediaRecorder) loadRecorder().catch(() => {});
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

  /**
   * @param {unknown} [options]
   * @returns {Promise<Recorder>}
   */
  async record(options) {
    const optionsCopy = copyOptions("options", options);
    return await this.#run(
      (/** @type {NonNullable<typeof loadedRecorder>} */ { record }) =>
        record(this.#host, optionsCopy),
      optionsCopy,
      false,
      loadRecorder,
      loadedRecorder,
    );
  }

  async ready() {
    // Pages that can record may be offline when they do.
    await this.#run(
      () => {},
      undefined,
      false,
      () => Promise.all([this.#open(), globalThis.MediaRecorder && loadRecorder()]),
    );
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
    const error = disposedError();
    this.#host.disposal = error;
    try {
      if (memberOf(copyOptions("options", options), "forget") !== true) return undefined;
      return this.#open().then(({ features, runtime }) =>
        wrapErrors(() => features.clearStorage(runtime)),
      );
    } finally {
      for (const rejectWait of this.#waits) rejectWait(error);
      this.#host.recording?.cancel();
      this.#loading?.then(
        ({ features, runtime }) => features.dispose(runtime),
        () => {},
      );
    }
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
      // The core emits the event of every other failure; it has not seen this call.
      void notify(
        this.#options.onEvent,
        /** @type {CallEvent} */ ({
          type: "failure",
          endpoint,
          attempt: 0,
          maxAttempts: 0,
          at,
          code,
          reason,
          durationMs: performance.now() - startedMs,
        }),
      );
      throw localError;
    }
    return wrapErrors(() => loaded.features.call(loaded, method, ...copies));
  }

  /**
   * Loads the runtime, or what `load` loads; resolves to the outcome of `operation(loaded)`. Rejects
   * with one of the package's errors. See `#loadFor`. Waits for nothing if `loaded` is given, what
   * `load` has loaded before: in Firefox, the microphone would open 0.25 ms later.
   * @template Result
   * @param {(loaded: any) => Result | PromiseLike<Result>} operation
   * @param {unknown} [options]
   * @param {boolean} [isCall]
   * @param {() => Promise<object>} [load]
   * @param {object} [loaded]
   */
  async #run(operation, options, isCall, load, loaded) {
    try {
      if (!loaded || this.#host.disposal) loaded = await this.#loadFor(options, isCall, load);
    } catch (error) {
      throw this.#localize(error);
    }
    return wrapErrors(() => operation(loaded));
  }

  /**
   * Resolves to the functions that the client calls, what they run on, and how long that took to
   * load. `options` are this client's copy; their `signal` ends the wait. So does the deadline, if
   * they are the options of a call. With `load`, resolves to what that loads.
   * @param {unknown} options
   * @param {boolean} [isCall]
   * @param {() => Promise<object>} [load]
   * @returns {Promise<any>}
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
