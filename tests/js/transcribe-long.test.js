// transcribeLong(): the parts of a long recording, what becomes of them, and how a call that failed
// is resumed.

import { ServerError, ThetaOne, ThetaOneError } from "../../pkg/index.js";
import { virtualClock } from "../../pkg/testing.js";
import { talkWav } from "../support/wav.js";
import { silentMp3, toneMp3 } from "./support/mp3.js";
import { countedController } from "./support/signals.js";
import { assert, rejection, test, waitFor } from "./support/test.js";

/** Phrases of 2, 3 and 4 s, which a limit of 5 s parts: 11 s in all. */
const threePhrases = (format) => talkWav([2, 1, 3, 1, 4], format);

/**
 * A client, and a server that transcribes a file to its seconds: "3". For a file of so many
 * seconds, `script` holds what the server does in turn: a status, or a function of this page that
 * resolves to one. It responds with 200 otherwise.
 */
class Page {
  /** Seconds, rate and channels of each file, as "3@16000x1". */
  received = [];
  underWay = 0;
  mostUnderWay = 0;
  /** The types of the client's events so far. */
  events = [];

  constructor(script = {}, options = {}) {
    this.script = Object.fromEntries(
      Object.entries(script).map(([seconds, steps]) => [seconds, [...steps]]),
    );
    this.client = new ThetaOne({
      baseUrl: "/api",
      retry: { baseDelayMs: 1 },
      fetch: (_, init) => this.#fetch(init),
      onEvent: ({ type }) => this.events.push(type),
      ...options,
    });
  }

  async #fetch(init) {
    this.mostUnderWay = Math.max(this.mostUnderWay, ++this.underWay);
    try {
      return await this.#respond(init);
    } finally {
      this.underWay--;
    }
  }

  async #respond({ body, signal }) {
    const file = body.get("file");
    const wav = new DataView(await file.arrayBuffer());
    const [channels, rate] = [wav.getUint16(22, true), wav.getUint32(24, true)];
    const [frameBytes, dataBytes] = [wav.getUint16(32, true), wav.getUint32(40, true)];
    if (file.size !== 44 + dataBytes || file.type !== "audio/wav")
      return new Response("", { status: 418 });
    const text = String(Math.round(dataBytes / frameBytes / rate));
    this.received.push(`${text}@${rate}x${channels}`);
    const step = this.script[text]?.shift() ?? 200;
    const status = typeof step === "function" ? await step(this, signal) : step;
    if (status !== 200) return new Response("", { status });
    const result = {
      text,
      text_type: text === "3" ? "ko" : "en",
      metadata: {},
      response_time_in_sec: 0.1,
      later: [null],
    };
    return new Response(JSON.stringify(result), { status });
  }

  /** Transcribes in parts of at most 5 s. */
  transcribe(audio, request) {
    return this.client.transcribeLong(audio, undefined, { maxPartSeconds: 5, ...request });
  }

  resume(partial) {
    return this.client.transcribeLong(threePhrases(), undefined, { resume: partial });
  }

  /** Sorted: parts that are sent together arrive in any order. */
  get sortedReceived() {
    return [...this.received].sort();
  }
}

/** A step: never responds. */
async function hang(_, signal) {
  await waitFor(() => signal.aborted);
  throw signal.reason;
}

/** Returns a step that responds once the client has emitted this event. */
const after =
  (event, status = 200) =>
  async (page) => {
    await waitFor(() => page.events.includes(event));
    return status;
  };

/** A step: responds once so many requests were under way together. */
const together = (count) => async (page) => {
  await waitFor(() => page.mostUnderWay === count);
  return 200;
};

const indexes = (parts) => parts.map(({ index }) => index);

