// The outbox: what is stored, what is sent again and what is removed. Two clients of one page are
// to each other as two tabs.

import { ThetaOne } from "../../pkg/index.js";
import { virtualClock } from "../../pkg/testing.js";
import { toneWav } from "../support/wav.js";
import { breakStorage } from "./support/broken-storage.js";
import { ageRecords, leaseRecords, storeRecord, storedText } from "./support/database.js";
import { ManualServer, fileOf, textFieldsOf } from "./support/server.js";
import { assert, rejection, test, waitFor } from "./support/test.js";

const RESPONSE = '{"text":"hi","speech_components":[],"user_speech_components":[]}';

class Page {
  server = new ManualServer();
  /** The events of the outbox so far. */
  events = [];

  constructor(options) {
    this.client = new ThetaOne({
      baseUrl: "https://secret-host.example",
      outbox: true,
      retry: { maxAttempts: 1 },
      fetch: this.server.fetch,
      onEvent: (event) => {
        if (event.type === "outbox") this.events.push(event);
      },
      ...options,
    });
    this.outbox = this.client.outbox;
  }

  static async open(options) {
    const page = new Page(options);
    await page.client.ready();
    return page;
  }

  static async withEmptyOutbox(options) {
    const page = await Page.open(options);
    await page.outbox.clear();
    return page;
  }

  /** Makes a call that fails with this status; returns the error. */
  async fail(status, audio = toneWav(800)) {
    const call = this.client.transcribe(audio);
    await this.server.respondToNext(status);
    return rejection(call);
  }

  /** Makes a call that succeeds. */
  async deliver(audio) {
    const call = this.client.transcribe(audio);
    await this.server.respondToNext(200, RESPONSE);
    await call;
  }

  /** Returns a member of every entry. */
  async list(member) {
    return (await this.outbox.list()).map((entry) => entry[member]);
  }

  get reasons() {
    return this.events.map(({ reason }) => reason);
  }
}

test("a recording is stored before it is sent, until its result is there", async () => {
  const page = await Page.open({
    apiKey: "sk-theta-emulated-ok",
    dangerouslyAllowBrowserKey: true,
    headers: { "x-session": "a session" },
  });
  const call = page.client.pronunciationSimple(toneWav(8000), { gold_text: "Wow", language: "en" });
  await page.server.request(1);
  const list = await page.outbox.list();
  assert.strictEqual(list.length, 1);
  const { id, createdAt, ...entry } = list[0];
  assert.strictEqual(
    JSON.stringify(entry),
    '{"method":"pronunciationSimple","state":"sending","bytes":16044,"durationSeconds":0.5,"attempts":1,' +
      '"options":{"gold_text":"Wow","language":"en"}}',
  );
  assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.strictEqual(new Date(createdAt).toISOString(), createdAt);
  const stored = await storedText();
  for (const secret of ["sk-theta", "secret-host", "a session", "x-session"])
    assert.notInclude(stored, secret);
  await page.server.respond(1, 200, RESPONSE);
  assert.strictEqual(JSON.stringify(await call), RESPONSE);
  assert.deepEqual(await page.outbox.list(), []);
  assert.deepEqual(page.reasons, []);
});

for (const [title, method, options] of [
  ["transcribe with an option", "transcribe", { suppress_korean: true }],
  ["transcribe without options", "transcribe", undefined],
  ["analyzeNative with quotes and Korean", "analyzeNative", { gold_text: '와 "Wow"' }],
  ["pronunciationSimple", "pronunciationSimple", { gold_text: "Wow", language: "ko" }],
  [
    "pronunciation with components as text",
    "pronunciation",
    { gold_text: "Wow", native_speech_components: '[ {"score": 95.0, "x": -0} ]' },
  ],
]) {
  test(`resume() sends the same bytes and fields: ${title}`, async () => {
    const page = await Page.open();
    const call = page.client[method](toneWav(1234), options);
    await page.server.respond(1, 500);
    const { outboxId } = await rejection(call);
    const later = await Page.open();
    const audio = await later.outbox.get(outboxId);
    const resumed = later.outbox.resume(outboxId);
    await later.server.respond(1, 200, RESPONSE);
    assert.strictEqual(JSON.stringify(await resumed), RESPONSE);
    const [first, second] = [await page.server.request(1), await later.server.request(1)];
    assert.strictEqual(first.url, second.url);
    assert.deepEqual(textFieldsOf(first), textFieldsOf(second));
    const bytes = await fileOf(first);
    assert.deepEqual(bytes, await fileOf(second));
    assert.deepEqual(bytes, new Uint8Array(await audio.arrayBuffer()));
    assert.deepEqual(await later.outbox.list(), []);
    const again = await rejection(later.outbox.resume(outboxId));
    assert.strictEqual(again.code, "CONFIGURATION");
    assert.strictEqual(later.server.requests.length, 1);
  });
}

