import { getConnection } from "./connection.js";
import { ErrorResponse } from "./error-response.js";

/** @import { UpstreamCall } from "./upstream-call.js" */

/** @typedef {ReadableStreamDefaultReader<Uint8Array>} Reader */

/** @param {number} maxBytes */
export const payloadTooLarge = (maxBytes) =>
  new ErrorResponse(413, `The upload is larger than ${maxBytes} bytes`);

/** The body of a request, which is read only as fast as the API takes it. */
export class Upload {
  #request;
  /** @type {Reader} */
  #reader;
  isComplete = false;
  body;

  /**
   * @param {Request} request
   * @param {ReadableStream<Uint8Array>} source the body of `request`
   * @param {UpstreamCall} call
   * @param {(bytes: number) => ErrorResponse | undefined} onChunk is called with the size of each
   *   chunk, and returns an error to end the call
   */
  constructor(request, source, call, onChunk) {
    this.#request = request;
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

  /** Reads and drops the rest of the body, unless `toNodeHandler` does so after the response. */
  async drain() {
    if (getConnection(this.#request)) return;
    const { drain } = await import("./drain.js");
    await drain(this.#reader);
  }
}
