// A microphone for Chromium that says the sentence again and again, with a silence in between that
// is long enough to end a recording.

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { wavHeader } from "../support/wav.js";

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const RATE = 48_000;
const SILENCE_SECONDS = 2.5;

/** Writes the sound, and returns the arguments of Chromium for a microphone that plays it. */
export async function voiceArguments() {
  const speech = await readFile(path("../fixtures/speech.wav"));
  const samples = speech.subarray(wavHeader({ dataBytes: 0 }).byteLength);
  const silence = new Uint8Array(RATE * 2 * SILENCE_SECONDS);
  const header = wavHeader({ rate: RATE, dataBytes: samples.length + silence.length });
  const folder = path("../../target/examples/");
  await mkdir(folder, { recursive: true });
  await writeFile(`${folder}voice.wav`, Buffer.concat([header, samples, silence]));
  return [
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    `--use-file-for-fake-audio-capture=${folder}voice.wav`,
  ];
}
