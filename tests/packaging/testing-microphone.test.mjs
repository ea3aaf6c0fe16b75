// Tests of the fake microphone of thetaone-web/testing, and of the guide's complete example, in
// Node, which has no microphone.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

import { install } from "./installed.mjs";

const installed = install();
after(installed.remove);

const speech = fileURLToPath(new URL("../fixtures/speech.wav", import.meta.url));

const PRELUDE = `
  import { ThetaOne } from "thetaone-web";
  import { answers, fakeMicrophone, scriptedFetch, toneWav, virtualClock } from "thetaone-web/testing";
  const theta = new ThetaOne({ baseUrl: "/api/theta", fetch: scriptedFetch() });
  // Loads the SDK before the microphone is installed, as a page may.
  await theta.ready();
  const clock = virtualClock().install();
  const failure = (call) => call.then(() => { throw new Error("it did not fail"); }, (error) => error);
  const message = (act) => {
    try { act(); } catch (error) { return error.message; }
    return "nothing was thrown";
  };
  /** Two tones with a pause of two seconds between and after them. */
  const phrases = async () => {
    const tone = new Int16Array(await toneWav({ seconds: 1 }).arrayBuffer(), 44);
    const wav = new Int16Array(await toneWav({ seconds: 6, amplitude: 0 }).arrayBuffer());
    wav.set(tone, 22 + 8000);
    wav.set(tone, 22 + 56000);
    return wav.buffer;
  };
`;
const run = (body) =>
  installed.run(
    `${PRELUDE} const outcome = await (async () => { ${body} })(); console.log(JSON.stringify(outcome));`,
  );

test("record() with a signal that is aborted already asks for no microphone", () => {
  const outcome = run(`
    fakeMicrophone({}).install();
    let requests = 0;
    const { mediaDevices } = navigator;
    const open = mediaDevices.getUserMedia;
    mediaDevices.getUserMedia = (...given) => {
      requests++;
      return open.apply(mediaDevices, given);
    };
    const { name } = await failure(theta.record({ signal: AbortSignal.abort() }));
    const recorder = await theta.record();
    recorder.cancel();
    return { name, requests };
  `);
  assert.deepEqual(outcome, { name: "AbortError", requests: 1 });
});

test("microphones lists the fake one, asks for it, and is refused as it is", () => {
  const outcome = run(`
    const { microphones } = await import("thetaone-web");
    const without = [await microphones.permission(), await microphones.list(), (await failure(microphones.request())).reason];
    const microphone = fakeMicrophone({}).install();
    const before = await microphones.list();
    await microphones.request();
    const end = microphones.subscribe(() => {});
    end();
    const after = await microphones.list();
    const { isOn } = microphone;
    microphone.uninstall();
    const refusing = fakeMicrophone({ refuse: "not_found" }).install();
    const refused = [await microphones.list(), (await failure(microphones.request())).reason];
    refusing.uninstall();
    return { without, before, after, isOn, refused };
  `);
  assert.deepEqual(outcome, {
    without: ["unknown", [], "unsupported"],
    before: [{ deviceId: "", label: "", isDefault: true }],
    after: [{ deviceId: "fake", label: "fake microphone", isDefault: true }],
    isOn: false,
    refused: [[], "not_found"],
  });
});

test("devices appear and go, and the permission changes", () => {
  const outcome = run(`
    const { microphones } = await import("thetaone-web");
    const [desk, headset] = [{ deviceId: "a", label: "desk" }, { deviceId: "b", label: "headset" }];
    const microphone = fakeMicrophone({ devices: [desk], permission: "prompt" }).install();
    let changes = 0;
    const end = microphones.subscribe(() => changes++);
    const labels = async () => (await microphones.list()).map(({ label }) => label);
    const states = [await microphones.permission(), await labels()];
    await microphones.request();
    states.push(await microphones.permission(), await labels());
    const gone = (await failure(theta.record({ deviceId: "b" }))).reason;
    microphone.plugIn(headset);
    states.push(await labels());
    const recorder = await theta.record({ deviceId: "b" });
    microphone.unplug("a");
    const other = recorder.state;
    microphone.unplug("b");
    const unplugged = [(await recorder.ended).reason, (await recorder.stop()).stopReason];
    const none = (await failure(theta.record())).reason;
    microphone.plugIn(desk);
    const last = await theta.record();
    microphone.setPermission("denied");
    const revoked = [(await last.ended).reason, await microphones.permission(), (await failure(theta.record())).reason];
    end();
    microphone.setPermission("granted");
    const { isOn } = microphone;
    microphone.uninstall();
    return { states, gone, other, unplugged, none, revoked, changes, isOn };
  `);
  assert.deepEqual(outcome, {
    states: ["prompt", [""], "granted", ["desk"], ["desk", "headset"]],
    gone: "not_found",
    other: "recording",
    unplugged: ["interrupted", "interrupted"],
    none: "not_found",
    revoked: ["interrupted", "denied", "denied"],
    // Granted, plugged in, unplugged twice, plugged in, denied.
    changes: 6,
    isOn: false,
  });
});

