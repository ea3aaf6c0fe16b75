// thetaone-web: microphone in, pronunciation score or typed error out.

import { AbortedError, ThetaOneError } from "./errors.js";
import { TEXTS } from "./catalogue.js";
import { checkedOptions, configurationError } from "./options.js";
import { load } from "./load.js";

export {
  AbortedError, AuthenticationError, BadRequestError, ConfigurationError, ConnectionError,
  InvalidAudioError, InvalidNativeSpeechComponentsError, InvalidOptionsError, InvalidResponseError,
  MicrophoneError, MissingGoldTextError, NotAllWordsSpokenError, PayloadTooLargeError,
  PaymentRequiredError, RateLimitError, ServerError, ThetaOneError, TimeoutError,
  UnexpectedStatusError, WasmLoadError,
} from "./errors.js";
export { Take } from "./take.js";

export class ThetaOne {
  #options;
  #client;
  #disposed = false;

  constructor(options) {
    this.#options = checkedOptions(options);
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

  dispose() {
    this.#disposed = true;
    this.#client?.then((client) => client.dispose(), () => {});
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
      this.#client ??= load().then(
        (core) => new core.Client(this.#options),
        (error) => {
          this.#client = undefined;
          throw error;
        },
      );
      const client = await (aborted ? Promise.race([this.#client, aborted.promise]) : this.#client);
      this.#refuseWhenDisposed();
      return client;
    } finally {
      aborted?.stop();
    }
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

// A shallow copy: what the caller changes after the call has no effect on it,
// and a getter that throws does so here and not inside the core.
function copied(name, value) {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
  try {
    const copy = { ...value };
    if (copy.retry !== null && typeof copy.retry === "object") copy.retry = { ...copy.retry };
    return copy;
  } catch (cause) {
    throw configurationError(`${name} could not be read: a getter threw`, cause);
  }
}

// The core rejects with errors of the SDK only; anything else was thrown by an
// object of the caller's, and is named as such.
async function guarded(call) {
  try {
    return await call();
  } catch (error) {
    if (ThetaOneError.is(error)) throw error;
    throw configurationError(`an argument could not be used: ${error instanceof Error ? error.message : typeof error}`, error);
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
