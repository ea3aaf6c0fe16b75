// Requests per minute, of the key and of each user.

import { RATE_LIMITED } from "./api.js";
import { createRedactor } from "./redact.js";
import { Refusal } from "./error-response.js";
import { Slots, retryAfterSeconds, slotSpacingMs } from "./retry-slots.js";

/**
 * How long a shared limiter may take: a client of Redis waits without an end while Redis is away.
 */
const LIMITER_TIMEOUT_MS = 5000;

/** With so many keys or users, those that are idle are forgotten. */
const MIN_SWEEP_SIZE = 1000;

/** Whether the API did no work, so that the request does not count. */
const isUnserved = (status) => status === 429 || status === 502 || status === 503;

const limited = (seconds) => new Refusal(429, RATE_LIMITED, { "retry-after": `${seconds}` });

/** The limits of a proxy; `admit` throws a 429 for a request above one. */
export function createLimits({ requestsPerMinute, limiter, limiterFailure, perUser }) {
  const keys = requestsPerMinute && !limiter ? new SlotsById(requestsPerMinute) : undefined;
  const users = perUser && new SlotsById(perUser.requestsPerMinute);
  const shared =
    limiter && new SharedLimit(limiter, requestsPerMinute ?? limiter.points, limiterFailure);
  return {
    async admit(key, userId) {
      const userSeconds = users?.of(userId).enter(performance.now());
      if (userSeconds) throw limited(userSeconds);
      try {
        const seconds = keys?.of(key).enter(performance.now());
        if (seconds) throw limited(seconds);
        await shared?.consume(key);
      } catch (refusal) {
        users?.of(userId).release(performance.now());
        throw refusal;
      }
    },

    /** Returns `Retry-After` for a response with `status` that has none, or `undefined`. */
    retryAfter(status, key) {
      return keys && isUnserved(status) ? `${keys.of(key).refused(performance.now())}` : undefined;
    },
  };
}

class SlotsById {
  #requestsPerMinute;
  #slots = new Map();
  #sweepSize = MIN_SWEEP_SIZE;

  constructor(requestsPerMinute) {
    this.#requestsPerMinute = requestsPerMinute;
  }

  of(id) {
    let found = this.#slots.get(id);
    if (!found) {
      if (this.#slots.size >= this.#sweepSize) this.#sweep();
      found = new Slots(this.#requestsPerMinute);
      this.#slots.set(id, found);
    }
    return found;
  }

  #sweep() {
    const nowMs = performance.now();
    for (const [id, slots] of this.#slots) if (slots.isUnused(nowMs)) this.#slots.delete(id);
    this.#sweepSize = Math.max(MIN_SWEEP_SIZE, 2 * this.#slots.size);
  }
}

/** The quota of a key that several instances share. */
class SharedLimit {
  #limiter;
  #perMinute;
  #failure;
  #isFailing = false;

  constructor(limiter, perMinute, failure) {
    this.#limiter = limiter;
    this.#perMinute = perMinute;
    this.#failure = failure;
  }

  async consume(key) {
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(
        () => reject(new Error(`no answer within ${LIMITER_TIMEOUT_MS} ms`)),
        LIMITER_TIMEOUT_MS,
      );
    });
    try {
      await Promise.race([this.#limiter.consume(await idOf(key), 1), late]);
      this.#isFailing = false;
    } catch (rejected) {
      if (typeof rejected?.msBeforeNext === "number") throw this.#above(rejected);
      this.#log(rejected, key);
      if (this.#failure === "closed")
        throw new Refusal(503, "The proxy's rate limiter is not available");
    } finally {
      clearTimeout(timer);
    }
  }

  #above({ msBeforeNext, consumedPoints = 0 }) {
    // How many requests were refused before this one.
    const ahead = Math.max(0, consumedPoints - this.#perMinute - 1) || 0;
    return limited(
      retryAfterSeconds(msBeforeNext + (ahead && ahead * slotSpacingMs(this.#perMinute))),
    );
  }

  /** Logs the first of several failures. */
  #log(error, key) {
    if (!this.#isFailing)
      console.error(createRedactor(key)(`thetaone-web/server: the limiter failed: ${error}`));
    this.#isFailing = true;
  }
}

/** A name for the quota of a key that may be stored: a hash of it. */
async function idOf(key) {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(key));
  return Array.from(new Uint8Array(hash, 0, 16), (byte) => byte.toString(16).padStart(2, "0")).join(
    "",
  );
}