test("parts are sent together, and their texts are put together", async () => {
  const page = new Page({ 2: [together(3)], 3: [together(3)], 4: [together(3)] });
  const result = await page.transcribe(threePhrases());
  assert.deepEqual(page.sortedReceived, ["2@16000x1", "3@16000x1", "4@16000x1"]);
  assert.strictEqual(page.mostUnderWay, 3);
  assert.strictEqual(result.text, "2 3 4");
  assert.strictEqual(result.text_type, "codeswitched");
  assert.strictEqual(result.durationSeconds, 11);
  const spans = [
    [0, 2.15],
    [2.85, 6.15],
    [6.85, 11],
  ];
  assert.strictEqual(result.parts.length, spans.length);
  let sentSeconds = 0;
  for (const [n, part] of result.parts.entries()) {
    assert.closeTo(part.startSeconds, spans[n][0], 0.1);
    assert.closeTo(part.endSeconds, spans[n][1], 0.1);
    sentSeconds += part.endSeconds - part.startSeconds;
    assert.isFalse(part.cutMidSpeech);
    const { text, text_type } = part;
    assert.strictEqual(
      JSON.stringify(part.result),
      JSON.stringify({ text, text_type, metadata: {}, response_time_in_sec: 0.1, later: [null] }),
    );
  }
  assert.closeTo(result.estimatedCredits, sentSeconds * 0.0004, 1e-9);
});

test("a WAV of any rate and channels is split as it is", async () => {
  const page = new Page();
  const result = await page.transcribe(threePhrases({ rate: 44_100, channels: 2 }));
  assert.deepEqual(page.sortedReceived, ["2@44100x2", "3@44100x2", "4@44100x2"]);
  assert.strictEqual(result.text, "2 3 4");
});

test("speech without a pause is split all the same, and flagged", async () => {
  const result = await new Page().transcribe(talkWav([9]));
  assert.deepEqual(
    result.parts.map(({ cutMidSpeech }) => cutMidSpeech),
    [true, false],
  );
});

test("a recording that fits one part is one plain request", async () => {
  const page = new Page();
  const result = await page.transcribe(talkWav([2, 1, 1]));
  assert.deepEqual(page.received, ["4@16000x1"]);
  assert.strictEqual(result.text, "4");
  assert.strictEqual(result.text_type, "en");
  assert.strictEqual(result.parts.length, 1);
  assert.strictEqual(result.parts[0].endSeconds, 4);
});

test("the other parts finish when one fails, and the rest can be resumed", async () => {
  const page = new Page({ 3: [500, 500, 500] });
  const error = await rejection(page.transcribe(threePhrases()));
  assert.strictEqual(Object.getPrototypeOf(error), ServerError.prototype);
  assert.strictEqual(Object.getPrototypeOf(ServerError), ThetaOneError);
  assert.strictEqual(error.attempts.length, 3);
  assert.strictEqual(page.received.length, 5);
  const { partial } = error;
  assert.deepEqual(indexes(partial.parts), [0, 2]);
  assert.deepEqual(indexes(partial.failed), [1]);
  assert.deepEqual(indexes(partial.notSent), []);
  const [failed] = partial.failed;
  assert.strictEqual(failed.error, error);
  assert.isAbove(failed.startSeconds, 2.5);
  assert.isBelow(failed.endSeconds, 6.5);

  // Spoken text must not appear in logs.
  assert.notInclude(Object.keys(error), "partial");
  assert.notInclude(JSON.stringify(error), "partial");

  const whole = await new Page().transcribe(threePhrases());
  for (const rest of [partial, JSON.parse(JSON.stringify(partial))]) {
    const resuming = new Page();
    const result = await resuming.resume(rest);
    assert.deepEqual(resuming.received, ["3@16000x1"], "only what is missing");
    assert.strictEqual(JSON.stringify(result), JSON.stringify(whole));
  }
});

test("a resumed call can fail and be resumed again", async () => {
  const first = await rejection(new Page({ 2: [400], 3: [400] }).transcribe(threePhrases()));
  assert.strictEqual(first.code, "BAD_REQUEST");
  const page = new Page({ 3: [400] });
  const second = await rejection(page.resume(first.partial));
  assert.deepEqual(indexes(second.partial.parts), [0, 2]);
  const result = await page.resume(second.partial);
  assert.strictEqual(result.text, "2 3 4");
  assert.deepEqual(page.sortedReceived, ["2@16000x1", "3@16000x1", "3@16000x1"]);
});

