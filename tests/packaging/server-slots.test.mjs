// Tests of the times at which callers above the quota return, without a clock.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";

import { install } from "./installed.mjs";

const installed = install();
after(installed.remove);
const { RetrySlots, retryAfterSeconds, slotSpacingMs } = await import(
  pathToFileURL(join(installed.folder, "server/retry-slots.js"))
);

const times = (count, call) => Array.from({ length: count }, (_, index) => call(index));

/**
 * Returns the times at which `count` requests that arrive within a second pass. Each returns when
 * the proxy says, plus `lateMs`.
 */
function passedMs(slots, count, lateMs) {
  const waiting = times(count, (page) => [(1000 * page) / count, page]);
  const passed = [];
  while (waiting.length > 0) {
    waiting.sort(([one], [other]) => other - one);
    const [nowMs, page] = waiting.pop();
    const seconds = slots.acquire(nowMs);
    if (seconds === 0) passed.push(nowMs);
    else waiting.push([nowMs + seconds * 1000 + lateMs(page), page]);
  }
  return passed;
}

test("as many as the quota holds pass at once, and the others come one after the other", () => {
  const slots = new RetrySlots(30);
  assert.deepEqual(
    times(30, () => slots.acquire(0)),
    Array(30).fill(0),
  );
  assert.deepEqual(
    times(3, () => slots.acquire(100)),
    [60, 62, 64],
  );
});

for (const [quota, count] of [
  [1, 5],
  [30, 100],
  [100, 400],
  [500, 1000],
]) {
  test(`${count} callers come back at the rate of a quota of ${quota}, and nobody twice`, () => {
    const passed = passedMs(new RetrySlots(quota), count, (page) => (page % 7) * 30);
    assert.equal(passed.length, count);
    const spacingMs = slotSpacingMs(quota);
    // One second for the rounding, and another for the burst itself.
    assert.ok(passed.at(-1) <= 60_000 + spacingMs * (count - quota) + 2200, passed.join());
    // A caller whose wait is rounded up by a second arrives with the callers of that second.
    const most = quota + Math.ceil(2000 / spacingMs);
    for (const [index, atMs] of passed.entries()) {
      const inside = passed.slice(index).filter((laterMs) => laterMs < atMs + 60_000).length;
      assert.ok(inside <= most, `${inside} in a minute`);
    }
  });
}

test("a caller that comes unasked does not get past those who wait", () => {
  const slots = new RetrySlots(1);
  assert.deepEqual([slots.acquire(0), slots.acquire(1000)], [0, 60]);
  assert.equal(slots.acquire(60_500), 61, "the slot is another's");
  assert.equal(slots.acquire(61_000), 0);
});

test("a slot that nobody came for is lost after a while, and no more than that", () => {
  const slots = new RetrySlots(2);
  assert.deepEqual([slots.acquire(0), slots.acquire(0), slots.acquire(0)], [0, 0, 60]);
  assert.deepEqual([slots.acquire(75_000), slots.acquire(75_000)], [0, 45]);
});

test("a rejected request uses no quota, and its repetition gets a slot at the rate of the quota", () => {
  const slots = new RetrySlots(60);
  assert.deepEqual(
    times(40, () => slots.acquire(0)),
    Array(40).fill(0),
  );
  const waits = times(40, () => slots.reschedule(500));
  assert.deepEqual([waits[0], waits.at(-1)], [1, 40]);
  assert.deepEqual(
    waits,
    waits.toSorted((one, other) => one - other),
  );
});

test("a request that is taken back leaves its place to another", () => {
  const slots = new RetrySlots(1);
  assert.equal(slots.acquire(0), 0);
  slots.release(10);
  assert.deepEqual([slots.acquire(20), slots.acquire(30)], [0, 61]);
});

test("nobody is sent further away than clients wait, and what is idle holds nothing", () => {
  const slots = new RetrySlots(1);
  for (const seconds of times(1000, () => slots.acquire(0))) assert.ok(seconds <= 300);
  assert.equal(slots.isIdle(1000), false);
  assert.equal(slots.isIdle(700_000), true);
});

test("a time is whole seconds, from 1 to 300, whatever it is made of", () => {
  assert.deepEqual(
    [0, -5, 1, 1000, 1001, 1e9, Infinity, NaN].map(retryAfterSeconds),
    [1, 1, 1, 1, 2, 300, 300, 1],
  );
});