test("a recording gives the take, at once", () => {
  const { take, same, sent, on, asked, state } = run(`
    const audio = toneWav({ seconds: 1.5, hertz: 300 });
    const microphone = fakeMicrophone({ audio }).install();
    const recorder = await theta.record({ deviceId: "front" });
    const on = [microphone.isOn];
    const state = [recorder.state];
    const take = await recorder.stop();
    on.push(microphone.isOn);
    state.push(recorder.state);
    const bytes = async (blob) => Buffer.from(await blob.arrayBuffer()).toString("base64");
    const fetch = scriptedFetch([answers.transcribe()]);
    await new ThetaOne({ baseUrl: "/api", fetch }).transcribe(take);
    const { durationSeconds, sampleRate, channels, stopReason, warnings } = take;
    return {
      take: { durationSeconds, sampleRate, channels, stopReason, warnings }, on, state, asked: microphone.constraints,
      same: (await bytes(take.blob)) === (await bytes(audio)), sent: (await bytes(fetch.requests[0].audio)) === (await bytes(audio)),
    };
  `);
  assert.deepEqual(take, {
    durationSeconds: 1.5,
    sampleRate: 16000,
    channels: 1,
    stopReason: "stop",
    warnings: [],
  });
  assert.ok(same && sent, "what was spoken is what is sent");
  assert.deepEqual(on, [true, false]);
  assert.deepEqual(state, ["recording", "stopped"]);
  assert.equal(asked[0].audio.deviceId.exact, "front");
});

test("speech of a file is recorded, trimmed and measured", () => {
  const [take, tone] = run(`
    const { readFileSync } = await import("node:fs");
    const facts = async (microphone) => {
      microphone.install();
      const { durationSeconds, offsetSeconds, speechSeconds, warnings } = await (await theta.record()).stop();
      microphone.uninstall();
      return { durationSeconds, offsetSeconds, speechSeconds, warnings };
    };
    const audio = readFileSync(${JSON.stringify(speech)});
    return [await facts(fakeMicrophone({ audio })), await facts(fakeMicrophone({ tone: { seconds: 3 } }))];
  `);
  assert.ok(take.speechSeconds > 1 && take.offsetSeconds > 0, JSON.stringify(take));
  assert.deepEqual(tone, { durationSeconds: 3, offsetSeconds: 0, speechSeconds: 3, warnings: [] });
});

test("levels follow the sound, and silence ends the recording", () => {
  const { levels, stopped, take, plain, reason } = run(`
    const microphone = fakeMicrophone({ audio: await phrases() }).install();
    const levels = [];
    let stopped;
    const recorder = await theta.record({
      stopOnSilenceSeconds: 3,
      onLevel: ({ rmsDbfs, elapsedSeconds }) => levels.push([elapsedSeconds, rmsDbfs]),
      onStop: ({ reason }) => { stopped = { reason, at: clock.elapsedMs / 1000 }; },
    });
    for (let seconds = 0; seconds < 20 && !stopped; seconds++) await clock.advance(1000);
    const { durationSeconds, offsetSeconds, stopReason, warnings } = await recorder.stop();
    microphone.uninstall();
    fakeMicrophone({ tone: { seconds: 2 } }).install();
    const start = clock.elapsedMs;
    let plain;
    const onStop = ({ reason }) => { plain = { reason, seconds: (clock.elapsedMs - start) / 1000 }; };
    const another = await theta.record({ stopOnSilenceSeconds: 1, onStop });
    const { reason } = await clock.until(another.ended);
    await another.stop();
    return { reason, levels, stopped, plain, take: { durationSeconds, offsetSeconds, stopReason, warnings } };
  `);
  const loudest = (from, to) =>
    Math.max(...levels.filter(([at]) => at >= from && at <= to).map(([, level]) => level));
  // The sound starts after a quarter of a second, and 0.3 of full scale is -13.5 dBFS.
  assert.ok(loudest(0.9, 1.6) > -14.5 && loudest(0.9, 1.6) < -12.5, String(loudest(0.9, 1.6)));
  assert.ok(loudest(1.9, 3.6) < -69, String(loudest(1.9, 3.6)));
  assert.ok(loudest(3.9, 4.6) > -14.5);
  assert.equal(stopped.reason, "silence");
  // The pause between the phrases did not end the recording, but the one after the second phrase
  // did.
  assert.ok(stopped.at > 7.7 && stopped.at < 8, String(stopped.at));
  assert.deepEqual([plain.reason, reason], ["silence", "silence"]);
  assert.ok(plain.seconds > 3.2 && plain.seconds < 3.4, String(plain.seconds));
  assert.equal(take.stopReason, "silence");
  assert.ok(Math.abs(take.durationSeconds - 4.3) < 0.1, String(take.durationSeconds));
  assert.ok(
    !take.warnings.includes("truncated"),
    "it ran for longer than the sound, and silence followed",
  );
});

