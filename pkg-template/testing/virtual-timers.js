// The timers of a virtual clock.

/**
 * A timer that is pending.
 * @typedef {object} Timer
 * @property {number} id
 * @property {number} dueMs
 * @property {number} order timers of the same time run in this order
 * @property {number | undefined} everyMs the period of an interval
 * @property {() => void} run
 */

/** The pending timers of a virtual clock. */
export class VirtualTimers {
  /** @type {Map<number, Timer>} */
  #timers = new Map();
  // Far from the IDs of real timers, which may still be cleared.
  #lastId = 1e12;

  get count() {
    return this.#timers.size;
  }

  /**
   * Adds a timer. Returns its ID.
   * @param {() => void} run
   * @param {number} nowMs
   * @param {unknown} delay
   * @param {boolean} repeats
   */
  add(run, nowMs, delay, repeats) {
    const id = ++this.#lastId;
    const delayMs = Math.max(0, Number(delay) || 0);
    // Not 0: such an interval would never let time pass.
    const everyMs = repeats ? Math.max(1, delayMs) : undefined;
    this.#timers.set(id, { id, order: id, dueMs: nowMs + delayMs, everyMs, run });
    return id;
  }

  /**
   * Removes a timer. Returns whether it was pending.
   * @param {number} id
   */
  remove(id) {
    return this.#timers.delete(id);
  }

  clear() {
    this.#timers.clear();
  }

  /** Returns the timer that is due next. */
  next() {
    /** @type {(one: Timer, other: Timer) => boolean} */
    const isBefore = (one, other) =>
      one.dueMs < other.dueMs || (one.dueMs === other.dueMs && one.order < other.order);
    /** @type {Timer | undefined} */
    let next;
    for (const timer of this.#timers.values()) if (!next || isBefore(timer, next)) next = timer;
    return next;
  }

  /**
   * Removes a timer that is about to run, or schedules the next run of an interval.
   * @param {Timer} timer
   * @param {number} nowMs
   */
  reschedule(timer, nowMs) {
    if (timer.everyMs === undefined) this.#timers.delete(timer.id);
    else Object.assign(timer, { dueMs: nowMs + timer.everyMs, order: ++this.#lastId });
  }
}