test("a recording is sent by one call at a time", async () => {
  const page = await Page.open();
  const other = await Page.open();
  const call = page.client.transcribe(toneWav(800));
  await page.server.request(1);
  const [{ id }] = await page.outbox.list();
  for (const { outbox } of [page, other]) {
    const error = await rejection(outbox.resume(id));
    assert.strictEqual(error.name, "ConfigurationError");
    assert.include(error.message, "is being sent");
  }
  await page.server.respond(1, 503);
  await rejection(call);
  assert.deepEqual(await page.list("attempts"), [1]);

  const resumed = page.outbox.resume(id);
  const refused = rejection(other.outbox.resume(id));
  await page.server.respond(2, 503);
  assert.strictEqual((await refused).code, "CONFIGURATION");
  assert.strictEqual((await rejection(resumed)).outboxId, id);
  assert.deepEqual([page.server.requests.length, other.server.requests.length], [2, 0]);
  assert.deepEqual(await page.list("attempts"), [2]);
  assert.deepEqual(await page.list("state"), ["unsent"]);
});

test("a recording that another tab sends is seen by its lock", async () => {
  const page = await Page.open();
  const { outboxId } = await page.fail(500);
  const release = await new Promise((resolve) => {
    navigator.locks.request(`thetaone-web outbox ${outboxId}`, () => new Promise(resolve));
  });
  assert.deepEqual(await page.list("state"), ["sending"]);
  const error = await rejection(page.outbox.resume(outboxId));
  assert.strictEqual(error.code, "CONFIGURATION");
  release();
  await waitFor(async () => (await page.list("state"))[0] === "unsent");
  assert.deepEqual(await page.list("state"), ["unsent"]);
});

test("without Web Locks, a page does not send a recording twice at a time", async () => {
  const page = await Page.open();
  const { outboxId } = await page.fail(500);
  const mend = breakStorage("no locks");
  const first = page.outbox.resume(outboxId);
  const second = rejection(page.outbox.resume(outboxId));
  assert.strictEqual((await second).code, "CONFIGURATION");
  await page.server.respond(2, 200, RESPONSE);
  await first;
  mend();
  assert.deepEqual(await page.outbox.list(), []);
});

test("without Web Locks, a recording is leased to one page, and a page that is gone holds no lease", async () => {
  const mend = breakStorage("no locks");
  const page = await Page.open();
  const nothingIsLeased = () => waitFor(async () => !(await storedText()).includes("lease"));
  const first = page.client.transcribe(toneWav(800));
  await page.server.request(1);
  assert.include(await storedText(), "lease", "stored with the recording");
  await page.server.respond(1, 500);
  const { outboxId } = await rejection(first);
  await nothingIsLeased();

  // Another page sends it, and has renewed its lease.
  await leaseRecords(30_000);
  assert.deepEqual(await page.list("state"), ["sending"]);
  const refused = await rejection(page.outbox.resume(outboxId));
  assert.include(refused.message, "is being sent");
  assert.strictEqual(page.server.requests.length, 1);

  // The lease was renewed too long ago, or the clock was set back since.
  for (const ageMs of [91_000, -91_000, 1e12, -1e12]) {
    await leaseRecords(ageMs);
    assert.deepEqual(await page.list("state"), ["unsent"], `${ageMs}`);
    const count = page.server.requests.length + 1;
    const again = page.outbox.resume(outboxId);
    await page.server.request(count);
    const stored = await storedText();
    assert.include(stored, "lease");
    assert.notInclude(stored, "another");
    await page.server.respond(count, 503);
    assert.strictEqual((await rejection(again)).outboxId, outboxId);
    await nothingIsLeased();
  }
  const last = page.outbox.resume(outboxId);
  await page.server.respondToNext(200, RESPONSE);
  await last;
  assert.deepEqual(await page.outbox.list(), []);
  mend();
});

for (const [status, state, code] of [
  [400, "rejected", "BAD_REQUEST"],
  [413, "rejected", "PAYLOAD_TOO_LARGE"],
  [401, "unsent", "UNAUTHORIZED"],
  [402, "unsent", "PAYMENT_REQUIRED"],
  [418, "unsent", "UNEXPECTED_STATUS"],
  [429, "unsent", "RATE_LIMIT_EXCEEDED"],
  [504, "unsent", "GATEWAY_TIMEOUT"],
]) {
  test(`after a ${status}, a recording stays in the outbox as ${state}`, async () => {
    const page = await Page.open();
    const error = await page.fail(status);
    const [entry] = await page.outbox.list();
    assert.strictEqual(entry.id, error.outboxId);
    assert.strictEqual(entry.state, state);
    assert.strictEqual(entry.lastError.code, code);
    assert.strictEqual(entry.lastError.reason, error.reason);
    assert.include(JSON.stringify(error), "outboxId");
  });
}

