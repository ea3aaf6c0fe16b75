// The recorder, with the browser's fake microphone, which beeps.

import { ThetaOne } from "../../pkg/index.js";
import {
  abortedWhenAsked,
  allClosed,
  speakRepeatedly,
  statesOf,
  watchContexts,
  watchTracks,
} from "./support/microphone.js";
import { assert, rejection, test, waitFor } from "./support/test.js";

const CAPTURES = ["encoded", "pcm"];
/** The number of audio contexts of a recording. Chromium reads samples without one. */
const CONTEXTS = { encoded: 1, pcm: typeof MediaStreamTrackProcessor === "function" ? 0 : 1 };
const newClient = () => new ThetaOne({ baseUrl: "/api" });

/**
 * Records with a new client. `levels` lists the reported levels, and `stopped` resolves to the
 * argument of `onStop`. `audioSeconds()` returns the time since the start by the clock of the audio
 * context, which is late on a busy machine, as the sound is.
 */
async function record(options, client = newClient()) {
  const contexts = watchContexts();
  const levels = [];
  const { promise: stopped, resolve: onStop } = Promise.withResolvers();
  const onLevel = (level) => levels.push(level);
  // Not every capture has a context.
  const now = () => contexts.at(-1)?.currentTime ?? performance.now() / 1000;
  let startSeconds;
  const onStart = () => {
    startSeconds = now();
  };
  const recorder = await client.record({
    trimSilence: false,
    onLevel,
    onStart,
    onStop,
    ...options,
  });
  return { recorder, levels, stopped, audioSeconds: () => now() - startSeconds };
}

/** Waits until something is recorded. */
const somethingIsRecorded = ({ levels }) =>
  waitFor(() => levels.some(({ elapsedSeconds }) => elapsedSeconds > 0.4));

/**
 * Asserts that a take lasts about as long as expected. On a busy machine, recorders start late and
 * have gaps. A recorder that stops late has recorded from `sinceMs` until now. WebKitGTK's recorder,
 * with its mock microphone, records up to 1.4 s more than the clock.
 */
function assertAbout(seconds, expected, sinceMs) {
  assert.isAbove(seconds, 0);
  assert.isAtLeast(seconds, expected - 0.4);
  assert.isBelow(seconds, (performance.now() - sinceMs) / 1000 + 1.4);
}

test("an encoded recording becomes a take, and the microphone is closed", async () => {
  const tracks = watchTracks();
  const startMs = performance.now();
  const recording = await record({ capture: "encoded" });
  const { recorder, levels } = recording;
  assert.strictEqual(recorder.state, "recording");
  await somethingIsRecorded(recording);
  assert.isAtMost(levels.at(-1).rmsDbfs, 0);
  const recordedSeconds = recording.audioSeconds();
  const take = await recorder.stop();
  assert.strictEqual(recorder.state, "stopped");
  assert.deepEqual(statesOf(tracks), ["ended"]);
  assert.strictEqual(take.sampleRate, 16_000);
  assertAbout(take.durationSeconds, recordedSeconds, startMs);
  assert.strictEqual(await recorder.stop(), take);
});

test("a second recording is refused until the first has ended", async () => {
  const client = newClient();
  const first = client.record({});
  const refused = [rejection(client.record({}))];
  const recorder = await first;
  refused.push(rejection(client.record({})));
  for (const error of await Promise.all(refused))
    assert.deepEqual([error.name, error.reason], ["MicrophoneError", "busy"]);
  recorder.cancel();
  const next = await client.record({});
  next.cancel();
});

test("a recording that is cancelled gives no take", async () => {
  const tracks = watchTracks();
  const { recorder } = await record();
  recorder.cancel();
  assert.deepEqual(statesOf(tracks), ["ended"]);
  assert.strictEqual(recorder.state, "cancelled");
  assert.strictEqual((await recorder.ended).reason, "cancel");
  assert.strictEqual((await rejection(recorder.stop())).name, "AbortError");
});

