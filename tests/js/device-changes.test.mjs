// Tests of recordings whose device changes.

import { ENGINE } from "../e2e/browser.mjs";
import {
  ENDS,
  ENDS_SILENT,
  FOLLOWS,
  GOES_ON,
  SILENT,
  STAYS,
  assertOutcomes,
  both,
  finish,
  page,
  plugIn,
  pulse,
  record,
  report,
  test,
  unplug,
  useByDefault,
  withoutLevels,
} from "../support/changing-recording.mjs";

/**
 * The changes of devices, with their outcomes by engine. On a busy machine, a device of PulseAudio
 * may deliver nothing for seconds. A recording that waits for it is interrupted: after 5 s, or after
 * 2 s if it reads samples. An audio context of WebKitGTK gets silence instead.
 */
const CHANGES = [
  {
    name: "the microphone is unplugged, and there is another one",
    prepare: () => plugIn("second"),
    change: () => unplug("first"),
    expected: { chromium: both(FOLLOWS("second"), ENDS), firefox: both(ENDS), webkit: both(ENDS) },
  },
  {
    name: "the only microphone is unplugged",
    change: () => pulse.unplugAll(),
    expected: { chromium: both(ENDS), firefox: both(ENDS), webkit: both(ENDS) },
  },
  {
    name: "another microphone becomes the default",
    prepare: () => plugIn("second"),
    change: () => useByDefault("second"),
    expected: {
      chromium: both(FOLLOWS("second"), ENDS),
      firefox: both(STAYS),
      webkit: both(FOLLOWS("second"), ENDS),
    },
  },
  ...[8_000, 16_000].map((rate) => ({
    name: `a headset with ${rate / 1000} kHz is plugged in, and becomes the default`,
    change: async () => {
      await plugIn("headset", rate);
      await useByDefault("headset");
    },
    expected: {
      chromium: both(FOLLOWS("headset"), ENDS),
      firefox: both(STAYS),
      webkit: both(FOLLOWS("headset"), ENDS),
    },
  })),
  {
    name: "the microphone is muted in the system",
    change: () => pulse.pactl("set-source-mute", "first", "1"),
    expected: { chromium: both(ENDS), firefox: both(SILENT), webkit: both(SILENT) },
  },
  {
    name: "the microphone is muted for a moment",
    change: async () => {
      await pulse.pactl("set-source-mute", "first", "1");
      await page.evaluate(() => {
        forgetSounds();
        const all = Object.values(recordings);
        const hasStopped = ({ heardSeconds, track }) => track.muted || heardSeconds.nothing > 0.5;
        return waitFor(() => all.every(hasStopped), "the microphone to be muted");
      });
      await pulse.pactl("set-source-mute", "first", "0");
    },
    // A busy machine may take longer than that moment to unmute it.
    expected: {
      chromium: both(GOES_ON, ENDS_SILENT),
      firefox: both(GOES_ON),
      webkit: both(GOES_ON),
    },
  },
  {
    name: "the device delivers nothing any more",
    change: () => pulse.pactl("suspend-source", "first", "1"),
    // An audio context gets silence of such a device, in Firefox the recorder too.
    expected: {
      chromium: both(ENDS),
      firefox: both(SILENT),
      webkit: { encoded: [ENDS], pcm: [SILENT] },
    },
  },
];

for (const { name, prepare, change, expected } of CHANGES) {
  test(name, async (t) => {
    await prepare?.();
    await record();
    await change();
    const outcomes = await finish(expected[ENGINE]);
    report(t, name, outcomes);
    assertOutcomes(outcomes, expected[ENGINE]);
  });
}

test("a headset with 8 kHz is recorded from the start", async (t) => {
  await plugIn("headset", 8_000);
  await useByDefault("headset");
  await unplug("first");
  await record("other");
  const expected = both({
    stopReason: "stop",
    sound: /^(-*h){3}/,
    awaited: { sound: "other", seconds: 0.75 },
  });
  const outcomes = await finish(expected);
  report(t, "a headset with 8 kHz from the start", outcomes);
  assertOutcomes(outcomes, expected);
});

test("an audio context that is suspended is resumed", async (t) => {
  await record();
  await page.evaluate(async () => {
    await suspendContexts();
    const isRunning = ({ state }) => state === "running";
    await waitFor(() => contexts.pcm.every(isRunning), "the context to be resumed");
  });
  // Only the context that samples are read with is resumed.
  const expected = { encoded: [withoutLevels(GOES_ON)], pcm: [GOES_ON] };
  const outcomes = await finish(expected);
  report(t, "the audio context is suspended", outcomes);
  assertOutcomes(outcomes, expected);
});

test("an audio context that stays interrupted", async (t) => {
  await record();
  await page.evaluate(async () => {
    AudioContext.prototype.resume = () =>
      Promise.reject(new DOMException("interrupted", "InvalidStateError"));
    await suspendContexts();
  });
  // Chromium reads samples without an audio context.
  const expected = { encoded: [withoutLevels(STAYS)], pcm: [ENGINE === "chromium" ? STAYS : ENDS] };
  const outcomes = await finish(expected);
  report(t, "the audio context stays interrupted", outcomes);
  assertOutcomes(outcomes, expected);
});

test("a track that is muted for a second", async (t) => {
  await record();
  await page.evaluate(async () => {
    const muteForASecond = async ({ recorder, track }) => {
      let isMuted = true;
      Object.defineProperty(track, "muted", { get: () => isMuted });
      track.dispatchEvent(new Event("mute"));
      const { elapsedSeconds } = recorder;
      await waitFor(() => recorder.elapsedSeconds > elapsedSeconds + 1, "a second");
      isMuted = false;
      track.dispatchEvent(new Event("unmute"));
    };
    await Promise.all(Object.values(recordings).map(muteForASecond));
  });
  const outcomes = await finish(both(GOES_ON));
  report(t, "the track is muted for a second", outcomes);
  assertOutcomes(outcomes, both(GOES_ON));
});
