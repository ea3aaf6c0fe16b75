// Requests per minute, of the key and of each user.

import { RATE_LIMITED } from "./api.js";
import { Refusal } from "./refusal.js";
import { Slots, retryAfterSeconds, slotSpacingMs } from "./slots.js";

/** How long a shared limiter may take: a client of Redis waits without an end while Redis is away. */
const LIMITER_TIMEOUT_MS = 5000;

/** With so many keys or users, those that are idle are forgotten. */
const MIN_SWEEP_SIZE = 1000;

/** Whether the API did no work, so that the request does not count. */
const isUnserved = (status) => status === 429 || status === 502 || status === 503;

const limited = (seconds) => new Refusal(429, RATE_LIMITED, { "retry-after": `${seconds}` });

/** The limits of a proxy; `admit` throws a 429 for a request above one. */
export function createLimits({ requestsPerMinute, limiter, limiterFailure, perUser }) {
  const keys = requestsPerMinute && !limiter && new SlotsById(requestsPerMinute);
  const users = perUser && new SlotsById(perUser.requestsPerMinute);
  return {
    async admit(key, userId) {
      const userSeconds = users?.of(userId).enter(performance.now());
      if (userSeconds) throw limited(userSeconds);
      try {
        const seconds = keys && keys.of(key).enter(performance.now());
        if (seconds) throw limited(seconds);
        if (limiter) await consume(limiter, await idOf(key), requestsPerMinute, limiterFailure);
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
      this.#slots.set(id, (found = new Slots(this.#requestsPerMinute)));
    }
    return found;
  }

  #sweep() {
    const nowMs = performance.now();
    for (const [id, slots] of this.#slots) if (slots.isUnused(nowMs)) this.#slots.delete(id);
    this.#sweepSize = Math.max(MIN_SWEEP_SIZE, 2 * this.#slots.size);
  }
}

async function consume(limiter, id, requestsPerMinute, limiterFailure) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(reject, LIMITER_TIMEOUT_MS);
  });
  try {
    await Promise.race([limiter.consume(id, 1), late]);
  } catch (rejected) {
    if (typeof rejected?.msBeforeNext === "number") {
      // How many requests above the quota were refused before this one in this minute.
      const { msBeforeNext, consumedPoints = 0 } = rejected;
      const perMinute = requestsPerMinute ?? limiter.points;
      const ahead = perMinute > 0 ? Math.max(0, consumedPoints - perMinute - 1) : 0;
      throw limited(retryAfterSeconds(msBeforeNext + (ahead && ahead * slotSpacingMs(perMinute))));
    }
    if (limiterFailure === "closed") throw new Refusal(503, "The proxy's rate limiter is not available");
  } finally {
    clearTimeout(timer);
  }
}

/** A name for the quota of a key that may be stored: a hash of it. */
async function idOf(key) {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(key));
  return Array.from(new Uint8Array(hash, 0, 16), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