test("a recording ends after maxSeconds, and its take is there", async () => {
  const tracks = watchTracks();
  const startMs = performance.now();
  const { recorder, stopped } = await record({ maxSeconds: 0.5 });
  assert.strictEqual((await recorder.ended).reason, "max_seconds");
  assert.strictEqual((await stopped).reason, "max_seconds");
  assert.deepEqual(statesOf(tracks), ["ended"]);
  assertAbout((await recorder.stop()).durationSeconds, 0.5, startMs);
});

test("stop() at once has a take, although Chromium's recorder has encoded nothing yet", async () => {
  const { recorder } = await record();
  const take = await recorder.stop();
  assert.strictEqual(take.stopReason, "stop");
  assert.isAbove(take.durationSeconds, 0);
});

test("a pause does not count as recorded time", async () => {
  const recording = await record();
  const { recorder, levels } = recording;
  recorder.pause();
  assert.strictEqual(recorder.state, "paused");
  const before = recorder.elapsedSeconds;
  // The meter goes on in a pause.
  const count = levels.length;
  await waitFor(() => levels.length > count);
  assert.strictEqual(recorder.elapsedSeconds, before);
  recorder.resume();
  assert.strictEqual(recorder.state, "recording");
  await somethingIsRecorded(recording);
  recorder.cancel();
});

test("dispose() closes the microphone", async () => {
  const tracks = watchTracks();
  const client = newClient();
  const { recorder } = await record({}, client);
  client.dispose();
  assert.strictEqual((await recorder.ended).reason, "cancel");
  assert.deepEqual(statesOf(tracks), ["ended"]);
  assert.strictEqual(recorder.state, "cancelled");
});

test("a microphone that opens after an abort is closed", async () => {
  const tracks = watchTracks();
  const error = await rejection(newClient().record({ signal: abortedWhenAsked("no more") }));
  assert.strictEqual(error.name, "AbortError");
  assert.strictEqual(error.cause, "no more");
  await waitFor(() => tracks.length > 0);
  await waitFor(() => statesOf(tracks).every((state) => state === "ended"));
  assert.deepEqual(statesOf(tracks), ["ended"]);
});

test("with a signal that is aborted already, the user is not asked", async () => {
  const tracks = watchTracks();
  const error = await rejection(newClient().record({ signal: AbortSignal.abort("no more") }));
  assert.strictEqual(error.name, "AbortError");
  assert.deepEqual(tracks, []);
});

test("with capture: 'pcm', samples become a take, and microphone and context are closed", async () => {
  const [tracks, contexts] = [watchTracks(), watchContexts()];
  const startMs = performance.now();
  const recording = await record({ capture: "pcm" });
  const { recorder, levels } = recording;
  await somethingIsRecorded(recording);
  assert.isAtMost(levels.at(-1).peakDbfs, 0);
  const recordedSeconds = recording.audioSeconds();
  const take = await recorder.stop();
  assertAbout(take.durationSeconds, recordedSeconds, startMs);
  assert.strictEqual(take.sampleRate, 16_000);
  assert.strictEqual(take.stopReason, "stop");
  assert.deepEqual(statesOf(tracks), ["ended"]);
  await allClosed(contexts);
  assert.strictEqual(contexts.length, CONTEXTS.pcm);
  assert.strictEqual(await recorder.stop(), take);
});

// A pause has no samples either, and after 50 looks without any, a microphone counts as gone.
for (const capture of CAPTURES) {
  test(`a pause is no interruption, and its meter shows silence: ${capture}`, async () => {
    const startMs = performance.now();
    const { recorder, levels, audioSeconds } = await record({ capture });
    let end;
    recorder.ended.then((reason) => {
      end = reason;
    });
    // Waits for a beep of the fake microphone.
    await waitFor(() => levels.some(({ rmsDbfs }) => rmsDbfs > -60));
    const recordedSeconds = audioSeconds();
    recorder.pause();
    const { elapsedSeconds } = recorder;
    levels.length = 0;
    await waitFor(() => levels.length > 60 || end);
    assert.isUndefined(end);
    assert.strictEqual(recorder.state, "paused");
    assert.strictEqual(recorder.elapsedSeconds, elapsedSeconds);
    const inPause = levels.map(({ rmsDbfs }) => rmsDbfs);
    recorder.resume();
    assert.strictEqual(recorder.state, "recording");
    if (capture === "encoded") {
      recorder.cancel();
      return;
    }
    assert.isAbove(inPause.length, 60);
    assert.isTrue(
      inPause.every((dbfs) => dbfs === -100),
      `${inPause}`,
    );
    const take = await recorder.stop();
    assert.strictEqual(take.stopReason, "stop");
    assertAbout(take.durationSeconds, recordedSeconds, startMs);
  });
}

