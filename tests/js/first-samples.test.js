// The recorders that `record()` starts to notice the first samples: one may stay on, and none after
// the end.

import { ThetaOne } from "../../pkg/index.js";
import { assert, rejection, test, waitFor } from "./support/test.js";

/** The interval in which the recorder of a take delivers chunks, in milliseconds. */
const CHUNK_MS = 250;

const { start } = MediaRecorder.prototype;

/**
 * Returns a list that grows by every MediaRecorder that is started from now on, and calls `onStart`
 * with its interval before.
 */
function watchRecorders(onStart = (_chunkMs) => {}) {
  const recorders = [];
  MediaRecorder.prototype.start = function (chunkMs) {
    onStart(chunkMs);
    recorders.push(Object.assign(this, { chunkMs }));
    return start.call(this, chunkMs);
  };
  return recorders;
}

const recordingOnes = (recorders) => recorders.filter(({ state }) => state === "recording");

const countRecording = (recorders) => recordingOnes(recorders).length;

/** Returns whether the recorder of a take is recording. */
const isTakeRecorded = (recorders) =>
  recordingOnes(recorders).some(({ chunkMs }) => chunkMs === CHUNK_MS);

/** Returns a stream of a tone, which stays the page's own. */
function streamOfTone() {
  const context = new AudioContext();
  const destination = new MediaStreamAudioDestinationNode(context);
  const tone = new OscillatorNode(context);
  tone.connect(destination);
  tone.start();
  return { context, stream: destination.stream };
}

const record = (options) =>
  new ThetaOne({ baseUrl: "/api" }).record({ capture: "encoded", ...options });

/** Starts a recording of `stream` and aborts it as soon as a recorder is on. */
async function giveUp(recorders, stream) {
  const controller = new AbortController();
  const recording = record({ stream, signal: controller.signal });
  await waitFor(() => countRecording(recorders) > 0);
  controller.abort();
  // Some browsers take silence for samples.
  await recording.then(
    (recorder) => recorder.cancel(),
    () => {},
  );
}

test("when the first samples have arrived, one recorder goes on", async () => {
  const recorders = watchRecorders();
  const { stream } = streamOfTone();
  const recorder = await record({ stream });
  assert.isTrue(isTakeRecorded(recorders));
  await waitFor(() => countRecording(recorders) === 1);
  assert.isTrue(isTakeRecorded(recorders));
  const take = await recorder.stop();
  assert.isAbove(take.durationSeconds, 0);
  assert.strictEqual(countRecording(recorders), 0);
});

/**
 * Delays the tasks of the scheduler, as a busy page does, until `run()` is called. In Firefox, the
 * recorder starts in such a task.
 */
function holdTasks() {
  const { scheduler } = globalThis;
  let run;
  const isOver = new Promise((resolve) => {
    run = resolve;
  });
  if (scheduler) scheduler.postTask = (task) => isOver.then(task);
  return { run };
}

test("a page whose scheduler is something else records too", async () => {
  for (const value of [undefined, {}]) {
    Object.defineProperty(globalThis, "scheduler", { value, configurable: true });
    const recorders = watchRecorders();
    const recorder = await record({ stream: streamOfTone().stream });
    assert.isTrue(isTakeRecorded(recorders));
    const take = await recorder.stop();
    assert.isAbove(take.durationSeconds, 0);
  }
});

test("a recorder that starts late has started when record() resolves", async () => {
  const recorders = watchRecorders();
  const { run } = holdTasks();
  const { stream } = streamOfTone();
  let wasRecorded;
  const recording = record({ stream }).finally(() => {
    wasRecorded = isTakeRecorded(recorders);
  });
  await waitFor(() => countRecording(recorders) > 0);
  const startedMs = performance.now();
  await waitFor(() => performance.now() - startedMs > 200);
  run();
  const recorder = await recording;
  assert.isTrue(wasRecorded);
  const take = await recorder.stop();
  assert.isAbove(take.durationSeconds, 0);
});

test("a recorder that would start after its recording was given up does not start", async () => {
  const recorders = watchRecorders();
  const { run } = holdTasks();
  await giveUp(recorders, streamOfTone().stream);
  run();
  await new Promise((resolve) => setTimeout(resolve));
  assert.strictEqual(countRecording(recorders), 0);
});

test("a recorder that cannot start is a MicrophoneError, and leaves no recorder on", async () => {
  const recorders = watchRecorders((chunkMs) => {
    if (chunkMs === CHUNK_MS) throw new DOMException("refused", "NotSupportedError");
  });
  const { stream } = streamOfTone();
  const error = await rejection(record({ stream }));
  assert.strictEqual(error.name, "MicrophoneError");
  assert.strictEqual(countRecording(recorders), 0);
  assert.strictEqual(stream.getAudioTracks()[0].readyState, "live");
});

test("a recording that is given up before its first samples leaves no recorder on", async () => {
  const recorders = watchRecorders();
  const { context, stream } = streamOfTone();
  await context.suspend();
  await giveUp(recorders, stream);
  assert.strictEqual(countRecording(recorders), 0);
  assert.strictEqual(stream.getAudioTracks()[0].readyState, "live");
});