/** Timers of a hidden tab fire once a second, and after some minutes once a minute. */
test("in a hidden tab, silence and maxSeconds last as long as in a visible one", () => {
  const { silence, time, gone } = run(`
    const visible = globalThis.setInterval;
    const hide = (everyMs) => {
      globalThis.setInterval = (work, ms, ...more) => visible(work, Math.max(ms, everyMs), ...more);
    };
    const ended = async (audio, options, act = () => {}) => {
      const microphone = fakeMicrophone(audio).install();
      const start = clock.elapsedMs;
      const recorder = await theta.record(options);
      act(microphone);
      const { reason } = await clock.until(recorder.ended);
      microphone.uninstall();
      return { reason, seconds: (clock.elapsedMs - start) / 1000 };
    };
    hide(1000);
    const silence = await ended({ audio: await phrases() }, { stopOnSilenceSeconds: 3 });
    const gone = await ended({ tone: { seconds: 1 } }, {}, (microphone) => microphone.mute());
    hide(1300);
    const time = await ended({ tone: { seconds: 1 } }, { maxSeconds: 3 });
    globalThis.setInterval = visible;
    return { silence, time, gone };
  `);
  assert.equal(silence.reason, "silence");
  // The last phrase ends after 4.75 s. The silence after it is awaited, to the next full second.
  assert.ok(silence.seconds > 7.7 && silence.seconds < 9.1, String(silence.seconds));
  assert.equal(time.reason, "max_seconds");
  assert.ok(time.seconds >= 3 && time.seconds < 4.4, String(time.seconds));
  assert.equal(gone.reason, "interrupted");
  assert.ok(gone.seconds < 6, String(gone.seconds));
});

test("a recorder that encodes gets the time to finish what is spoken when it is told to stop", () => {
  const tails = run(`
    const microphone = fakeMicrophone({ audio: await phrases() }).install();
    const tail = async (mimeType, options, act) => {
      let toldMs, stoppedMs;
      const Fake = globalThis.MediaRecorder;
      globalThis.MediaRecorder = class extends Fake {
        mimeType = mimeType;
        stop() {
          stoppedMs = clock.elapsedMs;
          super.stop();
        }
      };
      const recorder = await theta.record({ ...options, onStop: () => (toldMs = clock.elapsedMs) });
      await clock.advance(1_000);
      const askedMs = clock.elapsedMs;
      const take = await clock.until(act(recorder));
      globalThis.MediaRecorder = Fake;
      return { tailMs: stoppedMs - askedMs, toldMs: toldMs - askedMs, reason: take.stopReason, elapsed: recorder.elapsedSeconds };
    };
    const stop = (recorder) => recorder.stop();
    const outcomes = [
      await tail("audio/webm;codecs=opus", {}, stop),
      await tail("audio/wav", {}, stop),
      await tail("audio/webm;codecs=opus", {}, (recorder) => (recorder.pause(), recorder.stop())),
      await tail("audio/webm;codecs=opus", { maxSeconds: 1 }, stop),
    ];
    microphone.uninstall();
    return outcomes;
  `);
  const [encoded, plain, paused, ended] = tails;
  assert.ok(
    encoded.tailMs >= 60 && encoded.tailMs <= 100 && encoded.toldMs >= encoded.tailMs,
    JSON.stringify(encoded),
  );
  // The recording counts until the moment of `stop()`, without its tail.
  assert.deepEqual([encoded.reason, encoded.elapsed], ["stop", 1]);
  assert.deepEqual([plain.tailMs, paused.tailMs], [0, 0]);
  assert.deepEqual([ended.tailMs <= 0, ended.reason], [true, "max_seconds"]);
});

