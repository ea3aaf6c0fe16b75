// The start of a recording: it needs no wasm, resolves when sound arrives, and ends at any moment
// without leaving the microphone on. In Node, with the fake microphone of thetaone-web/testing.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";

import { install } from "./installed.mjs";

const installed = install();
after(installed.remove);

const PRELUDE = `
  import { ThetaOne, ThetaOneError } from "thetaone-web";
  import { fakeMicrophone, toneWav, virtualClock } from "thetaone-web/testing";
  const unhandled = [];
  process.on("unhandledRejection", (error) => unhandled.push(String(error?.stack ?? error)));
  const failure = (call) => call.then(() => ({ name: "no error" }), (error) => error);
  const namesOf = ({ name, reason }) => [name, reason ?? null];
  /** Waits until all that is under way, dynamic imports included, is done. */
  const realTimeout = setTimeout;
  const settle = () => new Promise((resolve) => realTimeout(resolve, 5));
  /** A recorder whose only chunk arrives after firstChunkMs, when it is requested. */
  const delayFirstChunk = (firstChunkMs) => {
    const Fake = globalThis.MediaRecorder;
    globalThis.MediaRecorder = class extends Fake {
      #startMs = performance.now();
      #hasSent = false;
      requestData() {
        const isThere = !this.#hasSent && performance.now() - this.#startMs >= firstChunkMs;
        this.#hasSent ||= isThere;
        const data = isThere ? toneWav({ seconds: 0.5 }) : new Blob([]);
        super.dispatchEvent(Object.assign(new Event("dataavailable"), { data }));
      }
      dispatchEvent(event) {
        return event.type === "dataavailable" || super.dispatchEvent(event);
      }
    };
  };
`;

/** Runs a script in the project and returns what \`outcome\` resolves to. */
const run = (body, folder = installed.project) =>
  JSON.parse(
    execFileSync(
      process.execPath,
      [
        "--input-type=module",
        "--eval",
        `${PRELUDE}
        const outcome = await (async () => { ${body} })();
        await settle();
        console.log(JSON.stringify({ ...outcome, unhandled }));
        process.exit(0);`,
      ],
      { cwd: folder, encoding: "utf8", timeout: 300_000 },
    ),
  );

/** Returns a project whose package has other files. */
function projectWith(name, files) {
  const folder = join(installed.project, name);
  cpSync(installed.folder, join(folder, "node_modules", "thetaone-web"), { recursive: true });
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');
  for (const [file, source] of Object.entries(files))
    writeFileSync(join(folder, "node_modules", "thetaone-web", file), source);
  return folder;
}

test("a recording begins though the core never loads", () => {
  const folder = projectWith("without-core", {
    "loading/runtime.js": "await new Promise(() => {});\n",
  });
  const { states, isOn, error, unhandled } = run(
    `
    const microphone = fakeMicrophone().install();
    const theta = new ThetaOne({ baseUrl: "/api" });
    const recorder = await theta.record({ stopOnSilenceSeconds: 1, onLevel() {} });
    const states = [recorder.state];
    const isOn = [microphone.isOn];
    recorder.pause();
    states.push(recorder.state);
    recorder.resume();
    const stopping = failure(recorder.stop());
    await recorder.ended;
    isOn.push(microphone.isOn);
    states.push(recorder.state);
    recorder.cancel();
    states.push(recorder.state);
    return { states, isOn, error: namesOf(await stopping) };
    `,
    folder,
  );
  assert.deepEqual(states, ["recording", "paused", "stopped", "cancelled"]);
  assert.deepEqual(isOn, [true, false]);
  assert.deepEqual(error, ["AbortError", null], "cancel() ends a stop() that waits for the core");
  assert.deepEqual(unhandled, []);
});

test("without the core, stop() rejects with a WasmLoadError, and a later stop() returns the take", () => {
  const { first, second, take, same } = run(`
    const external = await import("thetaone-web/external");
    const { readFileSync } = await import("node:fs");
    const audio = toneWav({ seconds: 1 });
    fakeMicrophone({ audio }).install();
    const theta = new external.ThetaOne({ baseUrl: "/api", locale: "ko" });
    const recorder = await theta.record();
    const [first, second] = [await failure(recorder.stop()), await failure(recorder.stop())];
    await external.init(readFileSync("node_modules/thetaone-web/core_bg.wasm"));
    const taken = await recorder.stop();
    const bytes = async (blob) => Buffer.from(await blob.arrayBuffer()).toString("base64");
    return {
      first: [first.name, first.userMessage() === first.userMessage("ko")], second: second.name,
      take: [taken.durationSeconds, taken.stopReason],
      same: (await bytes(taken.blob)) === (await bytes(audio)) && (await recorder.stop()) === taken,
    };
  `);
  assert.deepEqual(first, ["WasmLoadError", true]);
  assert.equal(second, "WasmLoadError");
  assert.deepEqual(take, [1, "stop"]);
  assert.ok(same, "what was spoken is in the take");
});

