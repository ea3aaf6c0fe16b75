// Tests of the virtual clock of thetaone-web/testing, and of calls that use it. Times are exact to
// the millisecond, and almost no real time passes.

import assert from "node:assert/strict";
import { after, test } from "node:test";

import { install } from "./installed.mjs";

const installed = install();
after(installed.remove);

const PRELUDE = `
  import { ThetaOne } from "thetaone-web";
  import { answers, fault, scriptedFetch, seededRandom, toneWav, virtualClock } from "thetaone-web/testing";
  const realNow = performance.now.bind(performance);
  const unhandled = [];
  process.on("unhandledRejection", (error) => unhandled.push(String(error)));
  const take = toneWav({ seconds: 0.5 });
  const clock = virtualClock().install();
  const client = (steps, options) => {
    const fetch = scriptedFetch(steps);
    return { fetch, theta: new ThetaOne({ baseUrl: "/api/theta", fetch, ...options }) };
  };
  const failure = (call) => call.then(() => { throw new Error("it did not fail"); }, (error) => error);
  const message = async (act) => {
    try { await act(); } catch (error) { return error.message; }
    return "nothing was thrown";
  };
`;
/**
 * Returns the result of a function body, which may use the declarations above. Fails if the body
 * leaves an unhandled rejection.
 */
function run(body) {
  const { outcome, unhandled, realMs } = installed.run(`
    ${PRELUDE}
    const outcome = await (async () => { ${body} })();
    clock.uninstall();
    await new Promise((resolve) => setImmediate(resolve));
    console.log(JSON.stringify({ outcome, unhandled, realMs: realNow() }));
  `);
  assert.deepEqual(unhandled, []);
  // The limit is the time that starting takes on the busiest machine.
  assert.ok(realMs < 120_000, `it took ${realMs} ms`);
  return outcome;
}

test("Retry-After is waited for, to the millisecond", () => {
  const { waited, delays, text, pending } = run(`
    const { theta, fetch } = client([
      answers.rateLimited({ retryAfterSeconds: 2 }),
      answers.serviceUnavailable({ retryAfterSeconds: new Date(Date.now() + 9_000).toUTCString() }),
      answers.transcribe({ text: "at last" }),
    ], { retry: { baseDelayMs: 1 } });
    const delays = [];
    const { text } = await clock.until(theta.transcribe(take, {}, { onProgress: ({ delayMs }) => delayMs && delays.push(delayMs) }));
    const [first, second, third] = fetch.requests.map(({ at }) => at);
    return { waited: [second - first, third - second], delays, text, pending: clock.pendingTimers };
  `);
  // The date is nine seconds after the first response, and two of these have passed.
  assert.deepEqual(waited, [2000, 7000]);
  assert.deepEqual(delays, [2000, 7000]);
  assert.equal(text, "at last");
  assert.equal(pending, 0, "the call leaves no timer behind");
});

test("jitter is what the seed says", () => {
  const [one, again, other] = run(`
    const runs = [];
    for (const seed of [7, 7, 8]) {
      const start = clock.elapsedMs;
      const random = seededRandom(seed).install();
      const { theta, fetch } = client(Array.from({ length: 4 }, () => answers.serverError()), { retry: { maxAttempts: 4 } });
      const { attempts } = await clock.until(failure(theta.transcribe(take)));
      random.uninstall();
      runs.push({ attempts, at: fetch.requests.map((request) => request.at - fetch.requests[0].at), elapsed: clock.elapsedMs - start });
    }
    return runs;
  `);
  const delays = ({ attempts }) => attempts.slice(0, 3).map(({ delayMs }) => delayMs);
  assert.deepEqual(delays(again), delays(one));
  assert.notDeepEqual(delays(other), delays(one));
  // Timers count whole milliseconds.
  const waits = delays(one).map(Math.ceil);
  const sums = waits.map((_, n) => waits.slice(0, n + 1).reduce((sum, ms) => sum + ms));
  assert.deepEqual(one.at, [0, ...sums]);
  assert.equal(one.elapsed, sums[2]);
  delays(one).forEach((delay, n) =>
    assert.ok(delay > 0 && delay < 1000 * 2 ** n, `${n}: ${delay}`),
  );
  assert.deepEqual(
    one.attempts.map(({ durationMs }) => durationMs),
    [0, 0, 0, 0],
  );
  const started = [0, ...sums].map((ms) => new Date(Date.UTC(2026, 0, 1) + ms).toISOString());
  assert.deepEqual(
    one.attempts.map(({ startedAt }) => startedAt),
    started,
  );
});

