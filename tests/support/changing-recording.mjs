// A page that records a real microphone, of a PulseAudio server, while its device or the page itself
// changes. The tests print the rows of the table in docs/recording.md.

import assert from "node:assert/strict";
import * as node from "node:test";
import { ENGINE, testIn } from "../e2e/browser.mjs";
import { serve } from "../e2e/files.mjs";
import { startPulseAudio } from "./pulseaudio.mjs";
import { launchWithMicrophones } from "./real-microphone.mjs";
import { waitFor } from "./wait-for.js";

const ROOT = new URL("../../", import.meta.url);
const PAGE = '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">';
/** The tones of the microphones, in Hz. A take shows which one was heard. */
const TONES = { first: 500, second: 1_500, headset: 1_000 };

export const pulse = await startPulseAudio();
const microphones = new Map();
export const plugIn = async (name, rate) =>
  microphones.set(name, await pulse.plugIn(name, TONES[name], rate));
export const unplug = async (name) => {
  const unload = microphones.get(name);
  microphones.delete(name);
  await unload?.();
};
export const useByDefault = (name) => pulse.pactl("set-default-source", name);

await plugIn("first");
await useByDefault("first");
const browser = await launchWithMicrophones();
export const server = await serve(
  { "/": PAGE, "/other": PAGE },
  { "/pkg/": new URL("pkg/", ROOT), "/tests/": new URL("tests/", ROOT) },
);
export const page = await browser.newPage();
node.after(async () => {
  await browser.close();
  await server.close();
  await pulse.close();
});

/** Waits until no browser records any more. */
export const microphoneIsOff = () => waitFor(async () => (await pulse.recordings()).length === 0);

/** Brings the microphones back to their first state. */
async function reset() {
  for (const name of [...microphones.keys()]) if (name !== "first") await unplug(name);
  // The sounds of the microphones are sinks, too, and were unplugged with the speaker.
  if (await pulse.plugInSpeaker()) microphones.delete("first");
  if (!microphones.has("first")) await plugIn("first");
  await pulse.pactl("set-source-mute", "first", "0");
  await pulse.pactl("suspend-source", "first", "0");
  await useByDefault("first");
}

/** Opens a page that can record. */
export async function openPage() {
  await page.goto(server.url);
  await page.evaluate(async (tones) => {
    const { ThetaOne } = await import("/pkg/index.js");
    const theta = new ThetaOne({ baseUrl: "/api" });
    await theta.ready();
    // A page that is left fetches nothing any more.
    await import("/pkg/record/create-microphone-error.js");
    const off = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
    const contexts = [];
    const { resume } = AudioContext.prototype;
    AudioContext.prototype.resume = function () {
      if (!contexts.includes(this)) contexts.push(this);
      return resume.call(this);
    };
    globalThis.contexts = contexts;
    const { mediaDevices } = navigator;
    // WebKit forgets what was set on the object when nothing refers to it.
    globalThis.mediaDevices = mediaDevices;
    const { getUserMedia } = MediaDevices.prototype;
    mediaDevices.getUserMedia = async (constraints) => {
      const stream = await getUserMedia.call(mediaDevices, constraints);
      [globalThis.track] = stream.getAudioTracks();
      return stream;
    };
    globalThis.start = async (capture) => {
      globalThis.recorder = await theta.record({
        capture,
        trimSilence: false,
        constraints: off,
        onLevel() {},
      });
    };
    /** Returns the tone that is heard in each quarter of a second: its index, or `-`. */
    globalThis.heard = async (blob) => {
      const samples = new Int16Array(await blob.slice(44).arrayBuffer());
      const amplitude = (at, hertz) => {
        let [cosine, sine] = [0, 0];
        for (let n = 0; n < 4000; n++) {
          const phase = (2 * Math.PI * hertz * n) / 16_000;
          cosine += samples[at + n] * Math.cos(phase);
          sine += samples[at + n] * Math.sin(phase);
        }
        return Math.hypot(cosine, sine) / 2000;
      };
      let found = "";
      for (let at = 0; at + 4000 <= samples.length; at += 4000) {
        const [loudest] = Object.keys(tones)
          .map((name) => [name, amplitude(at, tones[name])])
          .sort(([, one], [, other]) => other - one);
        found += loudest[1] > 100 ? loudest[0][0] : "-";
      }
      return found;
    };
    globalThis.finish = async () => {
      const { elapsedSeconds } = recorder;
      const tracks = { before: track.readyState };
      try {
        const take = await recorder.stop();
        const { stopReason, durationSeconds, warnings } = take;
        const sound = await heard(take.blob);
        tracks.after = track.readyState;
        return { stopReason, durationSeconds, warnings, sound, elapsedSeconds, tracks };
      } catch (error) {
        return { error: `${error.name} ${error.reason}`, elapsedSeconds, tracks };
      }
    };
  }, TONES);
}

/** Records until the first microphone was heard for a second. */
export async function record(capture) {
  await openPage();
  await page.evaluate((capture) => start(capture), capture);
  await page.waitForFunction(() => recorder.level.rmsDbfs > -40);
  await page.evaluate(() => {
    globalThis.heardAtSeconds = recorder.elapsedSeconds;
  });
  await page.waitForFunction(() => recorder.elapsedSeconds > heardAtSeconds + 1);
}

/** Records for another three seconds, or until the recording ends by itself; returns the take. */
export async function finish(seconds = 3) {
  await page.evaluate(() => {
    globalThis.changedAtSeconds = recorder.elapsedSeconds;
  });
  await page.waitForFunction(
    (seconds) =>
      recorder.state === "stopped" || recorder.elapsedSeconds > changedAtSeconds + seconds,
    seconds,
  );
  return page.evaluate(() => finish());
}

export const GOES_ON = { stopReason: "stop", sound: /^-*f{3,}/ };
export const FOLLOWS = (name) => ({
  stopReason: "stop",
  sound: new RegExp(`^-*f{3,}.*${name[0]}{5,}`),
});
export const STAYS = { stopReason: "stop", sound: /^-*f{3,}f{8,}/ };
export const SILENT = { stopReason: "stop", sound: /^-*f{3,}.*-{5,}/ };
export const ENDS = { stopReason: "interrupted", sound: /^-*f{3,}/ };

const testOfEngine = testIn("tests/js/");

/** Adds a test, after which no browser records any more. */
export const test = (title, work) =>
  testOfEngine(title, async (t) => {
    await reset();
    await work(t);
    await microphoneIsOff();
  });

/** Prints what happened, for the table of docs/recording.md. */
export const report = (t, name, capture, outcome) =>
  t.diagnostic(`| ${ENGINE} | ${capture} | ${name} | ${JSON.stringify(outcome)} |`);

/** Fails unless the outcome is one of these. */
export function assertOutcome(outcome, expected) {
  const isExpected = ({ stopReason, sound }) =>
    outcome.stopReason === stopReason && sound.test(outcome.sound);
  assert.ok(expected.some(isExpected), JSON.stringify(outcome));
  assert.equal(outcome.tracks.after, "ended");
}
