// Runs the rows of the table, in a page or in Node. Several run at the same time, because most of
// them wait most of the time.

import assert from "node:assert/strict";
import { record } from "./measured.mjs";
import { expectedOf, ROWS } from "./table.mjs";

/**
 * The time within which every call must settle, with all its attempts. On an idle machine, no row
 * needs a tenth of it.
 */
const SETTLED_WITHIN_MS = 90_000;
/** The timeout of attempts that get a response. */
const ATTEMPT_MS = 30_000;
/**
 * The timeouts of attempts that get no response or no body. The longer ones are tried if a busy
 * machine has not received the head within the shorter.
 */
const SLOW_ATTEMPT_MS = [1_000, 4_000, 12_000];
/**
 * The times between the head and the break of a body that breaks off. A busy browser may read both
 * at once, and report only the break. Then the next time is tried.
 */
const BREAK_AFTER_MS = [100, 1_000, 5_000];
/**
 * Returns how many rows run at the same time. A browser opens up to six connections to a server.
 * WebKit's driver runs one script at a time. Recorded times are those of a row that runs alone.
 */
export const concurrencyOf = (engine) => (engine === "webkit" || process.env.FAULTS_RECORD ? 1 : 4);
/**
 * The most bytes that a server may write for one request. Without a limit, it would write as many
 * as the time allows. Browsers receive more than a page reads, and report the progress of an
 * XMLHttpRequest only now and then.
 */
const MOST_BYTES = { node: 64 << 20, fetch: 1 << 30, xhr: 1 << 30 };

/**
 * Makes one call, and a second one on the same client, which must succeed. Runs in a page as well,
 * so it uses nothing from outside. `load` is the path or URL of the package's folder.
 */
export async function oneCall({
  load,
  baseUrl,
  id,
  isWatched,
  attemptTimeoutMs,
  options,
  hasCanary,
  settledWithinMs,
}) {
  const [{ ThetaOne }, { toneWav }] = await Promise.all([
    import(`${load}/index.js`),
    import(`${load}/testing.js`),
  ]);
  let fault = id;
  const client = new ThetaOne({
    baseUrl,
    maxConcurrent: 1,
    attemptTimeoutMs,
    retry: { maxAttempts: 2, baseDelayMs: 1 },
    headers: () => ({ "x-fault": fault, "x-token": "secret" }),
    ...options,
  });
  await client.ready();
  const sent = [];
  const request = isWatched
    ? { onProgress: ({ sentBytes }) => sentBytes !== undefined && sent.push(sentBytes) }
    : {};
  const settled = (call) => {
    const late = new Promise((resolve) =>
      setTimeout(resolve, settledWithinMs, { name: "not settled" }),
    );
    const outcomeOfError = ({ name, code, reason, status, attempts, retryAfterMs, message }) => ({
      name,
      code,
      reason: reason ?? null,
      status,
      attempts: attempts?.length,
      retryAfterMs: retryAfterMs ?? null,
      message,
    });
    return Promise.race([
      call.then(() => ({ name: "success", attempts: 0 }), outcomeOfError),
      late,
    ]);
  };
  const audio = toneWav({ seconds: 10 });
  const began = performance.now();
  const outcome = await settled(client.transcribe(audio, {}, request));
  const tookMs = Math.round(performance.now() - began);
  fault = "none";
  const canary = hasCanary
    ? (await settled(client.transcribe(audio, {}, request))).name
    : "success";
  client.dispose();
  return { ...outcome, tookMs, canary, sent };
}

/**
 * Runs every row as a subtest of `t`, whose option `concurrency` is `concurrencyOf(engine)`. `call`
 * runs `oneCall` where the package is. `check` is called with each outcome.
 */
export async function runRows(t, { transport, engine, server, call, check }) {
  const run = (row) =>
    t.test(`${row.group}: ${row.title}`, async () => {
      const found = await runRow(row, transport, engine, server, call);
      record(engine, transport, row, found);
      check?.(found);
    });
  // While the server resets every connection, nothing else can run.
  for (const row of ROWS.filter(({ isRefused }) => isRefused)) await run(row);
  await Promise.all(ROWS.filter(({ isRefused }) => !isRefused).map(run));
}

/** Runs one row through `call`, and compares the outcome with the table. */
async function runRow(row, transport, engine, server, call) {
  const expected = expectedOf(row, transport, engine);
  const limits = (expected.isSlow ?? row.isSlow) ? SLOW_ATTEMPT_MS : [ATTEMPT_MS];
  const isBreak = row.group === "The body breaks";
  const last = Math.max(limits.length, isBreak ? BREAK_AFTER_MS.length - 1 : 0);
  for (let index = 0; index <= last; index++) {
    const attemptTimeoutMs = limits[Math.min(index, limits.length - 1)];
    server.breakAfterMs[row.id] = BREAK_AFTER_MS[Math.min(index, BREAK_AFTER_MS.length - 1)];
    const found = await outcomeOf(row, transport, attemptTimeoutMs, server, call);
    try {
      // WebKitGTK continues to read while its page is busy.
      const mostBytes = engine === "webkit" ? Infinity : MOST_BYTES[transport];
      compare(found, expected, mostBytes);
      assert.deepEqual(server.elsewhere, [], "nothing reaches another origin");
      return found;
    } catch (error) {
      const isLate = [found.name, found.canary].includes("TimeoutError");
      if (!(isBreak || isLate) || index === last) throw error;
    }
  }
}

async function outcomeOf({ id, isRefused, options }, transport, attemptTimeoutMs, server, call) {
  server.requests[id] = 0;
  server.written[id] = 0;
  server.isRefusing = isRefused === true;
  const argument = {
    id,
    attemptTimeoutMs,
    options,
    isWatched: transport === "xhr",
    settledWithinMs: SETTLED_WITHIN_MS,
  };
  // No second call after a 429, whose pause also applies to later calls, nor while the server
  // resets every connection.
  const hasCanary = !isRefused && options?.retry === undefined;
  const found = await call({ ...argument, hasCanary }).finally(() => {
    server.isRefusing = false;
  });
  return { ...found, requests: server.requests[id], written: server.written[id] };
}

function compare(found, expected, mostBytes) {
  const names = ["name", "code", "reason", "status", "attempts", "requests"].filter(
    (name) => expected[name] !== undefined,
  );
  const only = (members) => Object.fromEntries(names.map((name) => [name, members[name]]));
  assert.deepEqual(only(found), only(expected), JSON.stringify(found));
  if (expected.retryAfterMs !== undefined) {
    const [least, most] = expected.retryAfterMs ?? [];
    if (least === undefined) assert.equal(found.retryAfterMs, null);
    else
      assert.ok(
        found.retryAfterMs >= least && found.retryAfterMs <= most,
        `${found.retryAfterMs} ms`,
      );
  }
  assert.equal(found.canary, "success", "the client works afterwards");
  assert.ok(found.written < mostBytes, `${found.written} bytes were taken`);
}
