
/** Collects the fields of a call's `ProxyEvent`, and emits it once. */
export class CallEvent {
  #onEvent;
  #startedMs = performance.now();
  #isEmitted = false;
  endpoint;
  userId;
  /** The bytes of the upload that have arrived. */
  bytes = 0;
  /** Whether the response is still being sent, so that the call ends later. */
  isStreaming = false;

  constructor(onEvent) {
    this.#onEvent = onEvent;
  }

  /** Calls `onEvent`, the first time that this is called. */
  emit(status) {
    if (!this.#onEvent || this.#isEmitted) return;
    this.#isEmitted = true;
    const { endpoint, bytes, userId } = this;
    const durationMs = performance.now() - this.#startedMs;
    void notify(this.#onEvent, {
      endpoint,
      status,
      durationMs,
      bytes,
      ...(userId !== undefined && { userId }),
    });
  }
}

/** Calls `onEvent`. Its exceptions and rejections have no effect on the call. */
async function notify(onEvent, event) {
  try {
    await onEvent(event);
  } catch {
    // An error of the caller's code.
  }
}
