// References: one call for one recording and sentence, and the result as it came.

import { ThetaOne } from "../../pkg/index.js";
import { virtualClock } from "../../pkg/testing.js";
import { floatWav, toneWav } from "../support/wav.js";
import { breakStorage } from "./support/broken-storage.js";
import { ManualServer } from "./support/server.js";
import { assert, rejection, test, waitFor } from "./support/test.js";

/** Key order, unknown fields, and numbers that a careless copy would change. */
const ANALYSIS = String.raw`{"zeta":1,"speech_components":[
    {"word":"Wow","type":"word","start":0.32,"end":0.82,"score":95.0,"later":{"b":[],"a":null},
     "numbers":[1e-7,0.1,95.0,-0,9007199254740991,-9007199254740991,1e308,5e-324,0.30000000000000004],
     "feedback":"와 \u0000 \ud800 \"x\"","syllables":[{"phonemes":[{"is_stressed":false}]}]},
    {"type":"pause","is_long":true,"__proto__":{"own":true},"":0}],
    "alpha":true}`;
const GOLD = { gold_text: "Wow" };
const PERSISTENT = { references: { persist: true } };

/** Returns whether two values are identical, including key order and the sign of zero. */
function isSame(a, b) {
  if (typeof a !== "object" || a === null || b === null) return Object.is(a, b);
  const [namesOfA, namesOfB] = [Object.keys(a), Object.keys(b)];
  return (
    Array.isArray(a) === Array.isArray(b) &&
    namesOfA.length === namesOfB.length &&
    namesOfA.every((name, at) => name === namesOfB[at] && isSame(a[name], b[name]))
  );
}

const assertAnalysis = (result, message) =>
  assert.isTrue(isSame(result, JSON.parse(ANALYSIS)), message);

/** Options of a call whose `phases` grow as its progress is reported. */
function observed(more) {
  const phases = [];
  return { phases, request: { onProgress: ({ phase }) => phases.push(phase), ...more } };
}

/** Waits until the caller that observes has joined a call. */
const hasJoined = ({ phases }) => waitFor(() => phases.includes("uploading"));

/** Waits until a call waits for the lock that another tab holds. */
const waitsForLock = () => waitFor(async () => (await navigator.locks.query()).pending.length > 0);

class Page {
  server = new ManualServer();
  events = [];

  constructor(options) {
    this.client = new ThetaOne({
      baseUrl: "/api",
      retry: { maxAttempts: 1 },
      fetch: this.server.fetch,
      onEvent: (event) => {
        if (event.type === "references") this.events.push(event);
      },
      ...options,
    });
    this.references = this.client.references;
  }

  static async open(options) {
    const page = new Page(options);
    await page.client.ready();
    return page;
  }

  get(samples, options = GOLD, request) {
    return this.references.get(toneWav(samples), options, request);
  }

  has(samples, options = GOLD) {
    return this.references.has(toneWav(samples), options);
  }

  /** Gets an unknown reference from the server. */
  async learn(samples) {
    const result = this.get(samples);
    await this.server.respondToNext(200, ANALYSIS);
    return result;
  }
}

test("callers that ask for the same at the same time share one call", async () => {
  const page = await Page.open();
  const callers = Array.from({ length: 6 }, () => observed());
  const sentences = ["Wow", "Wow", "Wow", "Wow", "Wow", "Wow."];
  const results = callers.map(({ request }, n) =>
    page.get(800, { gold_text: sentences[n] }, request),
  );
  await Promise.all(callers.map(hasJoined));
  await page.server.request(2);
  assert.strictEqual(page.server.requests.length, 2);
  await page.server.respond(1, 200, ANALYSIS);
  await page.server.respond(2, 200, ANALYSIS);
  for (const result of await Promise.all(results)) assertAnalysis(result);
  // A later caller, with a copy of the bytes.
  assertAnalysis(await page.get(800));
  assert.strictEqual(page.server.requests.length, 2);
});

test("a caller that changes its result does not change that of the next", async () => {
  const page = await Page.open(PERSISTENT);
  const results = [page.get(800), page.get(800)];
  await page.server.respond(1, 200, ANALYSIS);
  for (const promise of results) {
    const result = await promise;
    assertAnalysis(result);
    result.speech_components.length = result.zeta = 0;
  }
  const again = await page.get(800);
  assertAnalysis(again);
  delete again.speech_components;
  const later = await Page.open(PERSISTENT);
  assertAnalysis(await later.get(800));
});

