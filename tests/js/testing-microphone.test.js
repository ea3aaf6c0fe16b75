// The fake microphone of thetaone-web/testing in a page: devices that appear, go and are muted, and
// a permission that changes.

import { ThetaOne, microphones } from "../../pkg/index.js";
import { fakeMicrophone } from "../../pkg/testing.js";
import { assert, rejection, test, waitFor } from "./support/test.js";

const DESK = { deviceId: "desk", label: "Desk" };
const HEADSET = { deviceId: "headset", label: "Headset" };

/** Installs a fake microphone, and calls `work` with it. */
async function withMicrophone(options, work) {
  const microphone = fakeMicrophone({ tone: { seconds: 0.5 }, ...options }).install();
  try {
    await work(microphone);
  } finally {
    microphone.uninstall();
  }
}

/** Subscribes; the result has the number of calls. */
async function subscribe() {
  const calls = { count: 0 };
  calls.end = microphones.subscribe(() => {
    calls.count += 1;
  });
  // The permission is observed when the browser has returned its status.
  await microphones.permission();
  return calls;
}

const labels = async () =>
  (await microphones.list()).map(({ label, isDefault }) => (isDefault ? `${label}*` : label));

test("a device that appears and goes is listed, and subscribers are called", () =>
  withMicrophone({ devices: [DESK], permission: "granted" }, async (microphone) => {
    const calls = await subscribe();
    assert.deepEqual(await labels(), ["Desk*"]);
    microphone.plugIn(HEADSET);
    assert.deepEqual(await labels(), ["Desk*", "Headset"]);
    microphone.unplug("desk");
    assert.deepEqual(await labels(), ["Headset*"]);
    microphone.unplug();
    assert.deepEqual(await labels(), []);
    assert.strictEqual(calls.count, 3);
    calls.end();
    microphone.plugIn(DESK);
    assert.strictEqual(calls.count, 3);
    const gone = await rejection(new ThetaOne().record({ deviceId: "headset" }));
    assert.deepEqual([gone.name, gone.reason], ["MicrophoneError", "not_found"]);
  }));

test("only the recording of the device that goes is interrupted", () =>
  withMicrophone({ devices: [DESK, HEADSET] }, async (microphone) => {
    const [first, second] = [new ThetaOne(), new ThetaOne()];
    const [desk, headset] = [
      await first.record({ deviceId: "desk" }),
      await second.record({ deviceId: "headset" }),
    ];
    microphone.unplug("headset");
    assert.strictEqual((await headset.ended).reason, "interrupted");
    assert.strictEqual(desk.state, "recording");
    assert.strictEqual((await headset.stop()).stopReason, "interrupted");
    assert.strictEqual((await desk.stop()).stopReason, "stop");
    assert.isFalse(microphone.isOn);
  }));

test("a device that stays muted interrupts, and one that is unmuted goes on", () =>
  withMicrophone({ devices: [DESK] }, async (microphone) => {
    const client = new ThetaOne();
    const recorder = await client.record();
    microphone.mute();
    await waitFor(() => recorder.elapsedSeconds > 1);
    microphone.mute(false);
    await waitFor(() => recorder.elapsedSeconds > 3.5);
    assert.strictEqual(recorder.state, "recording");
    microphone.mute();
    assert.strictEqual((await recorder.ended).reason, "interrupted");
    assert.strictEqual((await recorder.stop()).stopReason, "interrupted");
    assert.isFalse(microphone.isOn);
  }));

test("a permission that is taken away ends the recording, and is reported", () =>
  withMicrophone({ devices: [DESK], permission: "prompt" }, async (microphone) => {
    const calls = await subscribe();
    assert.strictEqual(await microphones.permission(), "prompt");
    assert.deepEqual(await labels(), ["*"]);
    const client = new ThetaOne();
    const recorder = await client.record();
    assert.strictEqual(await microphones.permission(), "granted");
    assert.deepEqual(await labels(), ["Desk*"]);
    microphone.setPermission("denied");
    assert.strictEqual((await recorder.ended).reason, "interrupted");
    assert.strictEqual((await recorder.stop()).stopReason, "interrupted");
    const denied = await rejection(client.record());
    assert.deepEqual([denied.name, denied.reason], ["MicrophoneError", "denied"]);
    assert.strictEqual(await microphones.permission(), "denied");
    assert.strictEqual(calls.count, 2);
    assert.isFalse(microphone.isOn);
    calls.end();
  }));
