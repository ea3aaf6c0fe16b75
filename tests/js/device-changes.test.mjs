// Tests of recordings whose device changes.

import { setTimeout as pause } from "node:timers/promises";
import { ENGINE } from "../e2e/browser.mjs";
import {
  ENDS,
  FOLLOWS,
  GOES_ON,
  SILENT,
  STAYS,
  assertOutcome,
  finish,
  page,
  plugIn,
  pulse,
  record,
  report,
  test,
  unplug,
  useByDefault,
} from "../support/changing-recording.mjs";

/**
 * The changes of devices, with their outcomes by engine. On a busy machine, a device of PulseAudio
 * takes more than five seconds to start; a recording that waits for it is interrupted.
 */
const CHANGES = [
  {
    name: "the microphone is unplugged, and there is another one",
    prepare: () => plugIn("second"),
    change: () => unplug("first"),
    expected: { chromium: [FOLLOWS("second")], firefox: [ENDS], webkit: [ENDS] },
  },
  {
    name: "the only microphone is unplugged",
    change: () => pulse.unplugAll(),
    expected: { chromium: [ENDS], firefox: [ENDS], webkit: [ENDS] },
  },
  {
    name: "another microphone becomes the default",
    prepare: () => plugIn("second"),
    change: () => useByDefault("second"),
    expected: {
      chromium: [FOLLOWS("second")],
      firefox: [STAYS],
      webkit: [FOLLOWS("second"), ENDS],
    },
  },
  ...[8_000, 16_000].map((rate) => ({
    name: `a headset with ${rate / 1000} kHz is plugged in, and becomes the default`,
    change: async () => {
      await plugIn("headset", rate);
      await useByDefault("headset");
    },
    expected: {
      chromium: [FOLLOWS("headset"), ENDS],
      firefox: [STAYS],
      webkit: [FOLLOWS("headset"), ENDS],
    },
  })),
  {
    name: "the microphone is muted in the system",
    change: () => pulse.pactl("set-source-mute", "first", "1"),
    expected: { chromium: [ENDS], firefox: [SILENT], webkit: [SILENT] },
  },
  {
    name: "the microphone is muted for a second",
    change: async () => {
      await pulse.pactl("set-source-mute", "first", "1");
      await pause(1000);
      await pulse.pactl("set-source-mute", "first", "0");
    },
    expected: { chromium: [GOES_ON], firefox: [GOES_ON], webkit: [GOES_ON] },
  },
  {
    name: "the device delivers nothing any more",
    change: () => pulse.pactl("suspend-source", "first", "1"),
    // An audio context gets silence of such a device, in Firefox the recorder too.
    expected: { chromium: [ENDS, SILENT], firefox: [SILENT], webkit: [ENDS, SILENT] },
  },
];

for (const capture of ["encoded", "pcm"]) {
  for (const { name, prepare, change, expected } of CHANGES) {
    test(`${name}: ${capture}`, async (t) => {
      await prepare?.();
      await record(capture);
      await change();
      const outcome = await finish(expected[ENGINE].includes(ENDS) ? 7 : 3);
      report(t, name, capture, outcome);
      assertOutcome(outcome, expected[ENGINE]);
    });
  }

  test(`a headset with 8 kHz is recorded from the start: ${capture}`, async (t) => {
    await plugIn("headset", 8_000);
    await useByDefault("headset");
    await unplug("first");
    await record(capture);
    const outcome = await finish(1);
    report(t, "a headset with 8 kHz from the start", capture, outcome);
    assertOutcome(outcome, [{ stopReason: "stop", sound: /h{5,}/ }]);
  });

  test(`an audio context that is suspended is resumed: ${capture}`, async (t) => {
    await record(capture);
    await page.evaluate(async () => {
      const open = contexts.filter(({ state }) => state !== "closed");
      await Promise.all(open.map((context) => context.suspend()));
    });
    const outcome = await finish(2);
    report(t, "the audio context is suspended", capture, outcome);
    assertOutcome(outcome, [{ stopReason: "stop", sound: /^-*f{3,}.*f{5,}.?$/ }]);
  });

  test(`an audio context that stays interrupted: ${capture}`, async (t) => {
    await record(capture);
    await page.evaluate(async () => {
      AudioContext.prototype.resume = () =>
        Promise.reject(new DOMException("interrupted", "InvalidStateError"));
      const open = contexts.filter(({ state }) => state !== "closed");
      await Promise.all(open.map((context) => context.suspend()));
    });
    const outcome = await finish(6);
    report(t, "the audio context stays interrupted", capture, outcome);
    // Chromium reads samples without an audio context.
    const needsContext = capture === "pcm" && ENGINE !== "chromium";
    assertOutcome(outcome, [needsContext ? ENDS : STAYS]);
  });

  test(`a track that is muted for a second: ${capture}`, async (t) => {
    await record(capture);
    await page.evaluate(async () => {
      let isMuted = true;
      Object.defineProperty(track, "muted", { get: () => isMuted });
      track.dispatchEvent(new Event("mute"));
      const { elapsedSeconds } = recorder;
      while (recorder.elapsedSeconds < elapsedSeconds + 1)
        await new Promise((resolve) => setTimeout(resolve, 20));
      isMuted = false;
      track.dispatchEvent(new Event("unmute"));
    });
    const outcome = await finish(2);
    report(t, "the track is muted for a second", capture, outcome);
    assertOutcome(outcome, [GOES_ON]);
  });
}
