// Shares one rate limit among the tabs of an origin. The core decides when a request may be sent;
// here, tabs take turns and exchange the times of their requests.

import { WINDOW_MS } from "./constants.js";

/** Maximum wait for messages of other tabs, in milliseconds. The tabs may be frozen. */
const RESPONSE_TIMEOUT_MS = 200;
/** Maximum pause by another tab, in milliseconds: the longest `Retry-After` that is waited for. */
const MAX_PAUSE_MS = 300_000;
/** Maximum number of request times in a message. The API's plans allow 500 requests a minute. */
const MAX_REQUEST_TIMES = 1_000;
/**
 * The step to which changes of the clock are rounded. All tabs must round alike, or one request
 * would have two times.
 */
const CLOCK_STEP_MS = 1_000;

/**
 * Called with the time of another tab's request and the end of another tab's pause, in milliseconds
 * since the Unix epoch. NaN stands for the one that is missing.
 * @typedef {(sentAt: number, pausedUntil: number) => void} OnRemoteEvent
 */

/** This tab, joined to the other tabs of its origin. */
export class CrossTabLimiter {
  #name;
  #slots;
  #channel;
  #loopback;
  #onRemoteEvent;
  /** @type {number[]} The times of all tabs' requests within the last minute. */
  #requestTimes = [];
  #pausedUntil = NaN;
  #synced;
  #closing = new AbortController();
  /**
   * The system clock, which all tabs share and users can set, minus this tab's monotonic clock, in
   * milliseconds.
   */
  #clockOffsetMs = Date.now() - performance.now();

  /**
   * Resolves to true if this browser can share limits. Frames without an origin, such as sandboxed
   * ones, have Web Locks that always reject.
   */
  static async isSupported() {
    try {
      await navigator.locks.request("thetaone-web", { mode: "shared" }, () => {});
      return typeof BroadcastChannel === "function";
    } catch {
      return false;
    }
  }

