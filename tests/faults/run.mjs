// Runs the rows of the table, in a page or in Node.

import assert from "node:assert/strict";
import { expectedOf } from "./table.mjs";

/** The time within which every call must settle. On an idle machine, no row needs a tenth of it. */
const SETTLED_WITHIN_MS = 30_000;
/**
 * The timeouts of attempts that get no response or no body. The longer ones are tried if a busy
 * machine has not received the head within the shorter.
 */
const SLOW_ATTEMPT_MS = [1_000, 4_000, 12_000];
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
 * Runs one row through `call`, which runs `oneCall` where the package is, and compares the outcome
 * with the table.
 */
export async function runRow(row, transport, engine, server, call) {
  const expected = expectedOf(row, transport, engine);
  const limits = (expected.isSlow ?? row.isSlow) ? SLOW_ATTEMPT_MS : [SETTLED_WITHIN_MS];
  // A busy browser may read the head and the break after it at once, and report only the break.
  const isBreak = row.group === "The body breaks";
  const tries = [...limits, ...(isBreak ? limits : limits.slice(-1))];
  for (const [index, attemptTimeoutMs] of tries.entries()) {
    const found = await outcomeOf(row, transport, attemptTimeoutMs, server, call);
    try {
      // WebKitGTK continues to read while its page is busy.
      compare(found, expected, server, engine === "webkit" ? Infinity : MOST_BYTES[transport]);
      return found;
    } catch (error) {
      // Once in some thousand rows, a busy Chromium sends no request at all in this time.
      const isUnsent = found.name === "not settled" && found.requests === 0;
      const isWorthARetry = isBreak || isUnsent || found.name === "TimeoutError";
      if (!isWorthARetry || index === tries.length - 1) throw error;
    }
  }
}

async function outcomeOf({ id, isRefused, options }, transport, attemptTimeoutMs, server, call) {
  server.elsewhere.length = 0;
  server.written = 0;
  server.requests[id] = 0;
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
  return { ...found, requests: server.requests[id] };
}

function compare(found, expected, server, mostBytes) {
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
  assert.deepEqual(server.elsewhere, [], "nothing reaches another origin");
  assert.equal(found.canary, "success", "the client works afterwards");
  assert.ok(server.written < mostBytes, `${server.written} bytes were taken`);
}
