// Several tabs of one origin that share one rate limit. The core decides; here, tabs take turns and
// exchange the times of their requests.


import { WINDOW_MS } from "./constants.js";

/** The longest wait for what other tabs know, in milliseconds; they may be frozen. */
const ANSWER_MS = 200;
/** The longest that another tab can close the gate for, in milliseconds: the longest `Retry-After` that is waited for. */
const LONGEST_CLOSED_MS = 300_000;
/** How many requests a tab tells of at most. The API's plans allow 500 in a minute. */
const MOST_ENTERED = 1_000;
/** Tabs must round a change of the clock alike, or one request would be told as two. */
const CLOCK_STEP_MS = 1_000;

export class CrossTabLimiter {
  #name;
  #slots;
  #channel;
  #loopback;
  #onRemoteEvent;
  #entered = [];
  #closedUntil = NaN;
  #synced;
  #alive = new AbortController();
  /** Between the calendar, which all tabs share and anybody can set, and this tab's monotonic clock, in milliseconds. */
  #clockOffsetMs = Date.now() - performance.now();

  /** Whether there is what it takes. Frames without an origin, sandboxed ones for one, have locks and are refused them. */
  static async isSupported() {
    try {
      await navigator.locks.request("thetaone-web", { mode: "shared" }, () => {});
      return typeof BroadcastChannel === "function";
    } catch {
      return false;
    }
  }

