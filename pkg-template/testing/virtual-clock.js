// Time that moves only when a test says so.

import { load } from "../loading/load-inlined.js";
import { Replaced } from "./global-stubs.js";

// Kept from before anything was replaced, here or by the test framework.
const { MessageChannel, clearTimeout, setImmediate, setTimeout } = globalThis;
const realNow = performance.now.bind(performance);
const RealDate = Date;

/** A date like any other, and the same in every run: errors hold time stamps. */
const START = "2026-01-01T00:00:00.000Z";
/** After this many turns of the real event loop in which no work was under way, only a timer can move anything. */
const QUIET_TURNS = 10;
/** How long that work may take, in real milliseconds: less than after what test frameworks give up. */
const PATIENCE_MS = 4000;
/** More timers than this, one after the other, are an interval that nobody ends. */
const MOST_TIMERS = 20_000;

/** What takes some while and no timer. Time stands still until it is done, or a call could time out while it is read. */
const WORK = [
  ["Blob", ["arrayBuffer", "text"]],
  ["ReadableStreamBYOBReader", ["read"]],
  ["Response", ["arrayBuffer", "json", "text"]],
  ["OfflineAudioContext", ["decodeAudioData"]],
];

/** Loads what calls load on demand. */
const loaded = () =>
  Promise.allSettled([
    load(),
    import("../transcribe-long/index.js"),
    import("../outbox/index.js"),
    import("../references/index.js"),
    import("../upload/cross-tab-limiter.js"),
    import("../upload/fetch-fallbacks.js"),
  ]);

