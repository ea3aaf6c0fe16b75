import { getConnection } from "./connection.js";
import { ErrorResponse } from "./error-response.js";

/** @import { UpstreamCall } from "./upstream-call.js" */

/** @typedef {Pick<ReadableStreamDefaultReader<Uint8Array>, "read" | "cancel">} Reader */

/** How long, and how far, the rest of a rejected upload is read. */
const DRAIN_MS = 60_000;
const DRAIN_BYTES = 1e8;

/** @param {number} maxBytes */
export const payloadTooLarge = (maxBytes) =>
  new ErrorResponse(413, `The upload is larger than ${maxBytes} bytes`);

/** The body of a request, which is read only as fast as the API takes it. */
export class Upload {
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
    this.drain = () => drain(this.#reader, request);
    this.#reader = source.getReader();
    this.body = new ReadableStream(
      { pull: (controller) => this.#pull(controller, call, onChunk), cancel: this.drain },
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
}

/**
 * Reads and drops the rest of a body, and cancels it at a limit. Browsers read no response before
 * they have sent the whole body, and lose it if the connection is closed before.
 * @param {Reader} reader
 * @param {Request} [request] is not drained if `toNodeHandler` does so after the response
 */
export async function drain(reader, request) {
  if (request && getConnection(request)) return;
  const cancel = () => reader.cancel().catch(() => {});
  const timer = setTimeout(cancel, DRAIN_MS);
  // Only the timers of Node have `unref`.
  /** @type {{ unref?(): void }} */ (/** @type {unknown} */ (timer)).unref?.();
  let bytes = 0;
  try {
    for (let chunk; !(chunk = await reader.read()).done; ) {
      bytes += chunk.value.byteLength;
      if (bytes > DRAIN_BYTES) void cancel();
    }
  } catch {
    // The caller went away.
  }
  clearTimeout(timer);
}