test("with persist, a reload costs no call and changes nothing", async () => {
  const page = await Page.open(PERSISTENT);
  await page.learn(800);
  const later = await Page.open(PERSISTENT);
  assert.isTrue(await later.has(800));
  const result = await later.get(800);
  assertAnalysis(result);
  assert.strictEqual(JSON.stringify(result), JSON.stringify(JSON.parse(ANALYSIS)));
  assert.strictEqual(later.server.requests.length, 0);
  // Without `persist`, storage is not read.
  const forgetful = await Page.open();
  assert.isFalse(await forgetful.has(800));
});

test("two tabs share one call", async () => {
  const page = await Page.open(PERSISTENT);
  const other = await Page.open(PERSISTENT);
  const results = [page.get(800)];
  await page.server.request(1);
  results.push(other.get(800));
  await waitsForLock();
  assert.strictEqual(other.server.requests.length, 0);
  await page.server.respond(1, 200, ANALYSIS);
  for (const result of await Promise.all(results)) assertAnalysis(result);
  assert.strictEqual(other.server.requests.length, 0);
});

test("when the call of one tab fails, the other tab makes its own", async () => {
  const page = await Page.open(PERSISTENT);
  const other = await Page.open(PERSISTENT);
  const outcomes = Promise.allSettled([page.get(900), other.get(900)]);
  await waitFor(() => page.server.requests.length + other.server.requests.length === 1);
  const [first, second] = page.server.requests.length === 1 ? [page, other] : [other, page];
  await first.server.respond(1, 500);
  await second.server.respond(1, 200, ANALYSIS);
  assert.sameMembers(
    (await outcomes).map(({ status }) => status),
    ["fulfilled", "rejected"],
  );
});

test("a caller can abort without ending the shared call", async () => {
  const page = await Page.open();
  const controller = new AbortController();
  const staying = observed();
  const leaving = observed({ signal: controller.signal });
  const stayed = page.get(800, GOLD, staying.request);
  const left = rejection(page.get(800, GOLD, leaving.request));
  await hasJoined(leaving);
  await hasJoined(staying);
  controller.abort();
  const error = await left;
  assert.deepEqual([error.name, error.endpoint], ["AbortError", "/analyze-native"]);
  assert.isFalse((await page.server.request(1)).isAborted);
  await page.server.respond(1, 200, ANALYSIS);
  await stayed;
});

test("the first caller can abort, and the second still gets the result", async () => {
  const page = await Page.open();
  const controller = new AbortController();
  const left = rejection(page.get(900, GOLD, observed({ signal: controller.signal }).request));
  await page.server.request(1);
  const staying = observed({ deadlineMs: 60_000 });
  const stayed = page.get(900, GOLD, staying.request);
  await hasJoined(staying);
  controller.abort();
  await left;
  await page.server.respond(1, 200, ANALYSIS);
  await stayed;
});

test("the shared call ends when its last caller is gone", async () => {
  const page = await Page.open();
  const controller = new AbortController();
  const clock = virtualClock().install();
  const callers = [observed({ signal: controller.signal }), observed({ deadlineMs: 2000 })];
  const ended = callers.map(({ request }) => rejection(page.get(1000, GOLD, request)));
  const request = await page.server.request(1);
  await Promise.all(callers.map(hasJoined));
  controller.abort();
  await ended[0];
  assert.isFalse(request.isAborted);
  await clock.advance(2000);
  await ended[1];
  await waitFor(() => request.isAborted);
  clock.uninstall();
  // The next caller starts anew.
  await page.learn(1000);
  assert.strictEqual(page.server.requests.length, 2);
});

test("all callers get a failure, and it is not stored", async () => {
  const page = await Page.open(PERSISTENT);
  const errors = [page.get(800), page.get(800)].map(rejection);
  await page.server.respond(1, 400, '{"detail":"Not all words are spoken."}');
  for (const { code } of await Promise.all(errors))
    assert.strictEqual(code, "NOT_ALL_WORDS_SPOKEN");
  assert.isFalse(await page.has(800));
  await page.learn(800);
  assert.strictEqual(page.server.requests.length, 2);
});

test("a recording that had to be converted is found again", async () => {
  const page = await Page.open();
  const first = page.references.get(floatWav(0.5), GOLD);
  await page.server.respond(1, 200, ANALYSIS);
  await first;
  await page.references.get(floatWav(0.5), GOLD);
  assert.strictEqual(page.server.requests.length, 1);
});