test("seeds give each its own numbers, evenly, and give Math.random back", () => {
  const {
    numbers,
    again,
    other,
    installed: replaced,
    restored,
    twice,
    wrong,
  } = run(`
    const many = (seed) => { const random = seededRandom(seed); return Array.from({ length: 2000 }, () => random.next()); };
    const { random } = Math;
    const one = seededRandom(1).install();
    const replaced = [Math.random(), Math.random()];
    const twice = await message(() => seededRandom(2).install());
    one.uninstall();
    one.uninstall();
    return { numbers: many(1), again: many(1), other: many(2), installed: replaced, restored: Math.random === random, twice,
      wrong: await message(() => seededRandom("x")) };
  `);
  assert.deepEqual(numbers, again);
  assert.notDeepEqual(numbers, other);
  assert.deepEqual(replaced, numbers.slice(0, 2));
  assert.ok(restored);
  assert.match(twice, /seeded random is installed already; uninstall/);
  assert.match(wrong, /seed must be an integer/);
  const tenths = Array(10).fill(0);
  for (const number of numbers) tenths[Math.floor(number * 10)]++;
  assert.ok(
    tenths.every((count) => count > 140 && count < 260),
    String(tenths),
  );
});

test("time limits pass in no time", () => {
  const { told, slow } = run(`
    const told = [];
    for (const options of [{}, { attemptTimeoutMs: 70_000 }, { deadlineMs: 12_345 }]) {
      const { theta, fetch } = client([fault.hang()], options);
      const start = clock.elapsedMs;
      const { name, reason } = await clock.until(failure(theta.transcribe(take)));
      told.push([name, reason, clock.elapsedMs - start, fetch.requests[0].aborted]);
    }
    const { theta } = client([{ ...answers.transcribe(), delayMs: 29_999 }]);
    const start = clock.elapsedMs;
    const slow = [(await clock.until(theta.transcribe(take))).text, clock.elapsedMs - start];
    return { told, slow };
  `);
  assert.deepEqual(told, [
    ["TimeoutError", "attempt", 30_000, true],
    ["TimeoutError", "attempt", 70_000, true],
    ["TimeoutError", "deadline", 12_345, true],
  ]);
  assert.deepEqual(slow, ["Welcome to Theta One AI!", 29_999]);
});

test("an abort ends a backoff, a request and a wait at once", () => {
  const outcomes = run(`
    const told = [];
    for (const steps of [[answers.rateLimited({ retryAfterSeconds: 60 })], [fault.hang()], [{ ...answers.transcribe(), delayMs: 20_000 }]]) {
      const { theta, fetch } = client(steps);
      const controller = new AbortController();
      const call = failure(theta.transcribe(take, {}, { signal: controller.signal }));
      await clock.advance(5000);
      const start = clock.elapsedMs;
      controller.abort("enough");
      const { name, cause, attempts } = await clock.until(call);
      told.push([name, cause, attempts.length, clock.elapsedMs - start, fetch.requests.length, clock.pendingTimers]);
    }
    const { theta } = client([fault.hang()]);
    const start = clock.elapsedMs;
    const { name, cause } = await clock.until(failure(theta.transcribe(take, {}, { signal: AbortSignal.timeout(1500) })));
    told.push([name, cause.name, clock.elapsedMs - start]);
    return told;
  `);
  assert.deepEqual(outcomes, [
    ["AbortError", "enough", 1, 0, 1, 0],
    ["AbortError", "enough", 1, 0, 1, 0],
    ["AbortError", "enough", 1, 0, 1, 0],
    ["AbortError", "TimeoutError", 1500],
  ]);
});

test("advance stops short of what is not due", () => {
  const outcome = run(`
    const { theta, fetch } = client([answers.rateLimited({ retryAfterSeconds: 3 }), answers.transcribe()], { retry: { baseDelayMs: 1 } });
    const seen = [];
    const call = theta.transcribe(take);
    for (const ms of [0, 2999, 1]) {
      await clock.advance(ms);
      seen.push(fetch.requests.length);
    }
    await call;
    return seen;
  `);
  // The wasm is loaded during the first call, which makes no difference.
  assert.deepEqual(outcome, [1, 1, 2]);
});

test("the gate's minute is a virtual one", () => {
  const at = run(`
    // The first two calls are still running when the third is queued. When they end, they wake it.
    const steps = Array.from({ length: 5 }, () => ({ ...answers.transcribe(), delayMs: 100 }));
    const { theta, fetch } = client(steps, { requestsPerMinute: 2 });
    await clock.until(Promise.all(Array.from({ length: 5 }, () => theta.transcribe(take))));
    return fetch.requests.map((request) => request.at - fetch.requests[0].at);
  `);
  assert.deepEqual(at, [0, 0, 60_000, 60_000, 120_000]);
});

test("timers run in order, with what settles between them", () => {
  const { log, elapsed, dates } = run(`
    const log = [];
    const say = (text) => log.push([text, clock.elapsedMs]);
    setTimeout(say, 20, "b");
    setTimeout(async () => { say("a"); await null; setTimeout(say, 5, "a+5"); }, 10);
    setTimeout(say, 20, "c");
    clearTimeout(setTimeout(say, 15, "never"));
    const interval = setInterval(() => { say("i"); if (log.filter(([text]) => text === "i").length === 2) clearInterval(interval); }, 12);
    setTimeout(say, undefined, "now").unref();
    await clock.advance(19);
    await clock.runAll();
    const date = new Date();
    const dates = [Date.now() - clock.now, date.toISOString(), date instanceof Date, new Date(0).getTime(), typeof Date(), Date.UTC(1970, 0, 1)];
    return { log, elapsed: clock.elapsedMs, dates };
  `);
  assert.deepEqual(log, [
    ["now", 0],
    ["a", 10],
    ["i", 12],
    ["a+5", 15],
    ["b", 20],
    ["c", 20],
    ["i", 24],
  ]);
  assert.equal(elapsed, 24);
  assert.deepEqual(dates, [0, "2026-01-01T00:00:00.024Z", true, 0, "string", 0]);
});

