// Passes unexpected values to everything that the package exports.
//
//   node tests/properties/run.mjs [--calls 50000] [--seed 1] [--package pkg]
//
// Every call must settle, at the latest soon after its client is disposed of. It must throw or
// reject with a ThetaOneError, and leave no unhandled rejection. After every attack, a valid call
// on the same client must succeed. The speed of the machine has no influence: a call counts as
// hanging only after a number of turns of this thread.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

import fc from "fast-check";

import { attacks } from "./attacks.mjs";

/** The length of a tick. */
const TICK_MS = 25;
/** The attacks that run at a time. Most of their time, they wait for their deadlines. */
const PARALLEL = 96;
/** A call that is pending after this number of ticks counts as hanging. */
const PATIENCE_TICKS = 1200;

const { values: options } = parseArgs({
  options: {
    calls: { type: "string", default: "1500" },
    seed: { type: "string", default: "1" },
    package: { type: "string", default: "pkg" },
  },
});
/** The run stops after this number of failures. */
const MOST_FAILURES = 50;
const [mostCalls, seed] = [Number(options.calls), Number(options.seed)];
const entry = (name) =>
  import(new URL(name, `${pathToFileURL(resolve(options.package)).href}/`).href);

const memories = [];
const { instantiate } = WebAssembly;
WebAssembly.instantiate = async (...args) => {
  const instance = await instantiate(...args);
  const memory = Object.values((instance.instance ?? instance).exports).find(
    (it) => it instanceof WebAssembly.Memory,
  );
  if (memory) memories.push(memory);
  return instance;
};
const wasmBytes = () => Math.max(0, ...memories.map(({ buffer }) => buffer.byteLength));

// Some errors that callbacks throw are reported by `reportError`, which Node does not have.
globalThis.reportError ??= () => {};

const [sdk, external, errors, testing] = await Promise.all(
  ["index.js", "external.js", "errors.js", "testing.js"].map(entry),
);
await entry("service-worker.js");
const { ThetaOne, ThetaOneError } = sdk;

const stray = [];
for (const kind of ["unhandledRejection", "uncaughtException"]) {
  process.on(kind, (error) => stray.push(`${kind}: ${textOf(error)}`));
}

const counts = { calls: 0, scenarios: 0, canaries: 0, outcomes: {}, byAttack: {} };
const note = (outcome) => (counts.outcomes[outcome] = (counts.outcomes[outcome] ?? 0) + 1);
const taken = new Set();

function textOf(error) {
  try {
    return String(error?.stack ?? error);
  } catch {
    return "something that cannot be shown";
  }
}

/** The calls of one attack, and the problems that they caused. */
class Scene {
  clients = [];
  controller = new AbortController();
  problems = [];
  /** True if callbacks no longer do anything. */
  isHonest = false;
  #pending = new Map();
  #after = [];

  constructor(what) {
    this.what = what;
  }

  /**
   * Returns whether this scene may replace a global, which only one scene can replace at a time.
   */
  takes(what) {
    if (taken.has(what)) return false;
    taken.add(what);
    this.#after.push(() => taken.delete(what));
    return true;
  }

  after(value, undo) {
    this.#after.unshift(() => undo(value));
    return value;
  }

  /**
   * Makes a call. It must return a promise that settles, and may only reject with an error of the
   * package.
   */
  call(name, make) {
    counts.calls++;
    let promise;
    try {
      promise = make();
    } catch (error) {
      this.#check(name, error);
      return;
    }
    if (typeof promise?.then !== "function") return;
    const done = promise.then(
      () => note("resolved"),
      (error) => this.#check(name, error),
    );
    this.#pending.set(done, name);
    done.finally(() => this.#pending.delete(done));
  }

  /** Runs `act`, which may throw at once, but only an error of the package. */
  sync(name, act) {
    counts.calls++;
    try {
      act();
      note("returned");
    } catch (error) {
      this.#check(name, error);
    }
  }

  /** Runs `act`, which must not throw. */
  pure(name, act) {
    counts.calls++;
    try {
      act();
      note("returned");
    } catch (error) {
      this.problems.push(`${name} threw ${textOf(error)}`);
    }
  }

  #check(name, error) {
    if (ThetaOneError.is(error)) note(error.code);
    else this.problems.push(`${name} failed with no ThetaOneError: ${textOf(error)}`);
  }

