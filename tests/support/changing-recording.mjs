// A page that records a real microphone of a PulseAudio server, while its device or the page itself
// changes. Both captures record at once, because the tests wait in real time. The tests print the
// rows of the table in docs/recording.md.

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
/** The volume of the other microphones: the level of a recording shows which one is heard. */
const OTHER_VOLUME = "-20dB";
/** The time for which the first microphone is heard before the change. */
const BEFORE_SECONDS = 1.5;

export const pulse = await startPulseAudio();
const microphones = new Map();
export const plugIn = async (name, rate) => {
  microphones.set(name, await pulse.plugIn(name, TONES[name], rate));
  if (name !== "first") await pulse.pactl("set-source-volume", name, OTHER_VOLUME);
};
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
    await import("/tests/support/recording-page.js");
    await prepare(tones);
  }, TONES);
}

/** Records with both captures, until each has heard `sound` for a while. */
export async function record(sound = "first") {
  await waitFor(async () => {
    await openPage();
    return page.evaluate(
      ([sound, seconds]) => recordUntilHeard(sound, seconds),
      [sound, BEFORE_SECONDS],
    );
  }, `both captures to hear ${sound}`);
}

/**
 * Records until each capture has ended by itself, or has heard the sound of one of its expected
 * outcomes for long enough. Resolves to the outcomes by capture.
 */
export async function finish(expected) {
  const awaited = Object.fromEntries(
    Object.entries(expected).map(([capture, outcomes]) => [
      capture,
      outcomes.flatMap((outcome) => outcome.awaited ?? []),
    ]),
  );
  return page.evaluate((awaited) => {
    forgetSounds();
    return globalThis.finish(awaited);
  }, awaited);
}

/** The same outcomes for both captures. */
export const both = (...outcomes) => ({ encoded: outcomes, pcm: outcomes });

// The outcomes: the tones of the take, and the sound that is awaited after the change. On a busy
// machine, the browser loses a part of any sound, so that a take is shorter than the time that was
// recorded.
export const ENDS = { stopReason: "interrupted", sound: /^(-*f){3}/ };
/** A muted track has no sound for two seconds, and then the recording ends. */
export const ENDS_SILENT = { stopReason: "interrupted", sound: /^(-*f){3}.*--$/ };
export const GOES_ON = {
  stopReason: "stop",
  sound: /^(-*f){3}.*(f[^f]{0,3}){3}$/,
  awaited: { sound: "first", seconds: 1.75 },
};
export const STAYS = {
  stopReason: "stop",
  sound: /^(-*f){3}.*(f[^f]{0,3}){3}$/,
  awaited: { sound: "first", seconds: 2.5 },
};
export const FOLLOWS = (name) => ({
  stopReason: "stop",
  sound: new RegExp(`^(-*f){3}.*(${name[0]}-*){3}`),
  awaited: { sound: "other", seconds: 1.75 },
});
/** Returns an outcome of a recording whose levels stop at the change: `seconds` are recorded. */
export const withoutLevels = (outcome) => ({
  ...outcome,
  awaited: { ...outcome.awaited, sound: "anything" },
});
/** Silence of more than two seconds, after which a recording without input would have ended. */
export const SILENT = {
  stopReason: "stop",
  sound: /^(-*f){3}.*--$/,
  awaited: { sound: "nothing", seconds: 3 },
};

const testOfEngine = testIn("tests/js/");

/** Adds a test, after which no browser records any more. */
export const test = (title, work) =>
  testOfEngine(title, async (t) => {
    await reset();
    await work(t);
    // On a busy machine, WebKitGTK 2.50.6 sometimes reads a new default device until the page goes,
    // although all tracks have ended.
    if (ENGINE === "webkit") await page.goto("about:blank");
    await microphoneIsOff();
  });

/** Prints what happened, for the table of docs/recording.md. */
export function report(t, name, outcomes) {
  for (const [capture, outcome] of Object.entries(outcomes))
    t.diagnostic(`| ${ENGINE} | ${capture} | ${name} | ${JSON.stringify(outcome)} |`);
}

/** Fails unless the outcome of each capture is one of those expected. */
export function assertOutcomes(outcomes, expected) {
  for (const [capture, outcomesOfCapture] of Object.entries(expected)) {
    const outcome = outcomes[capture];
    const isExpected = ({ stopReason, sound }) =>
      outcome.stopReason === stopReason && sound.test(outcome.sound);
    const description = `${capture}: ${JSON.stringify(outcome)}`;
    assert.ok(outcomesOfCapture.some(isExpected), description);
    assert.ok(!outcome.problem, description);
    assert.equal(outcome.tracks.after, "ended", description);
  }
}