const ONE_AT_A_TIME = { maxConcurrent: 1 };
for (const [title, script, options, code, parts, failed, notSent] of [
  ["the first part ends all", { 2: [402] }, ONE_AT_A_TIME, "PAYMENT_REQUIRED", [], [0], [1, 2]],
  ["the second part ends the rest", { 3: [401] }, ONE_AT_A_TIME, "UNAUTHORIZED", [0], [1], [2]],
  [
    "a part that the server has is waited for",
    { 2: [402], 3: [after("failure")] },
    { maxConcurrent: 2 },
    "PAYMENT_REQUIRED",
    [1],
    [0],
    [2],
  ],
  [
    "a part that waits for its retry is not",
    { 2: [500], 3: [after("failure")], 4: [after("retry", 401)] },
    { retry: { baseDelayMs: 1e6, maxDelayMs: 1e6, jitter: "none" } },
    "UNAUTHORIZED",
    [1],
    [2],
    [0],
  ],
  [
    "a failure of one part does not hide the one that ended all",
    { 2: [400], 3: [402] },
    ONE_AT_A_TIME,
    "PAYMENT_REQUIRED",
    [],
    [0, 1],
    [2],
  ],
]) {
  test(`fatal errors stop unsent parts only: ${title}`, async () => {
    const error = await rejection(new Page(script, options).transcribe(threePhrases()));
    assert.strictEqual(error.code, code);
    assert.deepEqual(indexes(error.partial.parts), parts);
    assert.deepEqual(indexes(error.partial.failed), failed);
    assert.deepEqual(indexes(error.partial.notSent), notSent);
  });
}

for (const [title, name, deadlineMs] of [
  ["an abort", "AbortError", undefined],
  ["the deadline", "TimeoutError", 3000],
]) {
  test(`${title} ends the call at once and keeps the parts that are done`, async () => {
    const page = new Page({ 3: [hang], 4: [hang] }, { maxConcurrent: 2 });
    await page.client.ready();
    const controller = countedController();
    const clock = virtualClock();
    if (deadlineMs) clock.install();
    let partsDone = 0;
    const onProgress = (progress) => {
      ({ partsDone } = progress);
      if (partsDone === 1 && !deadlineMs) controller.abort("enough");
    };
    const ended = rejection(
      page.transcribe(threePhrases(), { signal: controller.signal, onProgress, deadlineMs }),
    );
    await waitFor(() => partsDone === 1);
    if (deadlineMs) {
      await clock.advance(deadlineMs);
      clock.uninstall();
    }
    const error = await ended;
    assert.strictEqual(error.name, name);
    assert.strictEqual(controller.listeners, 0);
    const { partial } = error;
    assert.deepEqual(indexes(partial.parts), [0]);
    assert.strictEqual(partial.failed.length + partial.notSent.length, 2);
    // The requests are aborted, too.
    await waitFor(() => page.underWay === 0);
    const result = await new Page().resume(partial);
    assert.strictEqual(result.text, "2 3 4");
  });
}

test("dispose() ends all parts", async () => {
  const page = new Page({ 2: [hang] }, ONE_AT_A_TIME);
  const ended = rejection(page.transcribe(threePhrases()));
  await waitFor(() => page.received.length === 1);
  page.client.dispose();
  assert.strictEqual((await ended).code, "ABORTED");
});

