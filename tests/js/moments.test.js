// Everything that can end a recording, at every moment of a recording: the outcome has a type, and
// no track and no audio context stays on.

import { ThetaOne, ThetaOneError } from "../../pkg/index.js";
import { allClosed, statesOf, watchContexts, watchTracks } from "./support/microphone.js";
import { assert, test, waitFor } from "./support/test.js";

const { mediaDevices } = navigator;
const isWebKit = !("chrome" in globalThis) && !("mozInnerScreenX" in globalThis);

/** The events of a recording. Each gets the state of the recording so far. */
const ACTIONS = {
  "the signal is aborted": ({ controller }) => controller.abort("no more"),
  "the client is disposed of": ({ client }) => client.dispose(),
  "cancel() is called": ({ recorder }) => recorder?.cancel(),
  "stop() is called": ({ recorder }) => void recorder?.stop().catch(() => {}),
  "pause() and resume() are called": ({ recorder }) => {
    recorder?.pause();
    recorder?.resume();
  },
  "the microphone is unplugged": ({ tracks }) => {
    for (const track of tracks) {
      // stop() fires no event; an unplugged device does.
      track.stop();
      track.dispatchEvent(new Event("ended"));
    }
  },
  "the page is left": () => dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true })),
  "record() is called again": (state) => {
    state.second = state.client.record();
    state.second.catch(() => {});
  },
};

/**
 * The moments, in their order. `hook` installs what calls `reached` at the moment; otherwise
 * `reach` brings the recording there.
 */
const MOMENTS = [
  { name: "in the tick of record()", isTick: true, isEarly: true },
  { name: "a microtask later", isMicrotask: true, isEarly: true },
  { name: "during the permission prompt", hook: hookPrompt },
  { name: "when the microphone has opened", hook: hookOpened, hasTrack: true },
  { name: "before the first sound", hook: hookStarted, hasTrack: true },
  { name: "in onStart", event: "onStart", hasTrack: true, hasStarted: true },
  { name: "when record() has resolved", reach: () => {}, hasTrack: true, hasStarted: true },
  {
    name: "during the recording",
    reach: recorded,
    hasTrack: true,
    hasStarted: true,
  },
  {
    name: "in a pause",
    reach: async (state) => {
      await recorded(state);
      state.recorder.pause();
    },
    hasTrack: true,
    hasStarted: true,
  },
  { name: "while stop() waits for the last sound", reach: stopped, isOver: true },
  {
    name: "while the take is prepared",
    reach: async (state) => {
      await stopped(state);
      await state.recorder.ended;
    },
    isOver: true,
  },
  { name: "in onStop", event: "onStop", reach: stopped, isOver: true },
  {
    name: "when the take is there",
    reach: async (state) => {
      await stopped(state);
      await state.take.catch(() => {});
    },
    isOver: true,
    hasTake: true,
  },
];

/** Waits until something was recorded, which is in the take if the microphone goes away now. */
function recorded({ recorder }) {
  return waitFor(() => recorder.elapsedSeconds > 0.3);
}

/** Calls `stop()` when something was recorded. */
async function stopped(state) {
  await recorded(state);
  state.take = state.recorder.stop();
  state.take.catch(() => {});
}

/** Calls `reached` while the browser asks the user. */
function hookPrompt(reached) {
  const { getUserMedia } = mediaDevices;
  mediaDevices.getUserMedia = async (constraints) => {
    const opening = getUserMedia.call(mediaDevices, constraints);
    // The SDK does not wait for the browser yet.
    void Promise.resolve().then(reached);
    return opening;
  };
}

/** Calls `reached` when the microphone is on, before the SDK knows. */
function hookOpened(reached) {
  const { getUserMedia } = mediaDevices;
  mediaDevices.getUserMedia = async (constraints) => {
    const stream = await getUserMedia.call(mediaDevices, constraints);
    reached();
    return stream;
  };
}

/** Calls `reached` when the capture has been started, before sound can arrive. */
function hookStarted(reached, capture) {
  const later = () => void Promise.resolve().then(reached);
  if (capture === "encoded") {
    const { start } = MediaRecorder.prototype;
    MediaRecorder.prototype.start = function (...options) {
      start.apply(this, options);
      later();
    };
    return;
  }
  const { createMediaStreamSource } = AudioContext.prototype;
  AudioContext.prototype.createMediaStreamSource = function (stream) {
    later();
    return createMediaStreamSource.call(this, stream);
  };
  const Processor = globalThis.MediaStreamTrackProcessor;
  if (!Processor) return;
  // Chromium reads the samples of the track.
  globalThis.MediaStreamTrackProcessor = class extends Processor {
    constructor(init) {
      super(init);
      later();
    }
  };
}

