// Requests per minute, of the key and of each user.

import { RATE_LIMITED } from "./api.js";
import { ErrorResponse } from "./error-response.js";
import { keyPattern, redact } from "./redact.js";
import { RetrySlots, retryAfterSeconds, slotSpacingMs } from "./retry-slots.js";

/** @import { SharedLimiter } from "../server.js" */
/** @import { ValidOptions } from "./options.js" */

/** The longest wait for a shared limiter. While Redis is away, its clients wait without an end. */
const LIMITER_TIMEOUT_MS = 5000;

/** The number of keys or users from which on the idle ones are removed. */
const MIN_SWEEP_SIZE = 1000;

/**
 * True if the API did no work, so that the request does not count.
 * @param {number} status
 */
const isUnserved = (status) => status === 429 || status === 502 || status === 503;

/** @param {number} seconds */
const rateLimited = (seconds) =>
  new ErrorResponse(429, RATE_LIMITED, { "retry-after": `${seconds}` });

/**
 * Returns the rate limits of a proxy.
 * @param {ValidOptions} options
 */
export function createRateLimits({ requestsPerMinute, limiter, limiterFailure, perUser }) {
  const keys = requestsPerMinute && !limiter ? new RetrySlotsById(requestsPerMinute) : undefined;
  const users = perUser && new RetrySlotsById(perUser.requestsPerMinute);
  const shared =
    limiter && new SharedQuota(limiter, requestsPerMinute ?? limiter.points, limiterFailure);
  return {
    /**
     * Throws a 429 for a request above a limit.
     * @param {string} key
     * @param {string | undefined} userId is defined if there is a limit per user
     */
    async acquire(key, userId) {
      const userSeconds = users?.get(userId).acquire(performance.now());
      if (userSeconds) throw rateLimited(userSeconds);
      try {
        const seconds = keys?.get(key).acquire(performance.now());
        if (seconds) throw rateLimited(seconds);
        await shared?.consume(key);
      } catch (error) {
        users?.get(userId).release(performance.now());
        throw error;
      }
    },

    /**
     * Returns `Retry-After` for a response that has none, or `undefined`.
     * @param {number} status
     * @param {string} key
     */
    retryAfter(status, key) {
      return keys && isUnserved(status)
        ? `${keys.get(key).reschedule(performance.now())}`
        : undefined;
    },
  };
}

/** The retry slots of each key or user. */
class RetrySlotsById {
  #requestsPerMinute;
  /** @type {Map<string | undefined, RetrySlots>} */
  #slotsById = new Map();
  #sweepSize = MIN_SWEEP_SIZE;

  /** @param {number} requestsPerMinute */
  constructor(requestsPerMinute) {
    this.#requestsPerMinute = requestsPerMinute;
  }

  /** @param {string | undefined} id */
  get(id) {
    let slots = this.#slotsById.get(id);
    if (!slots) {
      if (this.#slotsById.size >= this.#sweepSize) this.#removeIdle();
      slots = new RetrySlots(this.#requestsPerMinute);
      this.#slotsById.set(id, slots);
    }
    return slots;
  }

  #removeIdle() {
    const nowMs = performance.now();
    for (const [id, slots] of this.#slotsById) if (slots.isIdle(nowMs)) this.#slotsById.delete(id);
    this.#sweepSize = Math.max(MIN_SWEEP_SIZE, 2 * this.#slotsById.size);
  }
}

/** The quota of a key that several instances share. */
class SharedQuota {
  #limiter;
  #perMinute;
  #onFailure;
  #isFailing = false;

  /**
   * @param {SharedLimiter} limiter
   * @param {number | undefined} perMinute
   * @param {"open" | "closed"} onFailure
   */
  constructor(limiter, perMinute, onFailure) {
    this.#limiter = limiter;
    this.#perMinute = perMinute;
    this.#onFailure = onFailure;
  }

  /** @param {string} key */
  async consume(key) {
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    const timeout = new Promise((_, reject) => {
      timer = setTimeout(
        () => reject(new Error(`no answer within ${LIMITER_TIMEOUT_MS} ms`)),
        LIMITER_TIMEOUT_MS,
      );
    });
    try {
      await Promise.race([this.#limiter.consume(await hashKey(key), 1), timeout]);
      this.#isFailing = false;
    } catch (/** @type {any} */ rejection) {
      if (typeof rejection?.msBeforeNext === "number") throw this.#quotaExceeded(rejection);
      this.#logFirstFailure(rejection, key);
      if (this.#onFailure === "closed")
        throw new ErrorResponse(503, "The proxy's rate limiter is not available");
    } finally {
      clearTimeout(timer);
    }
  }

  /** @param {{ msBeforeNext: number, consumedPoints?: number }} rejection */
  #quotaExceeded({ msBeforeNext, consumedPoints = 0 }) {
    // The number of requests that were rejected before this one.
    const perMinute = /** @type {number} */ (this.#perMinute);
    // Falls back to 0 if the limiter does not tell its quota.
    const ahead = Math.max(0, consumedPoints - perMinute - 1) || 0;
    return rateLimited(
      retryAfterSeconds(msBeforeNext + (ahead && ahead * slotSpacingMs(perMinute))),
    );
  }

  /**
   * @param {unknown} error
   * @param {string} key
   */
  #logFirstFailure(error, key) {
    if (!this.#isFailing)
      console.error(redact(`thetaone-web/server: the limiter failed: ${error}`, keyPattern(key)));
    this.#isFailing = true;
  }
}

/**
 * Returns an ID of a key that may be stored: its hash.
 * @param {string} key
 */
async function hashKey(key) {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(key));
  return Array.from(new Uint8Array(hash, 0, 16), (byte) => byte.toString(16).padStart(2, "0")).join(
    "",
  );
}
