// References: one sentence costs one call, however many ask for it. shared-request.js is that call, reference-store.js where its result
// lies after the page is left; what is remembered until then, the core remembers.

import { Flight } from "./shared-request.js";
import { sha256 } from "./sha256.js";
import { REFERENCES, clear as clearStore, read, write } from "../storage/indexed-db.js";

/** What is being asked for: by client, and by key. */
const underWay = new WeakMap();

/** The analysis of a reference; calls the API only where it is unknown. */
export async function get(core, audio, options, request) {
  try {
    const scope = core.scopeOf(request);
    try {
      const { key, contents } = await scope.guard(asked(core, audio, options));
      return copyOf(core.recall(key) ?? (await landed(core, key, contents, request ?? {}, scope)));
    } finally {
      scope.free();
    }
  } catch (thrown) {
    throw core.error(thrown, "analyzeNative");
  }
}

/** Whether `get` would need no call. */
export async function has(core, audio, options) {
  const { key } = await asked(core, audio, options);
  if (core.knows(key)) return true;
  return core.persists && (await read(REFERENCES, (records) => records.get(key))) !== undefined;
}

/** Forgets one; says whether it was known. */
export async function remove(core, audio, options) {
  const { key } = await asked(core, audio, options);
  const wasKnown = core.forget(key);
  if (!core.persists) return wasKnown;
  const stored = await write(REFERENCES, async (records) => {
    const record = await records.get(key);
    await records.delete(key);
    return record;
  });
  return wasKnown || stored !== undefined;
}

/** Forgets all of them. */
export async function clear(core) {
  core.forget();
  if (core.persists) await clearStore(REFERENCES);
}

/** What the call comes to, which is one for all who ask for the same at the same time. */
async function landed(core, key, contents, request, scope) {
  if (!underWay.has(core)) underWay.set(core, new Map());
  const flights = underWay.get(core);
  const flight = flights.get(key) ?? new Flight(core, key, contents, request);
  // It may be another by now.
  const strike = () => flights.get(key) === flight && flights.delete(key);
  if (!flights.has(key)) {
    flights.set(key, flight);
    flight.landing.then(strike, strike);
  }
  const seat = flight.board(request.onProgress);
  try {
    return await scope.guard(flight.landing);
  } finally {
    if (flight.leave(seat)) strike();
  }
}

async function asked(core, audio, options) {
  const fields = core.fields("analyzeNative", options);
  const { blob, durationSeconds } = await core.audio.forUpload(core, audio);
  return {
    key: await keyOf(core, blob, options.gold_text),
    contents: { blob, durationSeconds, fields },
  };
}

async function keyOf(core, blob, goldText) {
  const bytes = await core.audio.bufferOf(blob);
  return core.keyOf(await digestOf(bytes), goldText);
}

async function digestOf(bytes) {
  try {
    return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  } catch {
    // Where the page is not served over https, there is no WebCrypto.
    return sha256(new Uint8Array(bytes));
  }
}

/** What one caller may change does not reach the next one. */
function copyOf(analysis) {
  try {
    return structuredClone(analysis);
  } catch {
    return JSON.parse(JSON.stringify(analysis));
  }
}