test("invalid options are rejected before the core loads and the microphone opens", () => {
  const folder = projectWith("options", { "loading/runtime.js": "throw new Error('loaded');\n" });
  const { messages, requests } = run(
    `
    const microphone = fakeMicrophone().install();
    const theta = new ThetaOne({ baseUrl: "/api" });
    const stream = { getAudioTracks: () => [{ readyState: "live" }] };
    const messages = [];
    for (const options of [
      { maxSeconds: -1 }, { onStart: 1 }, { deviceId: "" }, { stream: {} }, { stream: { getAudioTracks: () => [] } },
      { constraints: true }, { constraints: { echoCancellation: "yes" } }, { constraints: { sampleRate: 8000 } },
      { stream, deviceId: "x" }, { stream, constraints: {} }, { get signal() { throw 1; } }, 5,
      { stream: 0 }, { stream: false }, { stream: "" },
    ]) {
      const { name, message } = await failure(theta.record(options));
      messages.push([name, message]);
    }
    return { messages, requests: microphone.constraints.length };
    `,
    folder,
  );
  assert.equal(requests, 0);
  assert.deepEqual(
    messages.map(([name]) => name),
    messages.map(() => "ConfigurationError"),
  );
  for (const [index, part] of [
    "options.maxSeconds must be a number from 0.1 to 3600",
    "options.onStart must be a function",
    "options.deviceId must be a string",
    "options.stream must be a MediaStream with an audio track",
    "options.stream must be a MediaStream with an audio track",
    "options.constraints must be an object",
    "options.constraints.echoCancellation must be true or false",
    "options.constraints.sampleRate is not an option",
    "options.stream excludes deviceId",
    "options.stream excludes deviceId",
    "a getter threw",
    "options must be an object",
    ...Array(3).fill("options.stream must be a MediaStream with an audio track"),
  ].entries())
    assert.ok(messages[index][1].includes(part), messages[index][1]);
});

test("record() resolves, and onStart is called, when the first sound arrives", () => {
  const { events, silent, isOn } = run(`
    const theta = new ThetaOne({ baseUrl: "/api" });
    await theta.ready();
    const clock = virtualClock().install();
    const microphone = fakeMicrophone({ delayMs: 100 }).install();
    delayFirstChunk(700);
    const events = [];
    const note = (event) => events.push([event, clock.elapsedMs]);
    const recording = theta.record({ onStart: () => note("onStart") });
    const recorder = await clock.until(recording);
    note("resolved");
    note(recorder.state + " " + recorder.elapsedSeconds);
    recorder.cancel();
    delayFirstChunk(60_000);
    const silent = namesOf(await clock.until(failure(theta.record({ onStop: () => note("onStop") }))));
    return { events, silent, isOn: microphone.isOn };
  `);
  const [[first, startMs], ...rest] = events;
  assert.equal(first, "onStart");
  assert.ok(startMs >= 800 && startMs <= 840, String(startMs));
  assert.deepEqual(rest, [
    ["resolved", startMs],
    ["recording 0", startMs],
  ]);
  assert.deepEqual(silent, ["MicrophoneError", "interrupted"]);
  assert.equal(isOn, false);
});

test("speech before the core loaded counts for the end of speech", () => {
  const { reason, levels } = run(`
    let loadCore;
    const external = await import("thetaone-web/external");
    const { readFileSync } = await import("node:fs");
    const wasm = readFileSync("node_modules/thetaone-web/core_bg.wasm");
    const loading = external.init(new Promise((resolve) => { loadCore = () => resolve(wasm); }));
    const theta = new external.ThetaOne({ baseUrl: "/api" });
    fakeMicrophone({ tone: { seconds: 0.4 } }).install();
    let levels = 0;
    const recorder = await theta.record({
      stopOnSilenceSeconds: 1,
      maxSeconds: 60,
      onLevel: () => levels++,
    });
    // The tone is over, which began after a quarter of a second.
    while (recorder.elapsedSeconds < 0.9) await settle();
    const before = levels;
    loadCore();
    await loading;
    const { reason } = await recorder.ended;
    return { reason, levels: [before, levels > before] };
  `);
  // Without the first samples there would be no speech before the silence.
  assert.equal(reason, "silence");
  assert.deepEqual(levels, [0, true]);
});

