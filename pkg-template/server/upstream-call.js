import { CLIENT_CLOSED_REQUEST, ErrorResponse } from "./error-response.js";

/** @import { Upload } from "./upload.js" */

/** The state of one call to the API: the timer that limits its silence, and its end. */
export class UpstreamCall {
  #callerSignal;
  #timeoutMs;
  #upstream = new AbortController();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #isOver = false;
  /** @type {((error: unknown) => void) | undefined} */
  #reject;

  /**
   * Rejects with the error that ends the call before its response does.
   * @type {Promise<never>}
   */
  failure = new Promise((_, reject) => {
    this.#reject = reject;
  });
  /** Aborts the request to the API. */
  signal = this.#upstream.signal;
  /**
   * The upload that is under way, if there is one.
   * @type {Upload | null | undefined}
   */
  upload;
  isWaitingForCaller = false;

  /**
   * @param {AbortSignal | undefined} callerSignal is aborted when the caller goes away
   * @param {number} timeoutMs the longest silence
   */
  constructor(callerSignal, timeoutMs) {
    this.#callerSignal = callerSignal;
    this.#timeoutMs = timeoutMs;
    this.failure.catch(() => {});
    callerSignal?.addEventListener("abort", this.abandon);
    if (callerSignal?.aborted) this.abandon();
  }

  /** Ends the call because the caller went away. */
  abandon = () => void this.fail(new ErrorResponse(CLIENT_CLOSED_REQUEST, "The caller went away"));

  /** Starts to measure the silence of the API or the caller, from now on. */
  startTimer() {
    this.stopTimer();
    if (this.#isOver) return;
    this.#timer = setTimeout(() => this.fail(this.#silenceError()), this.#timeoutMs);
  }

  stopTimer() {
    clearTimeout(this.#timer);
  }

  #silenceError() {
    return this.isWaitingForCaller
      ? new ErrorResponse(408, `The upload stood still for ${this.#timeoutMs} ms`)
      : new ErrorResponse(504, `The API was silent for ${this.#timeoutMs} ms`);
  }

  /**
   * Ends the call without a response of the API. Resolves when the caller can read the error.
   * @param {any} error
   */
  async fail(error) {
    this.#reject?.(error);
    this.#end(true);
    // These callers send nothing more.
    if (error.status !== CLIENT_CLOSED_REQUEST && error.status !== 408) await this.upload?.drain();
  }

  /** Ends the call after the response. Stops sending an upload that is still under way. */
  async finish() {
    this.#end(this.upload?.isComplete === false);
    await this.upload?.drain();
  }

  /** @param {boolean} isAborted */
  #end(isAborted) {
    this.#isOver = true;
    this.stopTimer();
    this.#callerSignal?.removeEventListener("abort", this.abandon);
    if (isAborted) this.#upstream.abort();
  }
}