  /** `onRemoteEvent(sentAt, pausedUntil)` is called with epoch milliseconds; NaN stands for the missing one. */
  constructor(name, slots, onRemoteEvent) {
    this.#name = `thetaone-web ${name}`;
    this.#slots = slots;
    this.#onRemoteEvent = onRemoteEvent;
    this.#channel = new BroadcastChannel(this.#name);
    // A second end in this tab: it hears what the other tabs hear.
    this.#loopback = new BroadcastChannel(this.#name);
    this.#channel.onmessage = ({ data }) => {
      if (data === "hello") {
        this.#channel.postMessage({ entered: this.#recent(), closedUntil: this.#closedUntil });
      } else {
        this.#onMessage(data);
      }
    };
    this.#synced = this.#syncState().catch(() => {});
  }

  /**
   * Waits for a slot among all tabs, and until `tryAcquire` returns 0 and not the milliseconds to
   * wait. Resolves to the slot, which the caller must `release()`. Releases everything if `signal` is
   * aborted.
   */
  async acquire(tryAcquire, signal) {
    const slot = this.#slot();
    const held = new Set([slot]);
    let timer;
    const giveUp = () => {
      held.forEach((claim) => claim.release());
      clearTimeout(timer);
    };
    signal.addEventListener("abort", giveUp, { once: true });
    await slot.granted;
    for (;;) {
      // Held only while the limiter is asked: a tab whose timers are throttled would hold all others up.
      const mutex = this.#mutex();
      held.add(mutex);
      await mutex.granted;
      signal.throwIfAborted();
      const ms = tryAcquire();
      if (ms === 0) await this.#tellEntered(Date.now());
      mutex.release();
      held.delete(mutex);
      if (ms === 0) return slot;
      await new Promise((resolve) => (timer = setTimeout(resolve, ms)));
    }
  }

  /** One of the slots that all tabs have together. */
  #slot() {
    return new WebLock(
      Array.from({ length: this.#slots }, (_, index) => `${this.#name} place ${index}`),
    );
  }

  /** Returns the lock to ask the limiter, once the state of the other tabs is known. */
  #mutex() {
    return new WebLock([`${this.#name} turn`], this.#synced);
  }

  /** Tells the others that a request goes out; done when they know. */
  #tellEntered(at) {
    this.#entered = [...this.#recent(), at];
    // What comes back was delivered to the others too.
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ANSWER_MS);
      this.#loopback.onmessage = ({ data }) => {
        if (!enteredOf(data).includes(at)) return;
        clearTimeout(timer);
        resolve();
      };
      this.#channel.postMessage({ entered: [at] });
    });
  }

  broadcastPause(until) {
    this.#followClock();
    this.#closedUntil = until;
    this.#channel.postMessage({ closedUntil: until });
  }

  close() {
    this.#alive.abort();
    this.#channel.close();
    this.#loopback.close();
  }

  async #syncState() {
    const name = `${this.#name} tab`;
    const gone = new Promise((resolve) => this.#alive.signal.addEventListener("abort", resolve));
    await new Promise((resolve) => {
      navigator.locks
        .request(name, { mode: "shared" }, () => {
          resolve();
          return gone;
        })
        .catch(resolve);
    });
    const { held } = await navigator.locks.query();
    if (held.filter((one) => one.name === name).length < 2) return;
    await new Promise((done) => {
      const timer = setTimeout(done, ANSWER_MS);
      const { onmessage } = this.#channel;
      this.#channel.onmessage = (event) => {
        onmessage(event);
        // Anything on the page's origin can send on the channel.
        if (!Array.isArray(event.data?.entered)) return;
        clearTimeout(timer);
        this.#channel.onmessage = onmessage;
        done();
      };
      this.#channel.postMessage("hello");
    });
  }

  /** Notes what another tab tells, whatever it is; nothing of it lies in the future, or closes the gate for long. */
  #onMessage(data) {
    // A tab that only listens would remember every request that others ever sent.
    this.#entered = this.#recent();
    const now = Date.now();
    for (const told of enteredOf(data)) {
      const at = told > now + CLOCK_STEP_MS ? now : told;
      // Told by several tabs, it still is one request.
      if (!(at > now - WINDOW_MS) || this.#entered.includes(at)) continue;
      this.#entered.push(at);
      this.#onRemoteEvent(Math.min(at, now), NaN);
    }
    const closedUntil = Math.min(numberOf(data?.closedUntil), now + LONGEST_CLOSED_MS);
    if (closedUntil > now) {
      this.#closedUntil = closedUntil;
      this.#onRemoteEvent(NaN, closedUntil);
    }
  }

  #recent() {
    this.#followClock();
    return this.#entered.filter((at) => at > Date.now() - WINDOW_MS).slice(-MOST_ENTERED);
  }

  /** Moves what was noted by the calendar, where that was set since: it is as long ago as before, and as far ahead. */
  #followClock() {
    const offset = Date.now() - performance.now();
    const moved = Math.round((offset - this.#clockOffsetMs) / CLOCK_STEP_MS) * CLOCK_STEP_MS;
    if (moved === 0) return;
    this.#clockOffsetMs += moved;
    this.#entered = this.#entered.map((at) => at + moved);
    this.#closedUntil += moved;
  }
}

/** The times of requests that a message tells. */
function enteredOf(data) {
  const entered = data?.entered;
  return Array.isArray(entered) ? entered.slice(-MOST_ENTERED).filter(Number.isFinite) : [];
}

const numberOf = (value) => (Number.isFinite(value) ? value : NaN);

/** Waits for any of the locks `names`, once `before` is done. */
class WebLock {
  #waiting = new AbortController();
  #release;

  constructor(names, before) {
    const held = new Promise((resolve) => {
      this.#release = resolve;
    });
    this.granted = this.#take(names, before, held);
    // Nobody waits any more for a claim that was given up.
    this.granted.catch(() => {});
  }

  release() {
    this.#release();
    this.#waiting.abort();
  }

  async #take(names, before, held) {
    await before;
    const { signal } = this.#waiting;
    let has = false;
    const take = (resolve) => () => {
      // Two may come free at once; the second is given back.
      if (has) return undefined;
      has = true;
      resolve();
      this.#waiting.abort();
      return held;
    };
    const any = names.map(
      (name) =>
        new Promise((resolve, reject) =>
          navigator.locks.request(name, { signal }, take(resolve)).catch(reject),
        ),
    );
    await Promise.any(any);
  }
}