test("a second record() in the same tick is rejected, and the first records", () => {
  const { names, requests, next } = run(`
    const microphone = fakeMicrophone().install();
    const theta = new ThetaOne({ baseUrl: "/api" });
    const [first, second, third] = [theta.record(), failure(theta.record()), failure(theta.record({}))];
    const recorder = await first;
    const names = [namesOf(await second), namesOf(await third), namesOf(await failure(theta.record()))];
    const requests = microphone.constraints.length;
    await recorder.stop();
    const next = await theta.record();
    next.cancel();
    return { names, requests, next: next.state };
  `);
  assert.deepEqual(names, Array(3).fill(["MicrophoneError", "busy"]));
  assert.equal(requests, 1);
  assert.equal(next, "cancelled");
});

test("with a signal that is aborted already, the user is not asked, whatever has loaded", () => {
  const { errors, requests, next } = run(`
    const microphone = fakeMicrophone().install();
    const theta = new ThetaOne({ baseUrl: "/api", locale: "ko" });
    const abort = () => failure(theta.record({ signal: AbortSignal.abort() }));
    const errors = [await abort()];
    await theta.ready();
    errors.push(await abort());
    const requests = microphone.constraints.length;
    const next = await theta.record();
    errors.push(await abort());
    next.cancel();
    return {
      errors: errors.map((error) => [error.name, /[가-힣]/.test(error.userMessage())]),
      requests,
      next: next.state,
    };
  `);
  assert.deepEqual(errors, Array(3).fill(["AbortError", true]));
  assert.equal(requests, 0);
  assert.equal(next, "cancelled");
});

test("streams and signals that throw or change are typed errors, and the next recording starts", () => {
  const { names, left, states } = run(`
    const listeners = new Set();
    globalThis.addEventListener = (type, listener) => listeners.add(listener);
    globalThis.removeEventListener = (_, listener) => listeners.delete(listener);
    fakeMicrophone().install();
    const theta = new ThetaOne({ baseUrl: "/api" });
    const refuse = () => { throw new Error("no"); };
    const track = { readyState: "live", addEventListener: refuse, removeEventListener: refuse };
    /** A signal whose "aborted" is read like this, time after time. */
    const signal = (...reads) => ({
      [Symbol.toStringTag]: "AbortSignal",
      get aborted() { return (reads.length > 1 ? reads.shift() : reads[0])(); },
      addEventListener() {},
      removeEventListener() {},
    });
    const [yes, no] = [() => true, () => false];
    const names = [];
    const states = [];
    const signals = Array.from({ length: 8 }, (_, count) => Array(count).fill(no))
      .flatMap((reads) => [signal(...reads, yes, no), signal(...reads, yes, refuse), signal(...reads, refuse)]);
    for (const options of [
      { stream: { getAudioTracks: () => [track] } },
      ...signals.map((one) => ({ signal: one })),
    ]) {
      const outcome = await theta.record(options).catch((error) => error);
      names.push(ThetaOneError.is(outcome) ? outcome.name : outcome.state ?? String(outcome));
      outcome.cancel?.();
      const next = await theta.record();
      states.push(next.state);
      next.cancel();
    }
    return { names, left: listeners.size, states };
  `);
  assert.equal(names[0], "ConfigurationError");
  const known = ["ConfigurationError", "AbortError", "recording"];
  for (const name of names) assert.ok(known.includes(name), name);
  assert.equal(left, 0);
  assert.deepEqual(states, Array(25).fill("recording"));
});

test("a stream of the caller is recorded, and its tracks stay on", () => {
  const { requests, taken, states, ended } = run(`
    const microphone = fakeMicrophone({ tone: { seconds: 1 } }).install();
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    const [track] = stream.getAudioTracks();
    const handler = () => {};
    track.onended = handler;
    const theta = new ThetaOne({ baseUrl: "/api" });
    const states = [];
    const take = await (await theta.record({ stream })).stop();
    states.push(track.readyState);
    (await theta.record({ stream })).cancel();
    states.push(track.readyState);
    const error = await failure(theta.record({ stream, signal: AbortSignal.abort() }));
    states.push(error.name, track.readyState);
    const recorder = await theta.record({ stream });
    theta.dispose();
    states.push(recorder.state, track.readyState, track.onended === handler);
    track.stop();
    const ended = namesOf(await failure(new ThetaOne({ baseUrl: "/api" }).record({ stream })));
    return { requests: microphone.constraints.length, taken: take.durationSeconds, states, ended };
  `);
  assert.equal(requests, 1);
  assert.equal(taken, 1);
  assert.deepEqual(states, ["live", "live", "AbortError", "live", "cancelled", "live", true]);
  assert.deepEqual(ended, ["MicrophoneError", "interrupted"]);
});