/** Lets the real event loop go round once. */
function turn() {
  return new Promise((resolve) => {
    if (setImmediate) return void setImmediate(resolve);
    // jsdom has neither.
    if (!MessageChannel) return void setTimeout(resolve);
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

class VirtualClock {
  #replaced = new Replaced("virtual clock");
  #patienceMs;
  #epoch;
  #startedAt = 0;
  #now = 0;
  #timers = new Map();
  // Far from the numbers of real timers, which may still be cleared.
  #lastId = 1e12;
  #working = 0;
  #stuck = 0;
  #lastStep = Promise.resolve();

  constructor(epoch, patienceMs) {
    this.#epoch = epoch;
    this.#patienceMs = patienceMs;
  }

  get now() {
    return this.#epoch + this.elapsedMs;
  }

  get elapsedMs() {
    return this.#now - this.#startedAt;
  }

  get pendingTimers() {
    return this.#timers.size;
  }

  install() {
    this.#replaced.begin();
    const put = (target, name, value) => this.#replaced.put(target, name, value);
    // A whole number, so that durations come out as exact ones.
    this.#now = this.#startedAt = Math.ceil(realNow());
    put(performance, "now", () => this.#now);
    put(globalThis, "Date", this.#date());
    put(globalThis, "setTimeout", (callback, ms, ...args) =>
      this.#add(() => callback(...args), ms),
    );
    put(globalThis, "setInterval", (callback, ms, ...args) =>
      this.#add(() => callback(...args), ms, true),
    );
    for (const name of ["clearTimeout", "clearInterval"])
      put(globalThis, name, (timer) => this.#clear(timer));
    put(AbortSignal, "timeout", (ms) => this.#signal(ms));
    for (const [name, methods] of WORK) {
      const { prototype } = globalThis[name] ?? {};
      for (const method of methods)
        if (prototype?.[method]) put(prototype, method, this.#watched(prototype[method]));
    }
    return this;
  }

  uninstall() {
    this.#replaced.end();
    this.#timers.clear();
  }

  async advance(ms) {
    if (!(Number.isFinite(ms) && ms >= 0))
      throw new TypeError("advance: the time must be a number of milliseconds, 0 or more");
    const end = this.#now + ms;
    while (await this.#inTurn(() => this.#step(end)));
    this.#now = Math.max(this.#now, end);
  }

  async runAll() {
    for (let fired = 0; await this.#inTurn(() => this.#step(Infinity)); fired++) {
      if (fired === MOST_TIMERS) throw endless("runAll");
    }
  }

  async until(promise) {
    let isSettled = false;
    const settled = () => {
      isSettled = true;
    };
    // At once: a rejection while time moves on would be an unhandled one.
    Promise.resolve(promise).then(settled, settled);
    for (let fired = 0; !isSettled; fired++) {
      if (fired === MOST_TIMERS) throw endless("until");
      await this.#inTurn(async () => {
        if (!isSettled && !(await this.#step(Infinity, () => isSettled)))
          await this.#waitFor(() => isSettled);
      });
    }
    return promise;
  }

  /** Steps of several callers must not mix: each has to see what came of the last. */
  #inTurn(step) {
    if (!this.#replaced.isActive) throw new Error("install() the virtual clock first");
    const mine = this.#lastStep.then(step);
    this.#lastStep = mine.catch(() => {});
    return mine;
  }

  /** Runs the next timer that is due by `end`, once all else has settled; gives whether there was one. */
  async #step(end, isEnough = () => false) {
    await this.#settle();
    if (isEnough()) return true;
    const next = this.#next();
    if (!next || next.due > end) return false;
    this.#now = Math.max(this.#now, next.due);
    if (next.every === undefined) this.#timers.delete(next.id);
    else Object.assign(next, { due: this.#now + next.every, order: ++this.#lastId });
    next.run();
    return true;
  }

  #next() {
    const isBefore = (one, other) =>
      one.due < other.due || (one.due === other.due && one.order < other.order);
    let next;
    for (const timer of this.#timers.values()) if (!next || isBefore(timer, next)) next = timer;
    return next;
  }

  async #settle() {
    // Calls wait for these, and no timer may go off meanwhile.
    await loaded();
    const patientUntil = realNow() + this.#patienceMs;
    for (let quiet = 0; quiet < QUIET_TURNS; quiet++) {
      await turn();
      if (realNow() > patientUntil) this.#stuck = this.#working;
      if (this.#working > this.#stuck) quiet = -1;
    }
  }

  /** Nothing waits for time: something else may still come. */
  async #waitFor(isDone) {
    const patientUntil = realNow() + this.#patienceMs;
    while (!isDone() && this.#timers.size === 0) {
      if (realNow() > patientUntil) {
        throw new Error(
          "until: the promise is pending, and no timer is: what it waits for is no matter of time",
        );
      }
      await turn();
    }
  }

  #watched(method) {
    const clock = this;
    return function (...args) {
      clock.#working++;
      const done = () => {
        clock.#working--;
        clock.#stuck = Math.min(clock.#stuck, clock.#working);
      };
      const work = method.apply(this, args);
      Promise.resolve(work).then(done, done);
      return work;
    };
  }

  #add(run, ms, repeats = false) {
    const id = ++this.#lastId;
    const wait = Math.max(0, Number(ms) || 0);
    // An interval of no time would never let time pass.
    this.#timers.set(id, {
      id,
      order: id,
      due: this.#now + wait,
      every: repeats ? Math.max(1, wait) : undefined,
      run,
    });
    if (!setImmediate) return id;
    // Node's timers are objects.
    const timer = {
      ref: () => timer,
      unref: () => timer,
      hasRef: () => true,
      [Symbol.toPrimitive]: () => id,
    };
    return timer;
  }

  #clear(timer) {
    // It may be from before the clock was installed; real timers are cleared alike, whichever function made them.
    if (!this.#timers.delete(Number(timer))) clearTimeout(timer);
  }

  #signal(ms) {
    const controller = new AbortController();
    this.#add(
      () =>
        controller.abort(
          new DOMException("The operation was aborted due to timeout", "TimeoutError"),
        ),
      ms,
    );
    return controller.signal;
  }

  #date() {
    const now = () => this.now;
    return new Proxy(RealDate, {
      construct: (target, args, newTarget) =>
        Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
      apply: (target) => new target(now()).toString(),
      get: (target, name) => (name === "now" ? now : Reflect.get(target, name)),
    });
  }
}

function endless(method) {
  return new Error(
    `${method}: ${MOST_TIMERS} timers ran and there are more; an interval, which a recording has, never ends`,
  );
}

/** A clock for a test; see testing.d.ts. */
export function virtualClock({ now = START, patienceMs = PATIENCE_MS } = {}) {
  const epoch = new RealDate(now).getTime();
  if (Number.isNaN(epoch))
    throw new TypeError("virtualClock: now must be a date, or what new Date() takes");
  return new VirtualClock(epoch, patienceMs);
}