test("with capture: 'pcm', a worklet records where tracks cannot be read", async () => {
  delete globalThis.MediaStreamTrackProcessor;
  const [tracks, contexts] = [watchTracks(), watchContexts()];
  const startMs = performance.now();
  const recording = await record({ capture: "pcm" });
  const { recorder } = recording;
  await somethingIsRecorded(recording);
  const recordedSeconds = recording.audioSeconds();
  assertAbout((await recorder.stop()).durationSeconds, recordedSeconds, startMs);
  assert.deepEqual(statesOf(tracks), ["ended"]);
  await allClosed(contexts);
  assert.strictEqual(contexts.length, 1);
});

/** The reasons for which a worklet cannot record. */
const OBSTACLES = {
  "worklets are forbidden": () => {
    AudioWorklet.prototype.addModule = () =>
      Promise.reject(new DOMException("blocked", "AbortError"));
  },
  "no audio context starts": () => {
    globalThis.AudioContext = class extends AudioContext {
      constructor(...options) {
        super(...options);
        this.suspend();
      }
    };
    AudioContext.prototype.resume = () => new Promise(() => {});
  },
};

for (const [obstacle, apply] of Object.entries(OBSTACLES)) {
  test(`capture: 'pcm' records encoded where ${obstacle}`, async () => {
    // Chromium needs no worklet.
    delete globalThis.MediaStreamTrackProcessor;
    apply();
    const contexts = watchContexts();
    const recording = await record({ capture: "pcm" });
    const { recorder } = recording;
    // Levels are measured with a context, too.
    if (apply === OBSTACLES["no audio context starts"])
      await waitFor(() => recorder.elapsedSeconds > 0.4);
    else await somethingIsRecorded(recording);
    const take = await recorder.stop();
    assert.isAbove(take.durationSeconds, 0);
    await allClosed(contexts);
    assert.strictEqual(contexts.length, 2);
  });
}

for (const capture of CAPTURES) {
  test(`a recording ends when the speaker has finished: ${capture}`, async () => {
    const tracks = speakRepeatedly();
    const { recorder, stopped } = await record({ capture, stopOnSilenceSeconds: 0.3 });
    assert.strictEqual((await stopped).reason, "silence");
    assert.deepEqual(statesOf(tracks), ["ended"]);
    const take = await recorder.stop();
    assert.strictEqual(take.stopReason, "silence");
    // The browser's own recorder may be late.
    assert.isAtLeast(take.trailingSilenceSeconds, capture === "pcm" ? 0.2 : 0);
    assert.isAbove(take.speechSeconds, 0);
  });
}

for (const capture of CAPTURES) {
  for (const [options, reason] of [
    [{ stopOnSilenceSeconds: 0.3 }, "silence"],
    [{ maxSeconds: 0.5 }, "max_seconds"],
  ]) {
    test(`in a hidden tab, whose timers are slow, a recording ends by itself: ${capture}, ${reason}`, async () => {
      const { setInterval } = globalThis;
      globalThis.setInterval = (work, ms) => setInterval(work, Math.max(ms, 60_000));
      speakRepeatedly();
      const { recorder, stopped } = await record({ capture, ...options });
      assert.strictEqual((await stopped).reason, reason);
      await recorder.stop();
    });
  }
}

async function leavePage(capture) {
  const [tracks, contexts] = [watchTracks(), watchContexts()];
  const recording = await record({ capture });
  const { recorder } = recording;
  await somethingIsRecorded(recording);
  dispatchEvent(new Event("pagehide"));
  assert.deepEqual(statesOf(tracks), ["ended"]);
  assert.strictEqual(recorder.state, "stopped");
  const take = await recorder.stop();
  assert.strictEqual(take.stopReason, "page_hide");
  assert.isAbove(take.durationSeconds, 0);
  await allClosed(contexts);
  assert.strictEqual(contexts.length, CONTEXTS[capture]);
}

