/** @import { EndpointPath } from "../index.js" */
/** @import { ProxyEvent } from "../server.js" */

/** Collects the fields of a call's `ProxyEvent`, and emits it once. */
export class CallEvent {
  /** @type {((event: ProxyEvent) => unknown) | undefined} Unset once it was called. */
  #onEvent;
  #startedMs = performance.now();
  /** @type {EndpointPath | undefined} */
  endpoint;
  /** @type {string | undefined} */
  userId;
  /** The bytes of the upload that have arrived. */
  bytes = 0;
  /** Whether the response is still being sent, so that the call ends later. */
  isStreaming = false;

  /** @param {((event: ProxyEvent) => unknown) | undefined} onEvent */
  constructor(onEvent) {
    this.#onEvent = onEvent;
  }

  /**
   * Calls `onEvent`, the first time that this is called.
   * @param {number} status
   */
  emit(status) {
    const onEvent = this.#onEvent;
    this.#onEvent = undefined;
    if (!onEvent) return;
    const { endpoint, bytes, userId } = this;
    const durationMs = performance.now() - this.#startedMs;
    void notify(onEvent, {
      endpoint,
      status,
      durationMs,
      bytes,
      ...(userId !== undefined && { userId }),
    });
  }
}

/**
 * Calls `onEvent`. Its exceptions and rejections have no effect on the call.
 * @param {(event: ProxyEvent) => unknown} onEvent
 * @param {ProxyEvent} event
 */
async function notify(onEvent, event) {
  try {
    await onEvent(event);
  } catch {
    // An error of the caller's code.
  }
}