test("pauses do not count, and maxSeconds does", () => {
  const outcome = run(`
    fakeMicrophone({ tone: { seconds: 1 } }).install();
    let stopped;
    const onStop = ({ reason }) => { stopped = [reason, clock.elapsedMs]; };
    const recorder = await theta.record({ maxSeconds: 3, trimSilence: false, capture: "pcm", onStop });
    await clock.advance(1000);
    recorder.pause();
    const paused = recorder.state;
    await clock.advance(10_000);
    recorder.resume();
    await clock.advance(5000);
    const { durationSeconds, warnings } = await recorder.stop();
    return { stopped, paused, elapsed: recorder.elapsedSeconds, durationSeconds, warnings };
  `);
  assert.equal(outcome.paused, "paused");
  assert.deepEqual(outcome.stopped, ["max_seconds", 13_000]);
  assert.equal(outcome.elapsed, 3);
  // One second of tone, then silence until the end of the recording.
  assert.equal(outcome.durationSeconds, 3);
  assert.deepEqual(outcome.warnings, []);
});

test("a microphone is refused for every reason, and given up while it is asked for", () => {
  const { reasons, aborted } = run(`
    const reasons = [];
    for (const refuse of ["denied", "not_found", "busy", "insecure_context", "unsupported"]) {
      const microphone = fakeMicrophone({ refuse }).install();
      const { name, reason, cause } = await failure(theta.record());
      microphone.uninstall();
      reasons.push([name, reason, cause?.name ?? null]);
    }
    const slow = fakeMicrophone({ delayMs: 60_000 }).install();
    const call = failure(theta.record({ signal: AbortSignal.timeout(2000) }));
    const { name } = await clock.until(call);
    await clock.runAll();
    return { reasons, aborted: [name, slow.constraints.length, slow.isOn] };
  `);
  assert.deepEqual(reasons, [
    ["MicrophoneError", "denied", "NotAllowedError"],
    ["MicrophoneError", "not_found", "NotFoundError"],
    ["MicrophoneError", "busy", "NotReadableError"],
    ["MicrophoneError", "insecure_context", null],
    ["MicrophoneError", "unsupported", null],
  ]);
  assert.deepEqual(aborted, ["AbortError", 1, false]);
});

test("a microphone that goes away, falls silent or hears nothing is an interruption", () => {
  const { unplugged, muted, empty, silent, cancelled } = run(`
    const recorded = async (options, act) => {
      const microphone = fakeMicrophone(options).install();
      const recorder = await theta.record();
      await act(microphone, recorder);
      const outcome = await recorder.stop().then((take) => [take.stopReason, take.durationSeconds], (error) => [error.name, error.reason]);
      microphone.uninstall();
      return outcome;
    };
    return {
      unplugged: await recorded({}, (microphone) => microphone.unplug()),
      muted: await recorded({}, async (microphone) => { microphone.mute(); await clock.advance(2500); }),
      empty: await recorded({ audio: new Blob([]) }, () => {}),
      silent: await recorded({ tone: { amplitude: 0 } }, () => {}),
      cancelled: await recorded({}, (_, recorder) => recorder.cancel()),
    };
  `);
  assert.deepEqual(unplugged, ["interrupted", 1]);
  assert.deepEqual(muted[0], "interrupted");
  assert.deepEqual(empty, ["MicrophoneError", "interrupted"]);
  // Silence is recorded as a take without speech. Only sending it fails.
  assert.equal(silent[0], "stop");
  assert.equal(cancelled[0], "AbortError");
});

