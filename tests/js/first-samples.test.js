// The recorders that `record()` starts to notice the first samples: one may stay on, and none after
// the end.

import { ThetaOne } from "../../pkg/index.js";
import { assert, test, waitFor } from "./support/test.js";

/** Returns a list that grows by every MediaRecorder that is started from now on. */
function watchRecorders() {
  const recorders = [];
  const { start } = MediaRecorder.prototype;
  MediaRecorder.prototype.start = function (...options) {
    recorders.push(this);
    return start.apply(this, options);
  };
  return recorders;
}

const countRecording = (recorders) => recorders.filter(({ state }) => state === "recording").length;

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

test("when the first samples have arrived, one recorder goes on", async () => {
  const recorders = watchRecorders();
  const { stream } = streamOfTone();
  const recorder = await record({ stream });
  await waitFor(() => countRecording(recorders) === 1);
  assert.strictEqual(recorders[0].state, "recording");
  const take = await recorder.stop();
  assert.isAbove(take.durationSeconds, 0);
  assert.strictEqual(countRecording(recorders), 0);
});

test("a recording that is given up before its first samples leaves no recorder on", async () => {
  const recorders = watchRecorders();
  const { context, stream } = streamOfTone();
  await context.suspend();
  const controller = new AbortController();
  const recording = record({ stream, signal: controller.signal });
  await waitFor(() => countRecording(recorders) > 0);
  controller.abort();
  // Some browsers take silence for samples.
  await recording.then(
    (recorder) => recorder.cancel(),
    () => {},
  );
  assert.strictEqual(countRecording(recorders), 0);
  assert.strictEqual(stream.getAudioTracks()[0].readyState, "live");
});
