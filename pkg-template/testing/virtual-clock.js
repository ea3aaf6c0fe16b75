// A clock whose time moves only when a test moves it.

import { load } from "../loading/load-inlined.js";
import { GlobalStubs } from "./global-stubs.js";
import { nextTask } from "./next-task.js";
import { VirtualTimers } from "./virtual-timers.js";

// Stored before this file or the test framework replaces them.
const { clearTimeout } = globalThis;
const hasNodeTimers = "setImmediate" in globalThis;
const realNow = performance.now.bind(performance);
const RealDate = Date;

/** The default start, the same in every run, because errors contain timestamps. */
const DEFAULT_START = "2026-01-01T00:00:00.000Z";
/** After this many turns of the real event loop without work, only a timer can cause progress. */
const IDLE_TURNS = 10;
/** How long work may take, in real milliseconds: less than the timeouts of test frameworks. */
const PATIENCE_MS = 4000;
/** The number of timers in a row after which an interval is assumed that nothing ends. */
const MAX_TIMERS = 20_000;

/**
 * Methods that take time but use no timer. Virtual time stands still until they are done, because
 * a call could time out while its response is read.
 * @type {[className: string, methods: string[]][]}
 */
const ASYNC_METHODS = [
  ["Blob", ["arrayBuffer", "text"]],
  ["ReadableStreamBYOBReader", ["read"]],
  ["Response", ["arrayBuffer", "json", "text"]],
  ["OfflineAudioContext", ["decodeAudioData"]],
];

/** Loads the modules that calls and recordings load on demand. */
const loadLazyModules = () =>
  Promise.allSettled([
    load(),
    import("../transcribe-long/index.js"),
    import("../outbox/index.js"),
    import("../references/index.js"),
    import("../record/start-recording.js"),
    import("../record/pcm-capture.js"),
    import("../record/live-decoder.js"),
    import("../record/watch-device.js"),
    import("../result/find-keys.js"),
    import("../upload/cross-tab-limiter.js"),
    import("../upload/fetch-fallbacks.js"),
  ]);

class VirtualClock {
  #stubs = new GlobalStubs("virtual clock");
  #patienceMs;
  #epochMs;
  #startMs = 0;
  #nowMs = 0;
  #timers = new VirtualTimers();
  /** The number of asynchronous methods that are running. */
  #running = 0;
  /** The number of them that have taken too long to wait for. */
  #stuck = 0;
  /** @type {Promise<unknown>} */
  #lastStep = Promise.resolve();

  /**
   * @param {number} epochMs
   * @param {number} patienceMs
   */
  constructor(epochMs, patienceMs) {
    this.#epochMs = epochMs;
    this.#patienceMs = patienceMs;
  }

  get now() {
    return this.#epochMs + this.elapsedMs;
  }

  get elapsedMs() {
    return this.#nowMs - this.#startMs;
  }

  get pendingTimers() {
    return this.#timers.count;
  }