test("timeouts, aborts and disposal leave the recording in the outbox", async () => {
  const page = await Page.open();
  // Before the calls below, and not past the time to live of the outbox.
  const clock = virtualClock({ now: Date.now() - 60_000 }).install();
  const attempt = rejection(
    page.client.transcribe(toneWav(800), undefined, { attemptTimeoutMs: 30 }),
  );
  await page.server.request(1);
  await clock.advance(30);
  assert.strictEqual((await attempt).code, "TIMEOUT");
  const late = rejection(page.client.transcribe(toneWav(800), undefined, { deadlineMs: 2000 }));
  await page.server.request(2);
  await clock.advance(2000);
  assert.strictEqual((await late).reason, "deadline");
  clock.uninstall();
  const controller = new AbortController();
  const aborted = rejection(
    page.client.transcribe(toneWav(800), undefined, { signal: controller.signal }),
  );
  await page.server.request(3);
  controller.abort();
  assert.strictEqual((await aborted).code, "ABORTED");
  const disposed = rejection(page.client.transcribe(toneWav(800)));
  await page.server.request(4);
  page.client.dispose();
  assert.strictEqual((await disposed).code, "ABORTED");
  const later = await Page.open();
  assert.deepEqual(await later.list("state"), ["unsent", "unsent", "unsent", "unsent"]);
  assert.deepEqual(
    (await later.list("lastError")).map(({ code }) => code),
    ["TIMEOUT", "TIMEOUT", "ABORTED", "ABORTED"],
  );
});

test("a recording that was discarded does not come back when its call fails", async () => {
  const page = await Page.open();
  const call = page.client.transcribe(toneWav(800));
  await page.server.request(1);
  const [{ id }] = await page.outbox.list();
  await page.outbox.discard(id);
  assert.deepEqual(await page.outbox.list(), []);
  await page.server.respond(1, 500);
  assert.isUndefined((await rejection(call)).outboxId);
  assert.deepEqual(await page.outbox.list(), []);
  assert.isUndefined(await page.outbox.get(id));
  await page.outbox.discard("never there");
});

test("an error has no outboxId when the outbox was cleared during its call", async () => {
  const page = await Page.open();
  const call = page.client.transcribe(toneWav(800));
  await page.server.request(1);
  await page.outbox.clear();
  await page.server.respond(1, 500);
  assert.isUndefined((await rejection(call)).outboxId);
});

test("a resume() with invalid options is no attempt", async () => {
  const page = await Page.open();
  const { outboxId } = await page.fail(503);
  const error = await rejection(page.outbox.resume(outboxId, { attemptTimeoutMs: -1 }));
  assert.strictEqual(error.code, "CONFIGURATION");
  assert.deepEqual(await page.list("attempts"), [1]);
  assert.deepEqual((await page.list("lastError"))[0].code, "SERVICE_UNAVAILABLE");
  assert.strictEqual(page.server.requests.length, 1);
});

// Otherwise the first entry would be billed once more when it is resumed.
for (const [what, audioOf] of [
  ["a blob", () => new Blob([toneWav(800)])],
  ["a take", ({ client }) => client.prepare(toneWav(1600))],
]) {
  test(`${what} that is sent again is stored once`, async () => {
    const page = await Page.open();
    const audio = await audioOf(page);
    const { outboxId } = await page.fail(500, audio);
    const call = page.client.transcribe(audio);
    await page.server.request(2);
    assert.deepEqual(await page.list("id"), [outboxId]);
    assert.deepEqual(await page.list("state"), ["sending"]);
    assert.deepEqual(await page.list("attempts"), [2]);
    await page.server.respond(2, 503);
    assert.strictEqual((await rejection(call)).outboxId, outboxId);
    const [entry] = await page.outbox.list();
    assert.strictEqual(entry.state, "unsent");
    assert.strictEqual(entry.lastError.code, "SERVICE_UNAVAILABLE");

    // Another client of the page has the same outbox.
    const other = await Page.open();
    await other.deliver(audio);
    assert.deepEqual(await page.outbox.list(), []);
    // Once delivered, it is a new entry.
    const { outboxId: newId } = await page.fail(500, audio);
    assert.notStrictEqual(newId, outboxId);
    assert.deepEqual(await page.list("attempts"), [1]);
    await page.deliver(audio);
    assert.deepEqual(await page.outbox.list(), []);
  });
}