test("without Web Crypto, a recording is found by the same key", async () => {
  const page = await Page.open(PERSISTENT);
  await page.learn(800);
  const mend = breakStorage("no digest");
  const later = await Page.open(PERSISTENT);
  assert.isTrue(await later.has(800));
  assert.isFalse(await later.has(801));
  mend();
});

test("the least recently used references are evicted", async () => {
  const options = { references: { persist: true, maxEntries: 2 } };
  const page = await Page.open(options);
  // The times of use are compared in milliseconds.
  const nextMillisecond = () => {
    const start = Date.now();
    return waitFor(() => Date.now() > start);
  };
  for (const samples of [800, 900]) {
    await page.learn(samples);
    await nextMillisecond();
  }
  const later = await Page.open(options);
  await later.get(800);
  await nextMillisecond();
  await later.learn(1000);
  const fresh = await Page.open(PERSISTENT);
  const found = [];
  for (const samples of [800, 900, 1000]) found.push(await fresh.has(samples));
  assert.deepEqual(found, [true, false, true]);
});

for (const [where, options] of [
  ["in memory", {}],
  ["in storage", PERSISTENT],
]) {
  test(`one or all references can be deleted ${where}`, async () => {
    const page = await Page.open(options);
    for (const samples of [800, 900]) await page.learn(samples);
    assert.isTrue(await page.references.delete(toneWav(800), GOLD));
    assert.isFalse(await page.references.delete(toneWav(800), GOLD));
    assert.isFalse(await page.has(800));
    assert.isTrue(await page.has(900));
    await page.references.clear();
    assert.isFalse(await page.has(900));
  });
}

for (const [how, reason] of [
  ["missing", "unavailable"],
  ["refused", "unavailable"],
  ["full", "quota"],
]) {
  test(`storage that is ${how} causes an event, and memory is used`, async () => {
    const page = await Page.open(PERSISTENT);
    await page.references.clear();
    const mend = breakStorage(how);
    assertAnalysis(await page.learn(800));
    await page.get(800);
    assert.strictEqual(page.server.requests.length, 1, "memory is enough");
    assert.isAtLeast(page.events.length, 1);
    assert.strictEqual(page.events[0].reason, reason);
    if (reason === "unavailable") {
      const error = await rejection(page.references.clear());
      assert.strictEqual(error.name, "StorageError");
    }
    mend();
  });
}

test("all callers hear of progress, and a listener that throws stops nobody", async () => {
  const page = await Page.open();
  let reported = 0;
  globalThis.reportError = () => {
    reported++;
  };
  const first = observed();
  const { onProgress } = first.request;
  first.request.onProgress = (progress) => {
    onProgress(progress);
    throw new Error("bug of the page");
  };
  const second = observed();
  const results = [first, second].map(({ request }) => page.get(800, GOLD, request));
  // Both have to wait first: a caller that comes when the response is there gets no progress of the
  // call.
  await hasJoined(first);
  await hasJoined(second);
  await page.server.respond(1, 200, ANALYSIS);
  await Promise.all(results);
  for (const { phases } of [first, second]) assert.include(phases, "uploading");
  assert.isAtLeast(reported, 1);
});

test("invalid arguments are rejected before anything is sent", async () => {
  const page = await Page.open();
  for (const [audio, options, request, code] of [
    [toneWav(800), {}, {}, "MISSING_GOLD_TEXT"],
    [toneWav(800), { gold_text: "x", language: "en" }, {}, "INVALID_OPTIONS"],
    [null, GOLD, {}, "CONFIGURATION"],
    [toneWav(0), GOLD, {}, "INVALID_AUDIO"],
    [toneWav(800), GOLD, { retry: 3 }, "CONFIGURATION"],
    [toneWav(800), GOLD, { onProgress: 3 }, "CONFIGURATION"],
  ]) {
    const error = await rejection(page.references.get(audio, options, request));
    assert.strictEqual(error.code, code);
  }
  assert.strictEqual(page.server.requests.length, 0);
});

test("a client that is disposed of stops waiting, even for a lock, and holds none", async () => {
  const page = await Page.open(PERSISTENT);
  const call = rejection(page.get(800));
  await page.server.request(1);
  const other = await Page.open(PERSISTENT);
  const waiting = rejection(other.get(800));
  await waitsForLock();
  other.client.dispose();
  assert.strictEqual((await waiting).code, "ABORTED");
  page.client.dispose();
  assert.strictEqual((await call).code, "ABORTED");
  const third = await Page.open(PERSISTENT);
  await third.learn(800);
});