test("progress is that of the whole recording", async () => {
  const page = new Page({ 3: [500] }, { maxConcurrent: 2 });
  const reports = [];
  await page.transcribe(threePhrases(), { onProgress: (progress) => reports.push(progress) });
  assert.strictEqual(reports[0].phase, "preparing");
  assert.strictEqual(reports[0].partsTotal, 0);
  const last = reports.at(-1);
  assert.deepEqual([last.partsDone, last.partsTotal], [3, 3]);
  assert.strictEqual(last.doneSeconds, last.totalSeconds);
  assert.closeTo(last.totalSeconds, 9.6, 0.2);
  reports.slice(1).forEach((progress, n) => {
    assert.isAtLeast(progress.partsDone, reports[n].partsDone);
    assert.isAtLeast(progress.doneSeconds, reports[n].doneSeconds);
    assert.strictEqual(progress.maxAttempts, 3);
  });
  assert.isTrue(reports.some(({ attempt }) => attempt === 2));
});

test("a long MP3 is decoded, since it has to be split", async () => {
  // Silence: that it is rejected as silent shows that it was decoded.
  const page = new Page();
  const silent = await rejection(page.transcribe(silentMp3(383)));
  assert.strictEqual(silent.reason, "silent");
  delete globalThis.OfflineAudioContext;
  const undecodable = await rejection(page.transcribe(silentMp3(383)));
  assert.strictEqual(undecodable.reason, "undecodable");
  assert.include(undecodable.message, "MP3 is too long");
});

test("a short MP3 is sent as it is", async () => {
  // This server takes WAV only.
  const error = await rejection(new Page().transcribe(await toneMp3()));
  assert.strictEqual(error.status, 418);
});

const PART = { index: 0, startSeconds: 0, endSeconds: 2 };
const RESUMABLE = { durationSeconds: 11, parts: [], failed: [], notSent: [] };
for (const [title, request, message] of [
  [
    "parts that are too short",
    { maxPartSeconds: 4 },
    "request.maxPartSeconds must be a number from 5 to 55, got 4",
  ],
  ["an unknown option", { maxPartSecond: 4 }, "maxPartSeconds, resume"],
  ["a resume that is no object", { resume: true }, "request.resume must be"],
  ["a resume without members", { resume: {} }, "request.resume must be"],
  ["a resume without parts", { resume: RESUMABLE }, "request.resume must be"],
  ["a part that is null", { resume: { ...RESUMABLE, parts: [null] } }, "request.resume must be"],
  [
    "a part beyond the end",
    { resume: { ...RESUMABLE, durationSeconds: 1, failed: [PART] } },
    "request.resume must be",
  ],
  [
    "the same part twice",
    { resume: { ...RESUMABLE, failed: [PART, PART] } },
    "request.resume must be",
  ],
  [
    "a part without its result",
    { resume: { ...RESUMABLE, parts: [PART] } },
    "request.resume must be",
  ],
  [
    "another recording",
    { resume: { ...RESUMABLE, durationSeconds: 12, failed: [PART] } },
    "a recording of 12 s",
  ],
  [
    "four billion parts",
    { resume: { ...RESUMABLE, parts: new Array(4e9) } },
    "request.resume must be",
  ],
  [
    "indexes that are none",
    { resume: { ...RESUMABLE, failed: [{ index: 0.5 }], notSent: [{ index: -1 }] } },
    "request.resume must be",
  ],
  [
    "a resume that throws",
    {
      resume: new Proxy(
        {},
        {
          get() {
            throw new Error("trap");
          },
        },
      ),
    },
    "request.resume must be",
  ],
]) {
  test(`rejected before anything is sent: ${title}`, async () => {
    const page = new Page();
    const error = await rejection(page.transcribe(threePhrases(), request));
    assert.strictEqual(error.code, "CONFIGURATION");
    assert.include(error.message, message);
    assert.isUndefined(error.partial);
    assert.deepEqual(page.received, []);
  });
}

test("rejected before anything is sent: options of another method, and silence", async () => {
  const page = new Page();
  const error = await rejection(page.client.transcribeLong(threePhrases(), { gold_text: "x" }));
  assert.strictEqual(error.code, "INVALID_OPTIONS");
  const silent = await rejection(page.transcribe(talkWav([0, 12])));
  assert.strictEqual(silent.reason, "silent");
  assert.deepEqual(page.received, []);
});