  /**
   * @param {string} name the name of the limit: tabs with the same name share it
   * @param {number} slots the number of simultaneous requests of all tabs
   * @param {OnRemoteEvent} onRemoteEvent
   */
  constructor(name, slots, onRemoteEvent) {
    this.#name = `thetaone-web ${name}`;
    this.#slots = slots;
    this.#onRemoteEvent = onRemoteEvent;
    this.#channel = new BroadcastChannel(this.#name);
    // A second channel in this tab receives the messages that other tabs receive.
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
   * wait. Resolves to the slot, which the caller must `release()`. Releases everything if `signal`
   * is aborted.
   * @param {() => number} tryAcquire
   * @param {AbortSignal} signal
   */
  async acquire(tryAcquire, signal) {
    const slot = this.#slot();
    const held = new Set([slot]);
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    const onAbort = () => {
      held.forEach((lock) => lock.release());
      clearTimeout(timer);
    };
    signal.addEventListener("abort", onAbort, { once: true });
    await slot.granted;
    for (;;) {
      // Not held while waiting: a tab whose timers are throttled would delay all other tabs.
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

  /** Returns a lock of one of the slots that all tabs share. */
  #slot() {
    return new WebLock(
      Array.from({ length: this.#slots }, (_, index) => `${this.#name} place ${index}`),
    );
  }

  /** Returns the lock to ask the limiter, once the state of the other tabs is known. */
  #mutex() {
    return new WebLock([`${this.#name} turn`], this.#synced);
  }

  /**
   * Announces a request to the other tabs; resolves when they have received the message.
   * @param {number} at
   * @returns {Promise<void>}
   */
  #broadcastRequest(at) {
    this.#requestTimes = [...this.#recentTimes(), at];
    // A message that the loopback receives was delivered to the other tabs too.
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

  /**
   * Announces a pause to the other tabs.
   * @param {number} until milliseconds since the Unix epoch
   */
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

  /** Requests the state of the other tabs, if there are any; resolves when one has responded. */
  async #syncState() {
    const name = `${this.#name} tab`;
    const closed = new Promise((resolve) =>
      this.#closing.signal.addEventListener("abort", resolve),
    );
    await /** @type {Promise<void>} */ (
      new Promise((resolve) => {
        navigator.locks
          .request(name, { mode: "shared" }, () => {
            resolve();
            return closed;
          })
          .catch(resolve);
      })
    );
    const { held } = await navigator.locks.query();
    if (/** @type {LockInfo[]} */ (held).filter((lock) => lock.name === name).length < 2) return;
    await /** @type {Promise<void>} */ (
      new Promise((done) => {
        const timer = setTimeout(done, RESPONSE_TIMEOUT_MS);
        const { onmessage } = this.#channel;
        this.#channel.onmessage = (event) => {
          /** @type {(event: MessageEvent) => void} */ (onmessage)(event);
          // Any script of the origin can send on the channel.
          if (!Array.isArray(event.data?.requestTimes)) return;
          clearTimeout(timer);
          this.#channel.onmessage = onmessage;
          done();
        };
        this.#channel.postMessage("hello");
      })
    );
  }

  /**
   * Records the requests and the pause of another tab. Limits both, so that no time is in the
   * future and no pause is long.
   * @param {any} data any message: any script of the origin can send on the channel
   */
  #onMessage(data) {
    // Also removes old times, or a tab that only listens would keep all of them.
    this.#requestTimes = this.#recentTimes();
    const now = Date.now();
    for (const time of requestTimesIn(data)) {
      const at = time > now + CLOCK_STEP_MS ? now : time;
      // Several tabs may announce the same request.
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

  /**
   * Moves all recorded times if the clock was set, so that their distances to now stay the same.
   */
  #adjustToClock() {
    const offset = Date.now() - performance.now();
    const stepMs = Math.round((offset - this.#clockOffsetMs) / CLOCK_STEP_MS) * CLOCK_STEP_MS;
    if (stepMs === 0) return;
    this.#clockOffsetMs += stepMs;
    this.#requestTimes = this.#requestTimes.map((at) => at + stepMs);
    this.#pausedUntil += stepMs;
  }
}

/**
 * Returns the times of requests in a message, without invalid ones.
 * @param {any} data any message
 * @returns {number[]}
 */
function requestTimesIn(data) {
  const requestTimes = data?.requestTimes;
  return Array.isArray(requestTimes)
    ? requestTimes.slice(-MAX_REQUEST_TIMES).filter(Number.isFinite)
    : [];
}

/** @param {any} value */
const finiteOrNaN = (value) => (Number.isFinite(value) ? value : NaN);

/** A lock of any of several names, requested after `ready`. */
class WebLock {
  #cancellation = new AbortController();
  /** @type {((value?: unknown) => void) | undefined} */
  #release;

  /**
   * @param {string[]} names
   * @param {Promise<void>} [ready]
   */
  constructor(names, ready) {
    const held = new Promise((resolve) => {
      this.#release = resolve;
    });
    this.granted = this.#acquire(names, ready, held);
    // Rejects when the lock is released before it is granted.
    this.granted.catch(() => {});
  }

  release() {
    this.#release?.();
    this.#cancellation.abort();
  }

  /**
   * @param {string[]} names
   * @param {Promise<void> | undefined} ready
   * @param {Promise<unknown>} held pending until the lock is released
   */
  async #acquire(names, ready, held) {
    await ready;
    const { signal } = this.#cancellation;
    let isGranted = false;
    /** @param {() => void} resolve */
    const grant = (resolve) => () => {
      // Two locks may be granted at once; the second is released at once.
      if (isGranted) return undefined;
      isGranted = true;
      resolve();
      this.#cancellation.abort();
      return held;
    };
    const requests = names.map(
      (name) =>
        /** @type {Promise<void>} */ (
          new Promise((resolve, reject) =>
            navigator.locks.request(name, { signal }, grant(resolve)).catch(reject),
          )
        ),
    );
    await Promise.any(requests);
  }
}
