/** How long the rest of a refused upload is read: a browser reads no response before it has sent all. */
const DRAIN_MS = 60_000;

/**
 * Passes an upload on as it is asked for. Calls `onWait(true)` before and `onWait(false)` after
 * each wait for the caller, `onBytes(count)` for each chunk, and `onBroken` if the caller breaks off.
 * `onBytes` may throw, which ends the upload.
 */
export function createUpload(source, { onWait, onBytes, onBroken }) {
  const reader = source.getReader();
  let isOver = false;
  const read = async () => {
    onWait(true);
    try {
      return await reader.read();
    } catch {
      onBroken();
      throw new Error("The upload broke off");
    } finally {
      onWait(false);
    }
  };
  const body = new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await read();
        isOver ||= done;
        if (done) return controller.close();
        onBytes(value.byteLength);
        controller.enqueue(value);
      },
      cancel: () => drain(),
    },
    { highWaterMark: 0 },
  );
  /** Reads what is still coming, and drops it. */
  const drain = async () => {
    if (isOver) return;
    isOver = true;
    const timer = setTimeout(() => reader.cancel().catch(() => {}), DRAIN_MS);
    timer.unref?.();
    try {
      while (!(await reader.read()).done);
    } catch {
      // The caller is gone.
    }
    clearTimeout(timer);
  };
  return { body, drain };
}