/** Returns the outcomes that are right: names of errors, and reasons of takes. */
function expectedOutcomes(moment, action, capture) {
  const { hasTrack, hasStarted, isEarly, isOver, hasTake } = moment;
  // WebKitGTK's recorder finishes no file when its track is stopped, and now and then hands out no
  // chunk at all.
  const broken = isWebKit && capture === "encoded" ? ["InvalidAudioError", "MicrophoneError"] : [];
  const take = ["stop", ...broken];
  if (hasTake) return take;
  switch (action) {
    case "the signal is aborted":
      return hasStarted || isOver ? take : ["AbortError"];
    case "the client is disposed of":
      // The recording may be a take already.
      return isOver ? ["AbortError", ...take] : ["AbortError"];
    case "cancel() is called":
      // There is no recorder before record() has resolved.
      return isOver || (hasStarted && moment.event !== "onStart") ? ["AbortError"] : take;
    case "the microphone is unplugged":
      if (!hasTrack) return take;
      // A microphone that has not been heard yet leaves nothing.
      return hasStarted ? ["interrupted", "MicrophoneError", ...broken] : ["MicrophoneError"];
    case "the page is left":
      // A page that is left while the recorder loads has opened nothing yet.
      if (isOver || isEarly) return [...take, "MicrophoneError"];
      return hasStarted ? ["page_hide", "MicrophoneError", ...broken] : ["MicrophoneError"];
    default:
      return take;
  }
}

/** Waits for `condition` at most this long, by looking again and again. */
async function holdsSoon(condition) {
  const end = performance.now() + 10_000;
  await waitFor(() => condition() || performance.now() > end);
  return condition();
}

/** Records, lets `action` happen at `moment`, and returns what is wrong afterwards. */
async function problemsOf(moment, action, capture) {
  const { getUserMedia } = mediaDevices;
  const { start } = MediaRecorder.prototype;
  const { createMediaStreamSource, resume } = AudioContext.prototype;
  const { MediaStreamTrackProcessor } = globalThis;
  const [tracks, contexts] = [watchTracks(), watchContexts()];
  const controller = new AbortController();
  const client = new ThetaOne({ baseUrl: "/api" });
  const state = { controller, client, tracks };
  let count = 0;
  const reached = () => {
    count += 1;
    if (count === 1) ACTIONS[action](state);
  };
  try {
    moment.hook?.(reached, capture);
    const options = { capture, onLevel() {}, signal: controller.signal };
    if (moment.event) options[moment.event] = reached;
    const recording = client.record(options);
    if (moment.isTick) reached();
    if (moment.isMicrotask) void Promise.resolve().then(reached);
    let outcome;
    try {
      state.recorder = await recording;
      if (moment.reach) await moment.reach(state);
      if (moment.reach && !moment.event) reached();
      // Something is to be recorded, if the recording goes on.
      const { recorder } = state;
      await Promise.allSettled([state.second]);
      await waitFor(() => recorder.state !== "recording" || recorder.elapsedSeconds > 0.3);
      outcome = (await recorder.stop()).stopReason;
    } catch (error) {
      outcome = ThetaOneError.is(error) ? error.name : `untyped: ${error?.stack}`;
    }
    const problems = [];
    const expected = expectedOutcomes(moment, action, capture);
    if (count === 0) problems.push("the moment never came");
    if (!expected.includes(outcome))
      problems.push(`${outcome} instead of ${expected.join(" or ")}`);
    const again = await state.second?.catch((error) => `${error.name} ${error.reason}`);
    if (again && again !== "MicrophoneError busy") {
      if (!moment.isOver) problems.push(`the second record(): ${again.state ?? again}`);
      again.cancel?.();
    }
    client.dispose();
    const isOff = () => statesOf(tracks).every((readyState) => readyState === "ended");
    if (!(await holdsSoon(isOff))) problems.push(`tracks: ${statesOf(tracks)}`);
    await allClosed(contexts);
    return problems.map((problem) => `${action}: ${problem}`);
  } finally {
    mediaDevices.getUserMedia = getUserMedia;
    MediaRecorder.prototype.start = start;
    Object.assign(AudioContext.prototype, { createMediaStreamSource, resume });
    if (MediaStreamTrackProcessor) Object.assign(globalThis, { MediaStreamTrackProcessor });
  }
}

/** Tests every action at `moment`. */
async function assertNothingStaysOn(moment, capture) {
  const problems = [];
  for (const action of Object.keys(ACTIONS))
    problems.push(...(await problemsOf(moment, action, capture)));
  assert.strictEqual(problems.join("; "), "");
}

for (const moment of MOMENTS) {
  test(`encoded: whatever happens ${moment.name}, nothing stays on`, () =>
    assertNothingStaysOn(moment, "encoded"));
  test(`pcm: whatever happens ${moment.name}, nothing stays on`, () =>
    assertNothingStaysOn(moment, "pcm"));
}
