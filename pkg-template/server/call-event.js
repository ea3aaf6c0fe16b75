/** Collects what `onEvent` is called with, once, by `end(status)`. */
export function createReport(onEvent) {
  const startedMs = performance.now();
  return {
    endpoint: undefined,
    userId: undefined,
    bytes: 0,
    end(status) {
      if (!onEvent || this.isOver) return;
      this.isOver = true;
      const { endpoint, bytes, userId } = this;
      const durationMs = performance.now() - startedMs;
      void notify(onEvent, {
        endpoint,
        status,
        durationMs,
        bytes,
        ...(userId !== undefined && { userId }),
      });
    },
  };
}

/** Calls `onEvent`; what it throws, now or later, concerns no call. */
async function notify(onEvent, event) {
  try {
    await onEvent(event);
  } catch {
    // Not ours.
  }
}