test("other options, other methods and other audio are entries of their own", async () => {
  const page = await Page.open();
  const blob = new Blob([toneWav(800)]);
  for (const [method, options] of [
    ["analyzeNative", { gold_text: "Wow" }],
    ["analyzeNative", { gold_text: "Wow!" }],
    ["pronunciationSimple", { gold_text: "Wow" }],
  ]) {
    const call = page.client[method](blob, options);
    await page.server.respondToNext(500);
    await rejection(call);
  }
  // The bytes of a buffer may be others by the second call.
  const bytes = toneWav(800);
  await page.fail(500, bytes);
  await page.fail(500, bytes);
  assert.deepEqual(await page.list("attempts"), [1, 1, 1, 1, 1]);
});

test("calls with the same take at the same time are stored each", async () => {
  const page = await Page.open();
  const blob = new Blob([toneWav(800)]);
  const first = page.client.transcribe(blob);
  await page.server.request(1);
  const second = page.client.transcribe(blob);
  await page.server.request(2);
  assert.deepEqual(await page.list("state"), ["sending", "sending"]);
  const errors = [rejection(first), rejection(second)];
  await page.server.respond(1, 500);
  await page.server.respond(2, 500);
  const ids = (await Promise.all(errors)).map(({ outboxId }) => outboxId);
  assert.notStrictEqual(ids[0], ids[1]);
  assert.deepEqual(await page.list("attempts"), [1, 1]);
  await page.deliver(blob);
  assert.deepEqual(await page.list("id"), [ids[1]]);
  await page.deliver(blob);
  assert.deepEqual(await page.outbox.list(), []);
});

test("a take whose call is aborted while it is stored is stored once", async () => {
  const page = await Page.open();
  const blob = new Blob([toneWav(800)]);
  const controller = new AbortController();
  const { put } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.put = function (...args) {
    IDBObjectStore.prototype.put = put;
    controller.abort();
    return put.apply(this, args);
  };
  const error = await rejection(
    page.client.transcribe(blob, undefined, { signal: controller.signal }),
  );
  assert.strictEqual(error.code, "ABORTED");
  await page.fail(500, blob);
  assert.deepEqual(await page.list("attempts"), [2]);
});

for (const [how, remove] of [
  ["discarded", ({ outbox }, id) => outbox.discard(id)],
  ["cleared", ({ outbox }) => outbox.clear()],
  ["expired", () => ageRecords(60_000)],
]) {
  test(`a take is stored anew when its entry was ${how}`, async () => {
    const page = await Page.open({ outbox: { ttlMs: 60_000 } });
    const blob = new Blob([toneWav(800)]);
    const { outboxId } = await page.fail(500, blob);
    await remove(page, outboxId);
    const { outboxId: newId } = await page.fail(500, blob);
    assert.isString(newId);
    assert.notStrictEqual(newId, outboxId);
    assert.deepEqual(await page.list("id"), [newId]);
    assert.deepEqual(await page.list("attempts"), [1]);
  });
}

test("the oldest entries make room, and what is larger than the outbox is sent all the same", async () => {
  // Three of 8,044 bytes fit.
  const page = await Page.open({ outbox: { maxBytes: 25_000 } });
  const ids = [];
  for (let n = 0; n < 4; n++) ids.push((await page.fail(500, toneWav(4000))).outboxId);
  assert.deepEqual(page.reasons, ["evicted"]);
  assert.strictEqual(page.events[0].id, ids[0]);
  assert.deepEqual(await page.list("id"), ids.slice(1));

  const error = await page.fail(500, toneWav(16_000));
  assert.isUndefined(error.outboxId);
  assert.deepEqual(page.reasons, ["evicted", "quota"]);
  assert.strictEqual((await page.outbox.list()).length, 3);
});

test("an entry is removed when its time to live is over", async () => {
  const page = await Page.open({ outbox: { ttlMs: 60_000 } });
  const { outboxId } = await page.fail(500);
  await ageRecords(59_000);
  assert.strictEqual((await page.outbox.list()).length, 1);
  await ageRecords(1_000);
  const error = await rejection(page.outbox.resume(outboxId));
  assert.strictEqual(error.code, "CONFIGURATION");
  // A page that is opened removes it, even if it never uses its outbox.
  const later = await Page.open({ outbox: { ttlMs: 60_000 } });
  await waitFor(() => later.events.length === 1);
  assert.deepEqual(later.reasons, ["expired"]);
  assert.strictEqual(later.events[0].id, outboxId);
  assert.strictEqual(await storedText(), "[]");
});

