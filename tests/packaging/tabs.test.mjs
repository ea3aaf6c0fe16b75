// Tests of the limiter that tabs share: which requests and pauses of other tabs it remembers.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";

import { install } from "./installed.mjs";

const installed = install();
after(installed.remove);

test("a tab that only listens forgets what is older than the minute", () => {
  const { heard, longest } = installed.run(`
    import { virtualClock } from "thetaone-web/testing";
    import { CrossTabLimiter } from ${JSON.stringify(pathToFileURL(join(installed.folder, "upload/cross-tab-limiter.js")).href)};
    const clock = virtualClock().install();
    const channels = [];
    globalThis.BroadcastChannel = class {
      constructor() { channels.push(this); }
      postMessage() {}
    };
    const locks = { request: async (name, how, work) => work(), query: async () => ({ held: [] }) };
    Object.defineProperty(globalThis, "navigator", { value: { locks }, configurable: true });
    let heard = 0;
    new CrossTabLimiter("api", 4, () => heard++);
    let longest = 0;
    const { includes } = Array.prototype;
    for (let minute = 0; minute < 3; minute++) {
      for (let n = 0; n < 10; n++) {
        const data = { requestTimes: [clock.now + n] };
        Array.prototype.includes = function (...given) {
          longest = Math.max(longest, this.length);
          return includes.apply(this, given);
        };
        // A time that two tabs report counts once.
        for (let tab = 0; tab < 2; tab++) channels[0].onmessage({ data });
        Array.prototype.includes = includes;
      }
      await clock.advance(61_000);
    }
    console.log(JSON.stringify({ heard, longest }));
  `);
  assert.equal(heard, 30);
  assert.equal(longest, 10);
});

/**
 * Runs `body` with tabs whose calendar can be set: `tab(name)`, `setClock(ms)`, `pass(ms)`,
 * `say(data)`.
 */
const withTabs = (body) =>
  installed.run(`
    import { CrossTabLimiter } from ${JSON.stringify(pathToFileURL(join(installed.folder, "upload/cross-tab-limiter.js")).href)};
    let calendar = Date.UTC(2026, 10, 26, 12);
    let monotonic = 5_000;
    Date.now = () => calendar;
    performance.now = () => monotonic;
    const pass = (ms) => { calendar += ms; monotonic += ms; };
    const setClock = (ms) => (calendar += ms);
    // Each message is delivered before postMessage returns, to all others.
    const channels = new Set();
    globalThis.BroadcastChannel = class {
      constructor() { channels.add(this); }
      postMessage(data) {
        for (const other of channels) if (other !== this) other.onmessage?.({ data: structuredClone(data) });
      }
      close() { channels.delete(this); }
    };
    const held = [];
    const request = async (name, how, work) => { held.push({ name }); return work({ name }); };
    Object.defineProperty(globalThis, "navigator", { value: { locks: { request, query: async () => ({ held }) } }, configurable: true });
    /**
     * Opens a tab. Records the times that it receives, in milliseconds relative to the time of
     * receipt.
     */
    const tab = async () => {
      const heard = { entered: [], closedFor: [] };
      const joined = new CrossTabLimiter("api", 4, (entered, closedUntil) => {
        if (!Number.isNaN(entered)) heard.entered.push(entered - calendar);
        if (!Number.isNaN(closedUntil)) heard.closedFor.push(closedUntil - calendar);
      });
      const enter = () => joined.acquire(() => 0, new AbortController().signal);
      for (let turn = 0; turn < 20; turn++) await null;
      return Object.assign(heard, { enter, close: (ms) => joined.broadcastPause(calendar + ms) });
    };
    const foreign = new BroadcastChannel();
    const say = (data) => foreign.postMessage(data);
    const outcome = await (async () => { ${body} })();
    console.log(JSON.stringify(outcome));
    process.exit(0);
  `);

test("a new tab waits no longer and no shorter, whichever way the clock was set meanwhile", () => {
  const hour = 3_600_000;
  const outcome = withTabs(`
    const first = await tab();
    await first.enter();
    const told = [];
    for (const jump of [0, ${-hour}, ${24 * hour}, -90_000, 90_000, ${-400 * 24 * hour}]) {
      first.close(60_000);
      pass(10_000);
      setClock(jump);
      const { entered, closedFor } = await tab();
      told.push([jump, [...entered], [...closedFor]]);
      pass(-10_000);
    }
    return told;
  `);
  for (const [jump, entered, closedFor] of outcome) {
    // The first tab and all tabs that heard from it report the same single request, sent 10 s ago.
    assert.ok(entered.length === 1 && entered[0] === -10_000, `clock set by ${jump}: ${entered}`);
    assert.ok(closedFor.length > 0, `clock set by ${jump}`);
    for (const ms of closedFor) assert.equal(ms, 50_000, `clock set by ${jump}`);
  }
});

test("messages of other tabs are bounded, never in the future, and ignored if invalid", () => {
  const { entered, closedFor } = withTabs(`
    const heard = await tab();
    const now = Date.now();
    for (const data of [
      null, undefined, 0, "hi", [], {}, true, { requestTimes: null }, { requestTimes: 5 }, { requestTimes: "12" }, { requestTimes: { length: 2 } },
      { requestTimes: [null, "1", NaN, Infinity, -Infinity, {}, [now]] }, { pausedUntil: "soon" }, { pausedUntil: Infinity },
      { pausedUntil: [now + 1000] }, { pausedUntil: null }, { requestTimes: [now - 60_000, now - 1e12] }, { pausedUntil: now - 1 },
    ]) say(data);
    const silent = { entered: [...heard.entered], closedFor: [...heard.closedFor] };
    if (silent.entered.length + silent.closedFor.length > 0) throw new Error(JSON.stringify(silent));
    say({ requestTimes: [now + 3_600_000, now - 1_000] });
    say({ pausedUntil: now + 3_600_000 });
    say({ pausedUntil: now + 1_000 });
    say({ requestTimes: Array.from({ length: 100_000 }, (_, n) => now - 50_000 + n / 10) });
    // The tab does not forward invalid values either.
    const second = await tab();
    return { entered: [heard.entered.slice(0, 2), heard.entered.length, second.entered.length, Math.max(...second.entered)], closedFor: [heard.closedFor, second.closedFor] };
  `);
  assert.deepEqual(entered[0], [0, -1_000]);
  assert.ok(entered[1] <= 1_002 && entered[2] <= 1_002, String(entered));
  assert.ok(entered[3] <= 0);
  assert.deepEqual(closedFor[0], [300_000, 1_000]);
  for (const ms of closedFor[1]) assert.ok(ms <= 300_000);
});
