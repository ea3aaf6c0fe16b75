// A recording that is stored while it is sent, and sent again after the page was reloaded. It is a
// generated sound.

import { NotAvailable, verify } from "../outcome.js";
import { vowel, wavOf } from "../signals.js";
import { round, timed, wait } from "../time.js";

/** @import { Tools } from "../run.js" */

const RATE = 16_000;
const SECONDS = 2;
/** The time that a browser may take to release the locks of a page that is gone. */
const RELEASE_LIMIT_MS = 10_000;
const POLL_MS = 100;

/**
 * Starts an upload that never ends, and leaves its recording in the outbox.
 * @param {Tools} tools
 */
export async function storeInOutbox({ createClient, onEnd, memory }) {
  /** @type {() => void} */
  let onSent = () => {};
  const sent = new Promise((resolve) => {
    onSent = () => resolve(undefined);
  });
  const theta = createClient({
    outbox: true,
    fetch: () => {
      onSent();
      return new Promise(() => {});
    },
  });
  const before = new Set((await listOutbox(theta)).map(({ id }) => id));
  const take = await theta.prepare(wavOf(vowel(SECONDS, RATE), RATE));
  const { ms: storeMs } = await timed(() => {
    const call = theta.transcribe(take);
    return Promise.race([sent, call]);
  });
  const entry = (await theta.outbox.list()).find(({ id }) => !before.has(id));
  const numbers = { storeMs: round(storeMs), bytes: take.bytes, state: entry?.state ?? "none" };
  // The page is not left if the run ends here.
  if (entry) onEnd(() => theta.outbox.discard(entry.id));
  verify(numbers, [[entry?.state === "sending", "the recording was not stored"]]);
  memory.outboxId = entry?.id;
  return numbers;
}

/**
 * Sends the recording that the page left behind.
 * @param {Tools} tools
 */
export async function resumeFromOutbox({ createClient, onEnd, memory }) {
  const id = memory.outboxId;
  if (id === undefined) throw new NotAvailable("no recording was stored before the reload");
  const theta = createClient({ outbox: true });
  onEnd(() => theta.outbox.discard(id));
  const startMs = performance.now();
  const find = async () => (await theta.outbox.list()).find((entry) => entry.id === id);
  let entry = await find();
  // The locks of the page before the reload may not be released yet.
  while (entry?.state === "sending" && performance.now() - startMs < RELEASE_LIMIT_MS) {
    await wait(POLL_MS);
    entry = await find();
  }
  const found = {
    state: entry?.state ?? "none",
    bytes: entry?.bytes ?? 0,
    releasedMs: round(performance.now() - startMs),
  };
  verify(found, [
    [entry !== undefined, "the recording is gone"],
    [entry?.state === "unsent", "the recording is still marked as being sent"],
  ]);
  const { value: result, ms } = await timed(() => theta.outbox.resume(id));
  const numbers = { ...found, resumeMs: round(ms), left: (await find()) ? 1 : 0 };
  return verify(numbers, [
    ["text" in result, "the response holds no text"],
    [numbers.left === 0, "the recording is still in the outbox"],
  ]);
}

/**
 * Lists the outbox.
 * @param {import("thetaone-web").ThetaOne} theta
 */
async function listOutbox(theta) {
  try {
    return await theta.outbox.list();
  } catch (error) {
    const { reason } = /** @type {{ reason?: string }} */ (error);
    if (reason !== "unavailable") throw error;
    throw new NotAvailable("the browser does not store anything here");
  }
}