function assertUnavailable(error) {
  assert.strictEqual(error.name, "StorageError");
  assert.strictEqual(error.reason, "unavailable");
  assert.strictEqual(error.category, "local");
}

for (const [how, reason] of [
  ["missing", "unavailable"],
  ["refused", "unavailable"],
  ["silent", "unavailable"],
  ["full", "quota"],
  ["full at the end", "quota"],
]) {
  test(`storage that is ${how} causes an event and stops no call`, async () => {
    const page = await Page.withEmptyOutbox();
    const mend = breakStorage(how);
    const call = page.client.transcribe(toneWav(800));
    await page.server.respond(1, 200, RESPONSE);
    assert.strictEqual(JSON.stringify(await call), RESPONSE);
    assert.deepEqual(page.reasons, [reason]);
    const error = await page.fail(500);
    assert.isUndefined(error.outboxId);
    assert.strictEqual(error.code, "INTERNAL_SERVER_ERROR");
    if (reason === "unavailable") {
      const { outbox } = page;
      const works = [
        outbox.list(),
        outbox.get("x"),
        outbox.resume("x"),
        outbox.discard("x"),
        outbox.clear(),
      ];
      for (const error of await Promise.all(works.map(rejection))) assertUnavailable(error);
      // By itself, because it ends what is under way.
      assertUnavailable(await rejection(page.client.dispose({ forget: true })));
    }
    mend();
    const mended = await Page.open();
    assert.deepEqual(await mended.outbox.list(), []);
  });
}

test("the outbox is off by default", async () => {
  const page = await Page.withEmptyOutbox({ outbox: undefined });
  assert.isUndefined((await page.fail(500)).outboxId);
  assert.strictEqual(await storedText(), "[]");
  const { outbox } = page;
  const works = [outbox.list(), outbox.get("x"), outbox.resume("x"), outbox.discard("x")];
  for (const error of await Promise.all(works.map(rejection)))
    assert.include(error.message, "options.outbox is off");
});

test("ids that are no text are rejected", async () => {
  const page = await Page.open();
  const { outbox } = page;
  for (const id of [undefined, null, 5, {}, Symbol(), []]) {
    const works = [outbox.get(id), outbox.resume(id), outbox.discard(id)];
    for (const { code } of await Promise.all(works.map(rejection)))
      assert.strictEqual(code, "CONFIGURATION", String(id));
  }
});

const created = () => ({ createdAt: new Date().toISOString() });
const samples = () => ({ bytes: new ArrayBuffer(44) });
for (const [title, recordOf, audioOf] of [
  ["no members", () => ({}), () => ({})],
  ["no method", created, samples],
  ["an unknown method", () => ({ ...created(), method: "steal", fields: {} }), samples],
  ["no audio", () => ({ ...created(), method: "transcribe", fields: [] }), () => ({})],
  [
    "text as audio",
    () => ({ ...created(), method: "transcribe", bytes: "5", fields: [] }),
    () => ({ type: "audio/wav", bytes: "RIFF" }),
  ],
  [
    "fields that are no pairs",
    () => ({ ...created(), method: "transcribe", fields: [[1], 2] }),
    samples,
  ],
  [
    "an unknown field",
    () => ({ ...created(), method: "transcribe", fields: [["evil", "2"]] }),
    () => ({ type: "audio/wav", ...samples() }),
  ],
]) {
  test(`a foreign record in the database is not sent: ${title}`, async () => {
    const page = await Page.open();
    await page.fail(500);
    await storeRecord({ ...recordOf(), id: "x" }, { ...audioOf(), id: "x" });
    const error = await rejection(page.outbox.resume("x"));
    assert.strictEqual(error.code, "CONFIGURATION");
    assert.strictEqual(page.server.requests.length, 1);
    await page.outbox.list();
  });
}

test("dispose({ forget: true }) ends all calls and removes everything", async () => {
  const page = await Page.open();
  await page.fail(500);
  const sent = page.client.transcribe(toneWav(800));
  await page.server.request(2);
  const beginning = page.client.transcribe(toneWav(800));
  const stopped = [sent, beginning].map(rejection);
  await page.client.dispose({ forget: true });
  for (const { code } of await Promise.all(stopped)) assert.strictEqual(code, "ABORTED");
  // A later call goes through the same steps: once it is over, nothing of the stopped ones is under
  // way.
  const later = await Page.open();
  await later.deliver(toneWav(800));
  assert.strictEqual(await storedText(), "[]");
});
