import { CALLER_GONE, Refusal } from "./error-response.js";

/** One call to the API: its clock, and its end. */
export class Exchange {
  #callerSignal;
  #timeoutMs;
  #upstream = new AbortController();
  #timer;
  #isOver = false;
  #reject;

  /** Rejects with what ends the call before the response does. */
  failure = new Promise((_, reject) => {
    this.#reject = reject;
  });
  /** Aborts the request to the API. */
  signal = this.#upstream.signal;
  /** The upload that is under way, if there is one. */
  upload;
  isWaitingForCaller = false;

  constructor(callerSignal, timeoutMs) {
    this.#callerSignal = callerSignal;
    this.#timeoutMs = timeoutMs;
    this.failure.catch(() => {});
    callerSignal?.addEventListener("abort", this.leave);
    if (callerSignal?.aborted) this.leave();
  }

  /** Ends the call because the caller went away. */
  leave = () => this.fail(new Refusal(CALLER_GONE, "The caller went away"));

  /** Starts to measure silence, anew. */
  startClock() {
    this.stopClock();
    if (!this.#isOver) this.#timer = setTimeout(() => this.fail(this.#silence()), this.#timeoutMs);
  }

  stopClock() {
    clearTimeout(this.#timer);
  }

  #silence() {
    return this.isWaitingForCaller
      ? new Refusal(408, `The upload stood still for ${this.#timeoutMs} ms`)
      : new Refusal(504, `The API was silent for ${this.#timeoutMs} ms`);
  }

  /** Ends the call without a response of the API's. Resolves when the caller can hear of it. */
  async fail(error) {
    this.#reject(error);
    this.#end(true);
    // A caller that sends nothing more is not waited for.
    if (error.status !== CALLER_GONE && error.status !== 408) await this.upload?.drain();
  }

  /** Ends the call after the response. An upload that is still under way has become pointless. */
  async finish() {
    this.#end(this.upload?.isOver === false);
    await this.upload?.drain();
  }

  #end(isAborted) {
    this.#isOver = true;
    this.stopClock();
    this.#callerSignal?.removeEventListener("abort", this.leave);
    if (!isAborted) return;
    this.#upstream.abort();
  }
}
