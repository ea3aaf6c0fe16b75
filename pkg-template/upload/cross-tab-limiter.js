// Several tabs of one origin that share one rate limit. The core decides; here, tabs take turns and
// exchange the times of their requests.

import { WINDOW_MS } from "./constants.js";

/** The longest wait for what other tabs know, in milliseconds; they may be frozen. */
const RESPONSE_TIMEOUT_MS = 200;
/** The longest that another tab can close the gate for, in milliseconds: the longest `Retry-After` that is waited for. */
const MAX_PAUSE_MS = 300_000;
/** How many requests a tab tells of at most. The API's plans allow 500 in a minute. */
const MAX_REQUEST_TIMES = 1_000;
/** Tabs must round a change of the clock alike, or one request would be told as two. */
const CLOCK_STEP_MS = 1_000;

export class CrossTabLimiter {
  #name;
  #slots;
  #channel;
  #loopback;
  #onRemoteEvent;
  #requestTimes = [];
  #pausedUntil = NaN;
  #synced;
  #closing = new AbortController();
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
        this.#channel.postMessage({
          requestTimes: this.#recentTimes(),
          pausedUntil: this.#pausedUntil,
        });
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
    const onAbort = () => {
      held.forEach((lock) => lock.release());
      clearTimeout(timer);
    };
    signal.addEventListener("abort", onAbort, { once: true });
    await slot.granted;
    for (;;) {
      // Held only while the limiter is asked: a tab whose timers are throttled would hold all others up.
      const mutex = this.#mutex();
      held.add(mutex);
      await mutex.granted;
      signal.throwIfAborted();
      const ms = tryAcquire();
      if (ms === 0) await this.#broadcastRequest(Date.now());
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
  #broadcastRequest(at) {
    this.#requestTimes = [...this.#recentTimes(), at];
    // What comes back was delivered to the others too.
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, RESPONSE_TIMEOUT_MS);
      this.#loopback.onmessage = ({ data }) => {
        if (!requestTimesIn(data).includes(at)) return;
        clearTimeout(timer);
        resolve();
      };
      this.#channel.postMessage({ requestTimes: [at] });
    });
  }

  broadcastPause(until) {
    this.#adjustToClock();
    this.#pausedUntil = until;
    this.#channel.postMessage({ pausedUntil: until });
  }

  close() {
    this.#closing.abort();
    this.#channel.close();
    this.#loopback.close();
  }

  async #syncState() {
    const name = `${this.#name} tab`;
    const closed = new Promise((resolve) =>
      this.#closing.signal.addEventListener("abort", resolve),
    );
    await new Promise((resolve) => {
      navigator.locks
        .request(name, { mode: "shared" }, () => {
          resolve();
          return closed;
        })
        .catch(resolve);
    });
    const { held } = await navigator.locks.query();
    if (held.filter((lock) => lock.name === name).length < 2) return;
    await new Promise((done) => {
      const timer = setTimeout(done, RESPONSE_TIMEOUT_MS);
      const { onmessage } = this.#channel;
      this.#channel.onmessage = (event) => {
        onmessage(event);
        // Anything on the page's origin can send on the channel.
        if (!Array.isArray(event.data?.requestTimes)) return;
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
    this.#requestTimes = this.#recentTimes();
    const now = Date.now();
    for (const time of requestTimesIn(data)) {
      const at = time > now + CLOCK_STEP_MS ? now : time;
      // Told by several tabs, it still is one request.
      if (!(at > now - WINDOW_MS) || this.#requestTimes.includes(at)) continue;
      this.#requestTimes.push(at);
      this.#onRemoteEvent(Math.min(at, now), NaN);
    }
    const pausedUntil = Math.min(finiteOrNaN(data?.pausedUntil), now + MAX_PAUSE_MS);
    if (pausedUntil > now) {
      this.#pausedUntil = pausedUntil;
      this.#onRemoteEvent(NaN, pausedUntil);
    }
  }

  #recentTimes() {
    this.#adjustToClock();
    return this.#requestTimes.filter((at) => at > Date.now() - WINDOW_MS).slice(-MAX_REQUEST_TIMES);
  }

  /** Moves what was noted by the calendar, where that was set since: it is as long ago as before, and as far ahead. */
  #adjustToClock() {
    const offset = Date.now() - performance.now();
    const stepMs = Math.round((offset - this.#clockOffsetMs) / CLOCK_STEP_MS) * CLOCK_STEP_MS;
    if (stepMs === 0) return;
    this.#clockOffsetMs += stepMs;
    this.#requestTimes = this.#requestTimes.map((at) => at + stepMs);
    this.#pausedUntil += stepMs;
  }
}

/** The times of requests that a message tells. */
function requestTimesIn(data) {
  const requestTimes = data?.requestTimes;
  return Array.isArray(requestTimes)
    ? requestTimes.slice(-MAX_REQUEST_TIMES).filter(Number.isFinite)
    : [];
}

const finiteOrNaN = (value) => (Number.isFinite(value) ? value : NaN);

/** Waits for any of the locks `names`, once `ready` is done. */
class WebLock {
  #cancellation = new AbortController();
  #release;

  constructor(names, ready) {
    const held = new Promise((resolve) => {
      this.#release = resolve;
    });
    this.granted = this.#acquire(names, ready, held);
    // Nobody waits any more for a claim that was given up.
    this.granted.catch(() => {});
  }

  release() {
    this.#release?.();
    this.#cancellation.abort();
  }

  async #acquire(names, ready, held) {
    await ready;
    const { signal } = this.#cancellation;
    let isGranted = false;
    const grant = (resolve) => () => {
      // Two may come free at once; the second is given back.
      if (isGranted) return undefined;
      isGranted = true;
      resolve();
      this.#cancellation.abort();
      return held;
    };
    const requests = names.map(
      (name) =>
        new Promise((resolve, reject) =>
          navigator.locks.request(name, { signal }, grant(resolve)).catch(reject),
        ),
    );
    await Promise.any(requests);
  }
}
