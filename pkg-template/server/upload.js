import { ErrorResponse } from "./error-response.js";

/** @import { UpstreamCall } from "./upstream-call.js" */

/** @typedef {ReadableStreamDefaultReader<Uint8Array>} Reader */

/**
 * How long the rest of a rejected upload is read. Browsers read no response before they have sent
 * the whole body.
 */
const DRAIN_MS = 60_000;

/** @param {number} maxBytes */
export const payloadTooLarge = (maxBytes) =>
  new ErrorResponse(413, `The upload is larger than ${maxBytes} bytes`);

/** The body of a request, which is read only as fast as the API takes it. */
export class Upload {
  /** @type {Reader} */
  #reader;
  /** @type {Promise<void> | undefined} */
  #draining;
  isComplete = false;
  body;

  /**
   * @param {ReadableStream<Uint8Array>} source
   * @param {UpstreamCall} call
   * @param {(bytes: number) => ErrorResponse | undefined} onChunk is called with the size of each
   *   chunk, and returns an error to end the call
   */
  constructor(source, call, onChunk) {
    this.#reader = source.getReader();
    this.body = new ReadableStream(
      { pull: (controller) => this.#pull(controller, call, onChunk), cancel: () => this.drain() },
      { highWaterMark: 0 },
    );
  }

  /**
   * @param {ReadableStreamDefaultController<Uint8Array>} controller
   * @param {UpstreamCall} call
   * @param {(bytes: number) => ErrorResponse | undefined} onChunk
   */
  async #pull(controller, call, onChunk) {
    const { done, value } = await this.#read(call);
    if (done) {
      this.isComplete = true;
      return controller.close();
    }
    const error = onChunk(value.byteLength);
    if (error) {
      void call.fail(error);
      throw new Error(error.detail);
    }
    controller.enqueue(value);
  }

  /** @param {UpstreamCall} call */
  async #read(call) {
    call.isWaitingForCaller = true;
    call.startTimer();
    try {
      return await this.#reader.read();
    } catch {
      call.abandon();
      throw new Error("The upload broke off");
    } finally {
      call.isWaitingForCaller = false;
      call.startTimer();
    }
  }

  /** Reads and drops the rest of the body. */
  drain() {
    this.#draining ??= this.isComplete ? Promise.resolve() : this.#drain();
    return this.#draining;
  }

  async #drain() {
    await drain(this.#reader);
    this.isComplete = true;
  }
}

/**
 * Reads and drops the rest of a body, for a limited time. Callers read the response only after they
 * have sent the body, and lose it if the connection is closed before.
 * @param {Reader} reader
 */
export async function drain(reader) {
  const timer = setTimeout(() => reader.cancel().catch(() => {}), DRAIN_MS);
  // Only the timers of Node have `unref`.
  /** @type {{ unref?(): void }} */ (/** @type {unknown} */ (timer)).unref?.();
  try {
    while (!(await reader.read()).done);
  } catch {
    // The caller went away.
  }
  clearTimeout(timer);
}