  /**
   * Waits until all calls that can settle have settled. Calls that wait for a promise of the caller
   * may not.
   */
  async settled(isLast = false) {
    for (let tick = 0; this.#pending.size > 0; tick++) {
      if (tick === (isLast ? PATIENCE_TICKS : 40)) {
        if (isLast) this.problems.push(`${[...this.#pending.values()].join(", ")} never settled`);
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, tick < 10 ? 1 : TICK_MS));
    }
  }

  /** Makes a valid call on the client that was attacked. */
  async canary(theta) {
    counts.canaries++;
    const forever = 2 ** 31 - 1;
    const call = theta.transcribe(
      tone,
      {},
      {
        deadlineMs: forever,
        attemptTimeoutMs: forever,
        retry: { maxAttempts: 100, timeouts: true },
      },
    );
    let outcome;
    call.then(
      (result) => (outcome = result.text),
      (error) => (outcome = textOf(error)),
    );
    for (let tick = 0; outcome === undefined; tick++) {
      if (tick === PATIENCE_TICKS) outcome = "it never settled";
      await new Promise((resolve) => setTimeout(resolve, tick < 50 ? 1 : TICK_MS));
    }
    if (outcome !== "x") this.problems.push(`the honest call after it failed: ${outcome}`);
  }

  async end() {
    for (const theta of this.clients) theta.dispose();
    await this.settled(true);
    for (const undo of this.#after) undo();
    // Node reports unhandled rejections after the microtasks.
    await new Promise((resolve) => setImmediate(resolve));
    this.problems.push(...stray.splice(0));
  }
}

const wasm = { isStarted: false };
const { ready, tone, scenario } = attacks({ sdk, external, errors, testing, wasm }, fc);
await ready();

const began = performance.now();
const before = { rss: process.memoryUsage().rss, wasm: wasmBytes() };
const failures = [];

async function attempt({ name, what, run }) {
  const scene = new Scene(what);
  counts.scenarios++;
  counts.byAttack[name] = (counts.byAttack[name] ?? 0) + 1;
  try {
    await run(scene);
  } catch (error) {
    scene.problems.push(`the attack itself failed: ${textOf(error)}`);
  }
  await scene.end();
  if (scene.problems.length > 0)
    throw new Error(`${name}: ${what}\n  ${scene.problems.join("\n  ")}`);
}

// Before the core runs, and all the clients after it: what cannot be started says so.
const firsts = fc.sample(
  scenario.filter(({ name }) => name === "the wasm of thetaone-web/external"),
  { numRuns: 60, seed },
);
for (const first of firsts) await attempt(first).catch((error) => failures.push(error.message));
await external.init(readFileSync(resolve(options.package, "core_bg.wasm")));
await new ThetaOne({ baseUrl: "/api" }).ready();
wasm.isStarted = true;

for (let round = 0; counts.calls < mostCalls && failures.length < MOST_FAILURES; round++) {
  const batch = fc.sample(
    scenario.filter(({ name }) => name !== "the wasm of thetaone-web/external"),
    { numRuns: 2000, seed: seed + round },
  );
  const next = async () => {
    while (batch.length > 0 && counts.calls < mostCalls)
      await attempt(batch.pop()).catch((error) => failures.push(error.message));
  };
  await Promise.all(Array.from({ length: PARALLEL }, next));
}

const { version } = createRequire(import.meta.url)("fast-check/package.json");
const megabytes = (bytes) => Math.round(bytes / 1e5) / 10;
console.log(
  `fast-check ${version}, seed ${seed}: ${counts.calls} calls in ${counts.scenarios} attacks, ${counts.canaries} honest calls after them, ${((performance.now() - began) / 1000).toFixed(1)} s`,
);
console.log(
  `attacks: ${Object.entries(counts.byAttack)
    .map(([name, count]) => `${name} ${count}`)
    .join(", ")}`,
);
console.log(
  `outcomes: ${Object.entries(counts.outcomes)
    .sort(([, one], [, other]) => other - one)
    .map(([name, count]) => `${name} ${count}`)
    .join(", ")}`,
);
console.log(
  `memory: ${megabytes(process.memoryUsage().rss)} MB (${megabytes(before.rss)} MB before), wasm ${megabytes(wasmBytes())} MB (${megabytes(before.wasm)} MB before)`,
);
for (const failure of failures) console.log(`\nFAILED ${failure}`);
console.log(`${failures.length} failures`);
process.exit(failures.length > 0 ? 1 : 0);