test("a clock that cannot go on says why", () => {
  const messages = run(`
    const patient = virtualClock({ now: "2030-05-05T00:00:00Z", patienceMs: 50 });
    const said = [await message(() => patient.advance(1)), await message(() => patient.install())];
    clock.uninstall();
    patient.install();
    said.push(new Date().getUTCFullYear(), await message(() => patient.until(new Promise(() => {}))));
    // The timeout of a body that never ends is also in virtual time.
    const body = new ReadableStream();
    const { theta } = client([]);
    const endless = new ThetaOne({ baseUrl: "/api", fetch: async () => new Response(body) });
    said.push((await patient.until(failure(endless.transcribe(take)))).reason);
    setTimeout(() => { throw new Error("thrown by a timer"); }, 5);
    said.push(await message(() => patient.advance(10)));
    setInterval(() => {}, 1000);
    said.push(await message(() => patient.runAll()), await message(() => patient.until(new Promise(() => {}))));
    said.push(await message(() => patient.advance(NaN)), await message(() => virtualClock({ now: "soon" })));
    patient.uninstall();
    return said;
  `);
  const patterns = [
    /install\(\) the virtual clock first/,
    /a virtual clock is installed already/,
    /^2030$/,
    /pending, and no timer is/,
    /^attempt$/,
    /thrown by a timer/,
    /runAll: 20000 timers ran .* an interval/,
    /until: 20000 timers ran/,
    /0 or more/,
    /must be a date/,
  ];
  assert.equal(messages.length, patterns.length);
  patterns.forEach((pattern, at) => assert.match(String(messages[at]), pattern));
});

test("the fake timers of vitest, which are sinon's, move calls as well", () => {
  const { early, at, text, code } = installed.run(`
    import FakeTimers from ${JSON.stringify(import.meta.resolve("@sinonjs/fake-timers"))};
    import { ThetaOne } from "thetaone-web";
    import { answers, fault, scriptedFetch, toneWav } from "thetaone-web/testing";
    const fetch = scriptedFetch([answers.rateLimited({ retryAfterSeconds: 3 }), answers.transcribe({ text: "hi" }), fault.hang()]);
    const theta = new ThetaOne({ baseUrl: "/api/theta", fetch, retry: { baseDelayMs: 1 } });
    // Loading takes time without timers, and these clocks do not wait for it. It is therefore done
    // first.
    await theta.ready();
    const take = await theta.prepare(toneWav());
    // Set up as vitest does. The results of the wasm return through queueMicrotask, so replacing it
    // would block them.
    const clock = FakeTimers.install({ toNotFake: ["nextTick", "queueMicrotask"] });
    const call = theta.transcribe(take);
    await clock.tickAsync(2999);
    const early = fetch.requests.length;
    await clock.tickAsync(1);
    const { text } = await call;
    const hanging = theta.transcribe(take).catch((error) => error.code);
    await clock.runAllAsync();
    const at = fetch.requests.slice(0, 2).map((request) => request.at);
    clock.uninstall();
    console.log(JSON.stringify({ early, at, text, code: await hanging }));
  `);
  assert.equal(early, 1);
  assert.equal(at[1] - at[0], 3000);
  assert.equal(text, "hi");
  assert.equal(code, "TIMEOUT");
});

test("afterwards everything is as it was", () => {
  const { changed, timer, late } = installed.run(`
    const globals = () => [globalThis, performance, Date, AbortSignal, Blob.prototype, Response.prototype]
      .flatMap((object) => Object.entries(Object.getOwnPropertyDescriptors(object)).map(([name, { value, get }]) => [name, value ?? get]));
    const { virtualClock } = await import("thetaone-web/testing");
    // Node creates some of its globals on first access.
    for (const name of Object.getOwnPropertyNames(globalThis)) void globalThis[name];
    const before = globals();
    const old = setTimeout(() => console.log("a timer that was cleared went off"), 1);
    const clock = virtualClock().install();
    const replaced = globals().filter(([, value], at) => !Object.is(value, before[at]?.[1])).map(([name]) => name);
    let late = "dropped";
    setTimeout(() => { late = "went off"; }, 0);
    clearTimeout(old);
    clock.uninstall();
    clock.uninstall();
    const changed = globals().filter(([, value], at) => !Object.is(value, before[at]?.[1])).map(([name]) => name);
    const timer = await new Promise((resolve) => setTimeout(resolve, 20, replaced.length > 5));
    console.log(JSON.stringify({ changed, timer, late }));
  `);
  assert.deepEqual(changed, []);
  assert.equal(timer, true, "real timers run again, and were replaced before");
  assert.equal(late, "dropped");
});