  install() {
    this.#stubs.install();
    /** @type {GlobalStubs["stub"]} */
    const stub = (target, name, value) => this.#stubs.stub(target, name, value);
    // A whole number, so that durations are exact.
    this.#nowMs = this.#startMs = Math.ceil(realNow());
    stub(performance, "now", () => this.#nowMs);
    stub(globalThis, "Date", this.#createDate());
    stub(globalThis, "setTimeout", this.#createSetTimer(false));
    stub(globalThis, "setInterval", this.#createSetTimer(true));
    for (const name of ["clearTimeout", "clearInterval"])
      stub(globalThis, name, (/** @type {any} */ timer) => this.#clearTimer(timer));
    stub(AbortSignal, "timeout", (/** @type {unknown} */ ms) => this.#createTimeoutSignal(ms));
    for (const [name, methods] of ASYNC_METHODS) {
      const { prototype } = /** @type {any} */ (globalThis)[name] ?? {};
      for (const method of methods)
        if (prototype?.[method]) stub(prototype, method, this.#countRuns(prototype[method]));
    }
    return this;
  }

  uninstall() {
    this.#stubs.restore();
    this.#timers.clear();
  }

  /** @param {number} ms */
  async advance(ms) {
    if (!(Number.isFinite(ms) && ms >= 0))
      throw new TypeError("advance: the time must be a number of milliseconds, 0 or more");
    const endMs = this.#nowMs + ms;
    while (await this.#runExclusively(() => this.#runNextTimer(endMs)));
    this.#nowMs = Math.max(this.#nowMs, endMs);
  }

  async runAll() {
    const runNext = () => this.#runNextTimer(Number.POSITIVE_INFINITY);
    for (let ran = 0; await this.#runExclusively(runNext); ran++) {
      if (ran === MAX_TIMERS) throw endlessTimersError("runAll");
    }
  }

  /**
   * @template T
   * @param {PromiseLike<T>} promise
   * @returns {Promise<T>}
   */
  async until(promise) {
    let isSettled = false;
    const onSettled = () => {
      isSettled = true;
    };
    // At once: a rejection while time moves would be an unhandled one.
    Promise.resolve(promise).then(onSettled, onSettled);
    for (let ran = 0; !isSettled; ran++) {
      if (ran === MAX_TIMERS) throw endlessTimersError("until");
      await this.#runExclusively(async () => {
        if (isSettled) return;
        const isDone = () => isSettled;
        if (!(await this.#runNextTimer(Number.POSITIVE_INFINITY, isDone)))
          await this.#waitWithoutTimers(isDone);
      });
    }
    return promise;
  }

  /**
   * Runs `step` after the steps of other callers, because each has to see the effects of the last.
   * @template T
   * @param {() => Promise<T>} step
   */
  #runExclusively(step) {
    if (!this.#stubs.isInstalled) throw new Error("install() the virtual clock first");
    const result = this.#lastStep.then(step);
    this.#lastStep = result.catch(() => {});
    return result;
  }

  /**
   * Waits until nothing happens without a timer, and then runs the next timer that is due by
   * `endMs`. Returns whether there was one, or `isDone()`.
   * @param {number} endMs
   * @param {() => boolean} [isDone]
   */
  async #runNextTimer(endMs, isDone = () => false) {
    await this.#waitUntilIdle();
    if (isDone()) return true;
    const timer = this.#timers.next();
    if (!timer || timer.dueMs > endMs) return false;
    this.#nowMs = Math.max(this.#nowMs, timer.dueMs);
    this.#timers.reschedule(timer, this.#nowMs);
    timer.run();
    return true;
  }

  async #waitUntilIdle() {
    // Calls wait for these modules, and no timer may run meanwhile.
    await loadLazyModules();
    const deadlineMs = realNow() + this.#patienceMs;
    for (let idleTurns = 0; idleTurns < IDLE_TURNS; idleTurns++) {
      await nextTask();
      if (realNow() > deadlineMs) this.#stuck = this.#running;
      if (this.#running > this.#stuck) idleTurns = -1;
    }
  }

  /**
   * Waits until `isDone()`, or until there is a timer.
   * @param {() => boolean} isDone
   */
  async #waitWithoutTimers(isDone) {
    const deadlineMs = realNow() + this.#patienceMs;
    while (!isDone() && this.#timers.count === 0) {
      if (realNow() > deadlineMs) {
        throw new Error(
          "until: the promise is pending, and no timer is: what it waits for is no matter of time",
        );
      }
      await nextTask();
    }
  }

  /**
   * Returns `method`, with its runs counted.
   * @param {(...args: unknown[]) => unknown} method
   */
  #countRuns(method) {
    const clock = this;
    /**
     * @this {unknown}
     * @param {unknown[]} args
     */
    return function (...args) {
      clock.#running++;
      const onSettled = () => {
        clock.#running--;
        clock.#stuck = Math.min(clock.#stuck, clock.#running);
      };
      const result = method.apply(this, args);
      Promise.resolve(result).then(onSettled, onSettled);
      return result;
    };
  }

  /**
   * Returns a `setTimeout` or a `setInterval`.
   * @param {boolean} repeats
   */
  #createSetTimer(repeats) {
    /**
     * @param {(...args: unknown[]) => void} callback
     * @param {unknown} delay
     * @param {unknown[]} args
     */
    return (callback, delay, ...args) => {
      const id = this.#timers.add(() => callback(...args), this.#nowMs, delay, repeats);
      return hasNodeTimers ? nodeTimer(id) : id;
    };
  }

  /** @param {any} timer */
  #clearTimer(timer) {
    // A timer from before the installation. `clearTimeout` clears intervals too.
    if (!this.#timers.remove(Number(timer))) clearTimeout(timer);
  }

  /** @param {unknown} delay */
  #createTimeoutSignal(delay) {
    const controller = new AbortController();
    const abort = () =>
      controller.abort(
        new DOMException("The operation was aborted due to timeout", "TimeoutError"),
      );
    this.#timers.add(abort, this.#nowMs, delay, false);
    return controller.signal;
  }

  /** Returns a `Date` class with the virtual time. */
  #createDate() {
    const now = () => this.now;
    return new Proxy(RealDate, {
      construct: (target, args, newTarget) =>
        Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
      apply: (target) => new target(now()).toString(),
      get: (target, name) => (name === "now" ? now : Reflect.get(target, name)),
    });
  }
}

/**
 * Returns a timer as Node has them: an object.
 * @param {number} id
 */
function nodeTimer(id) {
  const timer = {
    ref: () => timer,
    unref: () => timer,
    hasRef: () => true,
    [Symbol.toPrimitive]: () => id,
  };
  return timer;
}

/** @param {string} method */
function endlessTimersError(method) {
  return new Error(
    `${method}: ${MAX_TIMERS} timers ran and there are more; ` +
      "an interval, which a recording has, never ends",
  );
}

/** @type {typeof import("../testing.js").virtualClock} */
export function virtualClock({ now = DEFAULT_START, patienceMs = PATIENCE_MS } = {}) {
  const epochMs = new RealDate(now).getTime();
  if (Number.isNaN(epochMs))
    throw new TypeError("virtualClock: now must be a date, or what new Date() takes");
  return new VirtualClock(epochMs, patienceMs);
}
