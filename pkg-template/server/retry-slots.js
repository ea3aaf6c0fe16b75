// Retry slots. A proxy receives the requests of all pages of its key, so it can give each rejected
// request a time of its own.
//
// Requests pass until the quota is used up. Every other request gets the next free time as
// `Retry-After` and comes back then. All requests together come at exactly the rate of the quota,
// first come, first served.

const MINUTE_MS = 60_000;

/**
 * How much longer the time between slots is than the quota asks for, so that callers who come a
 * moment late do not use up the quota of the next minute.
 */
const SPACING_FACTOR = 1.005;

/** How late a caller may come for a slot, because an upload takes some time. */
const GRACE_MS = 10_000;

/** The longest time until a slot. The SDK does not wait longer than five minutes. */
const MAX_WAIT_MS = 300_000;

/**
 * Returns the time between two slots.
 * @param {number} requestsPerMinute
 */
export const slotSpacingMs = (requestsPerMinute) =>
  (SPACING_FACTOR * MINUTE_MS) / requestsPerMinute;

/**
 * Returns the value of `Retry-After`, in whole seconds. Rounds up, because a request that comes too
 * early would be rejected again. Returns one second for an invalid time.
 * @param {number} waitMs
 */
export const retryAfterSeconds = (waitMs) =>
  Math.max(1, Math.ceil(Math.min(waitMs, MAX_WAIT_MS) / 1000)) || 1;

/** The slots of one key or one user. Times are of any monotonic clock. */
export class RetrySlots {
  #perMinute;
  /**
   * The times that count against the quota, in order: of passed requests and of slots.
   * @type {number[]}
   */
  #reservedMs = [];
  /**
   * The times at which callers with a slot come back, in order.
   * @type {number[]}
   */
  #expectedMs = [];

  /** @param {number} requestsPerMinute */
  constructor(requestsPerMinute) {
    this.#perMinute = requestsPerMinute;
  }

  /**
   * Returns 0 if a request may pass now, or else the seconds after which it may come back.
   * @param {number} nowMs
   */
  acquire(nowMs) {
    this.#dropPast(nowMs);
    const [nextExpectedMs = nowMs + 1] = this.#expectedMs;
    if (nextExpectedMs <= nowMs) {
      this.#expectedMs.shift();
      return 0;
    }
    const lastMs = this.#reservedMs.at(-1) ?? nowMs;
    if (lastMs <= nowMs && this.#reservedMs.length < this.#perMinute) {
      this.#reservedMs.push(nowMs);
      return 0;
    }
    return this.#reserveNext(nowMs);
  }

  /**
   * Releases a request that passed but was not served. Returns the seconds after which it may come
   * back.
   * @param {number} nowMs
   */
  reschedule(nowMs) {
    this.release(nowMs);
    return this.#reserveNext(nowMs);
  }

  /**
   * Releases a request that passed, so that it does not count against the quota.
   * @param {number} nowMs
   */
  release(nowMs) {
    const passed = countUntil(this.#reservedMs, nowMs);
    if (passed > 0) this.#reservedMs.splice(passed - 1, 1);
  }

  /**
   * True if no request counts against the quota, and no caller is expected.
   * @param {number} nowMs
   */
  isIdle(nowMs) {
    this.#dropPast(nowMs);
    return this.#reservedMs.length + this.#expectedMs.length === 0;
  }

  /** @param {number} nowMs */
  #dropPast(nowMs) {
    dropUntil(this.#reservedMs, nowMs - MINUTE_MS);
    dropUntil(this.#expectedMs, nowMs - GRACE_MS);
  }

  /**
   * Reserves the next free slot. Returns the seconds until then.
   * @param {number} nowMs
   */
  #reserveNext(nowMs) {
    const reserved = this.#reservedMs;
    const spacingMs = slotSpacingMs(this.#perMinute);
    const afterLastMs = (reserved.at(-1) ?? nowMs - spacingMs) + spacingMs;
    // The request that leaves the window of a minute when the slot begins. `at` returns `undefined`
    // while the quota is not used up.
    const freeMs = (reserved.at(-this.#perMinute) ?? nowMs - MINUTE_MS) + MINUTE_MS;
    const slotMs = Math.max(afterLastMs, freeMs, nowMs);
    const seconds = retryAfterSeconds(slotMs - nowMs);
    // Slots further away are not stored, which limits the memory.
    if (slotMs - nowMs <= MAX_WAIT_MS) {
      reserved.push(slotMs);
      const expectedMs = nowMs + seconds * 1000;
      this.#expectedMs.splice(countUntil(this.#expectedMs, expectedMs), 0, expectedMs);
    }
    return seconds;
  }
}

/**
 * @param {number[]} timesMs
 * @param {number} untilMs
 */
function countUntil(timesMs, untilMs) {
  const next = timesMs.findIndex((timeMs) => timeMs > untilMs);
  return next < 0 ? timesMs.length : next;
}

/**
 * @param {number[]} timesMs
 * @param {number} untilMs
 */
function dropUntil(timesMs, untilMs) {
  timesMs.splice(0, countUntil(timesMs, untilMs));
}