test("a recorder that never says that it has stopped is waited for, and not for ever", () => {
  const outcomes = run(`
    const outcomes = {};
    const recorded = async (name, options, act) => {
      const microphone = fakeMicrophone({ tone: { seconds: 1 } }).install();
      globalThis.MediaRecorder = class extends MediaRecorder {
        dispatchEvent(event) {
          return event.type === "stop" || super.dispatchEvent(event);
        }
      };
      const start = clock.elapsedMs;
      let told;
      const onStop = ({ reason }) => { told = [reason, Math.round((clock.elapsedMs - start) / 1000)]; };
      const recorder = await theta.record({ ...options, onStop });
      act?.(microphone);
      await clock.until(recorder.ended);
      const { state } = recorder;
      const on = microphone.isOn;
      const { stopReason, durationSeconds } = await recorder.stop();
      const next = await theta.record();
      next.cancel();
      outcomes[name] = { told, state, on, stopReason, spoken: durationSeconds >= 1, pending: clock.pendingTimers };
      microphone.uninstall();
    };
    await recorded("max_seconds", { maxSeconds: 1 });
    await recorded("silence", { stopOnSilenceSeconds: 1 });
    await recorded("interrupted", {}, (microphone) => microphone.mute());
    return outcomes;
  `);
  const ended = (reason, seconds) => [
    reason,
    {
      told: [reason, seconds],
      state: "stopped",
      on: false,
      stopReason: reason,
      spoken: true,
      pending: 0,
    },
  ];
  // Five seconds after the call of stop().
  assert.deepEqual(
    outcomes,
    Object.fromEntries([ended("max_seconds", 6), ended("silence", 7), ended("interrupted", 7)]),
  );
});

test("stop() does not cut off what is still to come of a recording that ends", () => {
  const take = run(`
    const microphone = fakeMicrophone({ tone: { seconds: 1 } }).install();
    globalThis.MediaRecorder = class extends MediaRecorder {
      dispatchEvent(event) {
        if (["dataavailable", "stop"].includes(event.type)) setTimeout(() => super.dispatchEvent(event), 300);
        else super.dispatchEvent(event);
      }
    };
    const recorder = await theta.record({ maxSeconds: 1 });
    await clock.advance(1100);
    const { stopReason, durationSeconds } = await clock.until(recorder.stop());
    return [stopReason, durationSeconds];
  `);
  assert.deepEqual(take, ["max_seconds", 1]);
});

test("afterwards everything is as it was, and misuse is told", () => {
  const { left, during, said, ended } = run(`
    const names = ["navigator", "MediaRecorder", "AudioContext", "isSecureContext"];
    const present = () => names.filter((name) => name in globalThis && (name !== "navigator" || "mediaDevices" in navigator));
    const before = present();
    const microphone = fakeMicrophone().install();
    const during = present();
    const said = [message(() => fakeMicrophone().install())];
    const recorder = await theta.record();
    microphone.uninstall();
    microphone.uninstall();
    const ended = [await recorder.ended, recorder.state];
    // The recorder's interval would keep Node running.
    await clock.runAll();
    const wrong = [{ refuse: "no" }, { audio: "a.wav" }, { audio: new Blob([]), tone: {} }];
    said.push(...wrong.map((options) => message(() => fakeMicrophone(options))));
    return { left: present().filter((name) => !before.includes(name)), during, said: [...said, microphone.isOn], ended };
  `);
  assert.deepEqual(ended, [{ reason: "interrupted" }, "stopped"]);
  assert.deepEqual(during, ["navigator", "MediaRecorder", "AudioContext"]);
  assert.deepEqual(left, []);
  assert.match(said[0], /a fake microphone is installed already/);
  assert.match(
    said[1],
    /refuse must be one of denied, not_found, busy, insecure_context, unsupported/,
  );
  assert.match(said[2], /audio must be a Blob/);
  assert.match(said[3], /not both/);
  assert.equal(said[4], false);
});

test("the guide's example runs as it stands there", () => {
  const guide = readFileSync(new URL("../../docs/testing.md", import.meta.url), "utf8");
  const [, example] = /^```js\n(.*?)^```$/ms.exec(guide);
  writeFileSync(join(installed.project, "example.test.mjs"), example);
  // With this variable, the runner would consider itself a part of this one.
  const { NODE_TEST_CONTEXT, ...env } = process.env;
  const options = { cwd: installed.project, encoding: "utf8", timeout: 300_000, env };
  const report = execFileSync(
    process.execPath,
    ["--test", "--test-reporter=tap", "example.test.mjs"],
    options,
  );
  assert.match(report, /^# pass [1-9]/m);
  assert.match(report, /^# fail 0$/m);
});
