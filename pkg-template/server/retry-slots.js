// Slots: a proxy sees all pages of its key, so it can give each of them a time of its own.
//
// Requests pass until the quota is used up. Every other request is given the next free time, and
// comes back then, as `Retry-After` tells it to. So all of them together come at just the rate of
// the quota, first come, first served.

const MINUTE_MS = 60_000;

/**
 * How much further apart slots are than the quota asks for, so that callers who come a moment late
 * do not use up the next minute's.
 */
const SLACK = 1.005;

/** How late a caller may come for a slot: an upload takes its time. */
const GRACE_MS = 10_000;

/** The furthest slot. The SDK does not wait for longer than five minutes. */
const FURTHEST_MS = 300_000;

/** The time between two slots. */
export const slotSpacingMs = (requestsPerMinute) => (SLACK * MINUTE_MS) / requestsPerMinute;

/**
 * Rounds up, because `Retry-After` is in whole seconds and to come early would be in vain. A time
 * that is none is a second.
 */
export const retryAfterSeconds = (waitMs) =>
  Math.max(1, Math.ceil(Math.min(waitMs, FURTHEST_MS) / 1000)) || 1;

/** The requests of one key, or of one user. Times are of any clock that only goes forward. */
export class Slots {
  #perMinute;
  /** When requests passed, and the slots, in order: what counts against the quota. */
  #takenMs = [];
  /** When callers with a slot come back, in order. */
  #awaitedMs = [];

  constructor(requestsPerMinute) {
    this.#perMinute = requestsPerMinute;
  }

  /** Lets a request pass and returns 0, or returns after how many seconds to come back. */
  enter(nowMs) {
    dropUntil(this.#takenMs, nowMs - MINUTE_MS);
    dropUntil(this.#awaitedMs, nowMs - GRACE_MS);
    if (this.#awaitedMs[0] <= nowMs) {
      this.#awaitedMs.shift();
      return 0;
    }
    const isNobodyAhead = !(this.#takenMs.at(-1) > nowMs);
    if (isNobodyAhead && this.#takenMs.length < this.#perMinute) {
      this.#takenMs.push(nowMs);
      return 0;
    }
    return this.#next(nowMs);
  }

  /**
   * Takes back a request that passed, because it was not served. Returns after how many seconds
   * to come back.
   */
  refused(nowMs) {
    this.release(nowMs);
    return this.#next(nowMs);
  }

  /** Takes back a request that passed. */
  release(nowMs) {
    const passed = countUntil(this.#takenMs, nowMs);
    if (passed > 0) this.#takenMs.splice(passed - 1, 1);
  }

  isUnused(nowMs) {
    dropUntil(this.#takenMs, nowMs - MINUTE_MS);
    dropUntil(this.#awaitedMs, nowMs - GRACE_MS);
    return this.#takenMs.length + this.#awaitedMs.length === 0;
  }

  #next(nowMs) {
    const taken = this.#takenMs;
    const afterLastMs = taken.length > 0 ? taken.at(-1) + slotSpacingMs(this.#perMinute) : nowMs;
    const freeMs = taken.length < this.#perMinute ? nowMs : taken.at(-this.#perMinute) + MINUTE_MS;
    const slotMs = Math.max(afterLastMs, freeMs, nowMs);
    const seconds = retryAfterSeconds(slotMs - nowMs);
    // Slots further away are not kept, which bounds the memory.
    if (slotMs - nowMs <= FURTHEST_MS) {
      taken.push(slotMs);
      const backMs = nowMs + seconds * 1000;
      this.#awaitedMs.splice(countUntil(this.#awaitedMs, backMs), 0, backMs);
    }
    return seconds;
  }
}

function countUntil(timesMs, atMs) {
  const next = timesMs.findIndex((timeMs) => timeMs > atMs);
  return next < 0 ? timesMs.length : next;
}

function dropUntil(timesMs, atMs) {
  timesMs.splice(0, countUntil(timesMs, atMs));
}
