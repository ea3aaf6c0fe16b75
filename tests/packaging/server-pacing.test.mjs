// Simulates a thousand pages with one key, in virtual time. The proxy's retry slots let them return
// at the rate of the quota.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";

import { FORM } from "../server/client.mjs";
import { KEY } from "../server/upstream.mjs";
import { install } from "./installed.mjs";

const installed = install();
after(installed.remove);
const { createProxy } = await import(pathToFileURL(join(installed.folder, "server.js")));

const PAGES = 1000;
const QUOTA = 500;
const OUTAGE_MS = 60_000;
const REFILL_MS = 60_000 / QUOTA;
/** The capacity of the API's token bucket: 5 s of its quota. */
const BURST = 42;
const SERVICE_MS = 300;
const PEAK_MS = 10_000;

/** splitmix32: the same numbers on every machine. */
function randomOf(seed) {
  let state = seed;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}

/**
 * The delay in milliseconds before a page retries, after its nth attempt failed. Falsy if it gives
 * up.
 */
const CLIENTS = {
  // src/core/retry.rs: full jitter, and never before `Retry-After`.
  sdk: (n, retryAfterMs, random) =>
    n < 10 && Math.max(random() * Math.min(30_000, 1000 * 2 ** (n - 1)), retryAfterMs),
  "the vendor's recipe": (n) => n < 3 && 1000 * 2 ** (n - 1),
  "openai-node": (n, retryAfterMs, random) =>
    n < 3 &&
    (retryAfterMs > 0 && retryAfterMs < 60_000
      ? retryAfterMs
      : Math.min(8000, 500 * 2 ** (n - 1)) * (1 - 0.25 * random())),
};

/** Creates an API whose token bucket is empty for the first minute. */
function createApi(clock) {
  const api = { tokens: BURST, atMs: 0, grantedMs: [] };
  api.fetch = async () => {
    if (clock.ms < OUTAGE_MS) return new Response("busy", { status: 503 });
    api.tokens = Math.min(BURST, api.tokens + (clock.ms - api.atMs) / REFILL_MS);
    api.atMs = clock.ms;
    if (api.tokens < 1) return new Response('{"detail":"Rate limit exceeded."}', { status: 429 });
    api.tokens -= 1;
    api.grantedMs.push(clock.ms);
    return new Response("{}");
  };
  return api;
}

/**
 * Creates a limiter that counts like RateLimiterRedis of rate-limiter-flexible: in minutes that
 * start with the first request.
 */
function createSharedLimiter(clock) {
  let untilMs = 0;
  let consumedPoints = 0;
  return {
    async consume(_, points) {
      if (clock.ms >= untilMs) [untilMs, consumedPoints] = [clock.ms + 60_000, 0];
      consumedPoints += points;
      if (consumedPoints > QUOTA)
        throw { msBeforeNext: untilMs - clock.ms, consumedPoints, remainingPoints: 0 };
    },
  };
}

/**
 * Lets all pages make their calls within a second, and resolves to the results. The `instances` of
 * the proxy share a limiter.
 */
async function simulate(client, options, seed, instances = 1) {
  const random = randomOf(seed);
  const clock = { ms: 0 };
  const api = createApi(clock);
  const realNow = performance.now;
  performance.now = () => clock.ms;
  const trace = { lost: 0, sentMs: [], lastMs: 0, api };
  try {
    const shared = instances > 1 && { limiter: createSharedLimiter(clock) };
    const proxies = Array.from({ length: options ? instances : 0 }, () =>
      createProxy({ apiKey: KEY, fetch: api.fetch, ...options, ...shared }),
    );
    const queue = Array.from({ length: PAGES }, () => ({ atMs: random() * 1000, attempt: 1 }));
    while (queue.length > 0) {
      queue.sort((one, other) => other.atMs - one.atMs);
      const { atMs, attempt } = queue.pop();
      clock.ms = atMs;
      trace.sentMs.push(atMs);
      const request = new Request("http://localhost/api/theta/transcribe", {
        method: "POST",
        headers: { "sec-fetch-site": "same-origin", "content-type": FORM },
        body: "x",
      });
      const response = await (options
        ? proxies[Math.floor(random() * instances)](request)
        : api.fetch());
      await response.arrayBuffer();
      if (response.ok) {
        trace.lastMs = Math.max(trace.lastMs, atMs + SERVICE_MS);
        continue;
      }
      const retryAfterMs = Number(response.headers.get("retry-after") ?? 0) * 1000;
      const delayMs = CLIENTS[client](attempt, retryAfterMs, random);
      // The request takes some time to arrive, which varies.
      if (delayMs === false) trace.lost += 1;
      else queue.push({ atMs: atMs + delayMs + 20 + random() * 180, attempt: attempt + 1 });
    }
  } finally {
    performance.now = realNow;
  }
  return trace;
}

const IDEAL_MS = OUTAGE_MS + (PAGES - BURST) * REFILL_MS + SERVICE_MS;

function figuresOf({ lost, sentMs, lastMs, api }) {
  const sent = sentMs.filter((atMs) => atMs >= OUTAGE_MS).sort((one, other) => one - other);
  let peak = 0;
  for (let from = 0, to = 0; to < sent.length; to++) {
    while (sent[to] - sent[from] >= PEAK_MS) from++;
    peak = Math.max(peak, to - from + 1);
  }
  const offered = BURST + ((api.grantedMs.at(-1) ?? OUTAGE_MS) - OUTAGE_MS) / REFILL_MS;
  return {
    lost,
    lastWait: lastMs / IDEAL_MS,
    peak: peak / ((QUOTA * PEAK_MS) / 60_000),
    used: api.grantedMs.length / offered,
  };
}

const shown = ({ lost, lastWait, peak, used }) =>
  `${lost} lost, last result ${lastWait.toFixed(2)} ×, peak ${peak.toFixed(2)} ×, ${(used * 100).toFixed(0)} % used`;

for (const seed of [1, 2, 3]) {
  test(`slots lose no call, keep to the quota and use it (seed ${seed})`, async (t) => {
    const figures = figuresOf(await simulate("sdk", { requestsPerMinute: QUOTA }, seed));
    t.diagnostic(`the proxy and the SDK: ${shown(figures)}`);
    assert.equal(figures.lost, 0);
    assert.ok(figures.lastWait <= 1.1, shown(figures));
    assert.ok(figures.peak <= 1.1, shown(figures));
    assert.ok(figures.used >= 0.95, shown(figures));
  });
}

test("three proxies that share a limiter lose no call", async (t) => {
  const figures = figuresOf(await simulate("sdk", { requestsPerMinute: QUOTA }, 1, 3));
  t.diagnostic(`three proxies: ${shown(figures)}`);
  assert.equal(figures.lost, 0);
});

test("without slots, and with other recipes, calls are lost or the API is hammered", async (t) => {
  for (const client of Object.keys(CLIENTS)) {
    const figures = figuresOf(await simulate(client, undefined, 1));
    t.diagnostic(`${client}, without the proxy: ${shown(figures)}`);
    assert.ok(figures.lost > 0 || figures.peak > 1.1, shown(figures));
  }
});