test("a page that is left keeps an encoded take and closes the microphone", () =>
  leavePage("encoded"));

test("a page that is left keeps a PCM take and closes the microphone", () => leavePage("pcm"));

test("a microphone that stays muted is an interruption", async () => {
  const tracks = watchTracks();
  const { recorder, stopped } = await record();
  Object.defineProperty(tracks[0], "muted", { get: () => true });
  assert.strictEqual((await stopped).reason, "interrupted");
  assert.isAbove((await recorder.stop()).durationSeconds, 0.5);
});

test("a take that lacks a part of the recording has the warning truncated", async () => {
  const recording = await record();
  await somethingIsRecorded(recording);
  const now = performance.now.bind(performance);
  performance.now = () => now() + 60_000;
  const take = await recording.recorder.stop();
  assert.include(take.warnings, "truncated");
  assert.isAbove(take.durationSeconds, 0);
});

/** Records, ends the recording by `end`, and looks at what is left open. */
async function assertAllIsClosed(capture, end) {
  const [tracks, contexts, client] = [watchTracks(), watchContexts(), newClient()];
  const recording = await record({ capture }, client);
  await somethingIsRecorded(recording);
  await end({ ...recording, tracks, client });
  assert.deepEqual(statesOf(tracks), ["ended"]);
  await allClosed(contexts);
  assert.strictEqual(contexts.length, CONTEXTS[capture]);
}

for (const capture of CAPTURES) {
  test(`cancel() closes the microphone and its contexts: ${capture}`, () =>
    assertAllIsClosed(capture, ({ recorder }) => recorder.cancel()));

  test(`dispose() closes the microphone and its contexts: ${capture}`, () =>
    assertAllIsClosed(capture, async ({ recorder, client }) => {
      client.dispose();
      await recorder.ended;
    }));
}

async function unplug({ recorder, tracks: [track] }) {
  // stop() fires no event; an unplugged device does.
  track.stop();
  track.dispatchEvent(new Event("ended"));
  assert.strictEqual((await recorder.stop()).stopReason, "interrupted");
}

test("a microphone that is unplugged leaves an encoded take, and all is closed", () =>
  assertAllIsClosed("encoded", unplug));

test("a microphone that is unplugged leaves a PCM take, and all is closed", () =>
  assertAllIsClosed("pcm", unplug));

test("a recording begins without the core, and stop() rejects if it cannot be loaded", async () => {
  const { ThetaOne: ThetaOneWithoutCore } = await import("/pkg-without/runtime.js/index.js");
  const tracks = watchTracks();
  let hasStarted = false;
  const recorder = await new ThetaOneWithoutCore({ baseUrl: "/api" }).record({
    onStart: () => {
      hasStarted = true;
    },
  });
  assert.isTrue(hasStarted);
  assert.strictEqual(recorder.state, "recording");
  assert.deepEqual(statesOf(tracks), ["live"]);
  const errors = [await rejection(recorder.stop()), await rejection(recorder.stop())];
  assert.deepEqual(
    errors.map(({ name }) => name),
    ["WasmLoadError", "WasmLoadError"],
  );
  assert.deepEqual(statesOf(tracks), ["ended"]);
});

for (const capture of CAPTURES) {
  test(`the stream of a page is recorded without its video, and stays on: ${capture}`, async () => {
    const tracks = speakRepeatedly();
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    const [video] = document.createElement("canvas").captureStream().getTracks();
    stream.addTrack(video);
    const asked = watchTracks();
    const { recorder, stopped } = await record({ capture, stream, stopOnSilenceSeconds: 0.3 });
    assert.strictEqual((await stopped).reason, "silence");
    const take = await recorder.stop();
    assert.isAbove(take.speechSeconds, 0);
    assert.deepEqual(statesOf([...tracks, video]), ["live", "live"]);
    assert.deepEqual(asked, []);
  });
}
