/**
 * How long the rest of a refused upload is read: browsers read no response before they have sent
 * all.
 */
const DRAIN_MS = 60_000;

/**
 * The body of a request, which goes up as it is asked for. `count` is called for each chunk, and
 * may return a refusal.
 */
export class Upload {
  #reader;
  #draining;
  isOver = false;
  body;

  constructor(source, exchange, count) {
    this.#reader = source.getReader();
    this.body = new ReadableStream(
      { pull: (controller) => this.#pull(controller, exchange, count), cancel: () => this.drain() },
      { highWaterMark: 0 },
    );
  }

  async #pull(controller, exchange, count) {
    const { done, value } = await this.#read(exchange);
    if (done) {
      this.isOver = true;
      return controller.close();
    }
    const refusal = count(value.byteLength);
    if (refusal) {
      exchange.fail(refusal);
      throw new Error(refusal.detail);
    }
    controller.enqueue(value);
  }

  async #read(exchange) {
    exchange.isWaitingForCaller = true;
    exchange.startClock();
    try {
      return await this.#reader.read();
    } catch {
      exchange.leave();
      throw new Error("The upload broke off");
    } finally {
      exchange.isWaitingForCaller = false;
      exchange.startClock();
    }
  }

  /** Reads what is still coming, and drops it. */
  drain() {
    this.#draining ??= this.isOver ? Promise.resolve() : this.#drain();
    return this.#draining;
  }

  async #drain() {
    await drain(this.#reader);
    this.isOver = true;
  }
}

/**
 * Reads what is still coming and drops it, for a limited time. Callers read the response only then,
 * and a connection that is closed before takes the response with it.
 */
export async function drain(reader) {
  const timer = setTimeout(() => reader.cancel().catch(() => {}), DRAIN_MS);
  timer.unref?.();
  try {
    while (!(await reader.read()).done);
  } catch {
    // The caller is gone.
  }
  clearTimeout(timer);
}