test("constraints are passed to the browser", () => {
  const { audio } = run(`
    const microphone = fakeMicrophone().install();
    const theta = new ThetaOne({ baseUrl: "/api" });
    (await theta.record({ constraints: { noiseSuppression: false, autoGainControl: true }, deviceId: "x" })).cancel();
    (await theta.record({ constraints: {} })).cancel();
    return { audio: microphone.constraints.map(({ audio }) => audio) };
  `);
  assert.deepEqual(audio, [
    {
      channelCount: 1,
      noiseSuppression: false,
      autoGainControl: true,
      deviceId: { exact: "x" },
    },
    { channelCount: 1 },
  ]);
});

/** The events that can end a recording at any moment. Each may reject `record()` or `stop()`. */
const ENDS = {
  signal: "controller.abort()",
  dispose: "theta.dispose()",
  unplug: "microphone.unplug()",
  leave: "leavePage()",
  "stop it, when it is there": "void recorder?.stop().catch(() => {})",
  "cancel it, when it is there": "recorder?.cancel()",
};

/** Where a recording can wait for something that takes longer than a microtask. */
const WAITS = {
  "nothing waits": "",
  "the user is asked": "delayMs: 10",
};

for (const [wait, options] of Object.entries(WAITS)) {
  for (const [end, act] of Object.entries(ENDS)) {
    test(`at every moment, ${end} leaves no microphone on and no untyped error: ${wait}`, () => {
      const { outcomes, left, unhandled } = run(`
        const listeners = new Set();
        globalThis.addEventListener = (type, listener) => type === "pagehide" && listeners.add(listener);
        globalThis.removeEventListener = (_, listener) => listeners.delete(listener);
        const leavePage = () => { for (const listener of listeners) listener(); };
        const outcomes = [];
        const left = [];
        await new ThetaOne({ baseUrl: "/api" }).ready();
        /** Calls "act" after this many microtasks, or after this many milliseconds. */
        const moments = [
          ...Array.from({ length: 60 }, (_, count) => async (act) => { for (let n = 0; n < count; n++) await undefined; act(); }),
          ...[0, 2, 5, 10, 11, 15, 40].map((ms) => async (act) => { setTimeout(act, ms); }),
        ];
        for (const chunks of ["no first chunk", "a first chunk"]) for (const moment of moments) {
          const clock = virtualClock().install();
          const microphone = fakeMicrophone({ tone: { seconds: 0.5 }, ${options} }).install();
          if (chunks === "a first chunk") delayFirstChunk(15);
          const theta = new ThetaOne({ baseUrl: "/api" });
          const controller = new AbortController();
          let recorder;
          const recording = theta.record({ signal: controller.signal }).then((value) => (recorder = value));
          recording.catch(() => {});
          await moment(() => { ${act}; });
          const error = await clock.until(recording.then(() => undefined, (thrown) => thrown));
          // The moment may be later than the start.
          await clock.advance(2);
          let outcome = error;
          if (recorder) outcome = await clock.until(recorder.stop().then(({ stopReason }) => stopReason, (thrown) => thrown));
          if (typeof outcome === "object") outcome = ThetaOneError.is(outcome) ? outcome.name : "untyped: " + outcome?.stack;
          outcomes.push(outcome);
          // A microphone that the user still has to allow opens within this time.
          await clock.advance(100);
          if (microphone.isOn || listeners.size > 0) left.push([chunks, outcome, microphone.isOn, listeners.size]);
          theta.dispose();
          microphone.uninstall();
          clock.uninstall();
        }
        return { outcomes: [...new Set(outcomes)], left };
      `);
      assert.deepEqual(left, []);
      assert.deepEqual(unhandled, []);
      for (const outcome of outcomes)
        assert.match(outcome, /^(AbortError|MicrophoneError|stop|interrupted|page_hide)$/);
      assert.ok(outcomes.length > 0);
    });
  }
}
