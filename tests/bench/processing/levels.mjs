// Measures what echo cancellation, noise suppression and automatic gain control do to a take: plays
// speech and noise into a microphone of PulseAudio, and records it with each of them.
//
//   cargo xtask build && ENGINE=chromium node tests/bench/processing/levels.mjs
//
// ENGINE is chromium or firefox. Prints the table of docs/recording.md.

import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { Readable } from "node:stream";
import { ENGINE, SPEECH } from "../../e2e/browser.mjs";
import { serve } from "../../e2e/files.mjs";
import { startPulseAudio } from "../../support/pulseaudio.mjs";
import { launchWithMicrophones } from "../../support/real-microphone.mjs";

const ROOT = new URL("../../../", import.meta.url);
const RATE = 48_000;
const HEADER_BYTES = 44;
/** A recording, of which the start is not measured: the browser adapts in that time. */
const RECORD_SECONDS = 10;
const ADAPTING_SECONDS = 4;

const OFF = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
const SETTINGS = {
  "all off": OFF,
  "only `noiseSuppression`": { ...OFF, noiseSuppression: true },
  "only `autoGainControl`": { ...OFF, autoGainControl: true },
  "only `echoCancellation`": { ...OFF, echoCancellation: true },
  "the browser's default": undefined,
};
/** The levels at the microphone, in dBFS. `echo` is played by the page instead. */
const SCENES = {
  "normal speech": { speech: -26 },
  "quiet speech": { speech: -46 },
  "normal speech and a fan": { speech: -26, noise: -46 },
  "the page's own loudspeaker": { echo: -26 },
};

/** Returns noise like that of a fan: the same in every run, and louder in the bass. */
function fanNoise(length) {
  let [state, low] = [1, 0];
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    low = 0.95 * low + state / 2 ** 31;
    return low;
  });
}

/** Scales samples to a level, in dBFS. */
function withLevel(samples, dbfs) {
  const rms = Math.sqrt(samples.reduce((sum, sample) => sum + sample ** 2, 0) / samples.length);
  return samples.map((sample) => (sample / rms) * 10 ** (dbfs / 20));
}

const speech = Float32Array.from(
  new Int16Array(readFileSync(SPEECH).buffer.slice(HEADER_BYTES)),
  (sample) => sample / 32_768,
);

/** Returns a scene as 16-bit samples. Full scale is not exceeded at these levels. */
function samplesOf({ speech: speechDbfs, noise: noiseDbfs }) {
  const parts = [];
  if (speechDbfs !== undefined) parts.push(withLevel(speech, speechDbfs));
  if (noiseDbfs !== undefined) parts.push(withLevel(fanNoise(speech.length), noiseDbfs));
  return Int16Array.from(
    speech,
    (_, at) => parts.reduce((sum, part) => sum + part[at], 0) * 32_767,
  );
}

/** Plays samples into a sink again and again. Returns a function that stops it. */
function play(samples, sink) {
  const player = spawn(
    "pacat",
    [
      ...["--playback", `--device=${sink}`, "--raw", `--rate=${RATE}`, "--channels=1"],
      ...["--format=s16le", "--latency-msec=50"],
    ],
    { stdio: ["pipe", "ignore", "inherit"] },
  );
  function* repeated() {
    for (;;) yield Buffer.from(samples.buffer);
  }
  player.stdin.on("error", () => {});
  Readable.from(repeated()).pipe(player.stdin);
  return () => player.kill();
}

const pulse = await startPulseAudio([
  "load-module module-null-sink sink_name=mouth rate=48000 channels=1",
  "load-module module-null-sink sink_name=listener rate=48000 channels=1",
  "load-module module-remap-source master=mouth.monitor source_name=microphone",
  // A sink without a listener takes sound in blocks of two seconds.
  "load-module module-loopback source=mouth.monitor sink=listener latency_msec=30",
  // The room: what the loudspeaker plays reaches the microphone.
  "load-module module-loopback source=speaker.monitor sink=mouth latency_msec=30",
  "set-default-sink speaker",
  "set-default-source microphone",
]);
const browser = await launchWithMicrophones();
const server = await serve(
  { "/": '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">' },
  { "/pkg/": new URL("pkg/", ROOT), "/speech": new URL("tests/fixtures/", ROOT) },
);

/**
 * Records a scene. Resolves to the level of speech, which is that of the loudest tenth of the
 * frames, and to that of the pauses, of the quietest tenth, in dBFS.
 */
async function measure(page, { echo }, constraints) {
  await page.goto(server.url);
  return page.evaluate(
    async ({ echo, constraints, recordSeconds, adaptingSeconds }) => {
      const { ThetaOne } = await import("/pkg/index.js");
      if (echo !== undefined) {
        const context = new AudioContext();
        const response = await fetch("/speech/speech.wav");
        const buffer = await context.decodeAudioData(await response.arrayBuffer());
        const samples = buffer.getChannelData(0);
        const rms = Math.sqrt(
          samples.reduce((sum, sample) => sum + sample ** 2, 0) / buffer.length,
        );
        const gain = new GainNode(context, { gain: 10 ** (echo / 20) / rms });
        const source = new AudioBufferSourceNode(context, { buffer, loop: true });
        source.connect(gain).connect(context.destination);
        source.start();
      }
      const theta = new ThetaOne({ baseUrl: "/api" });
      const options = { capture: "pcm", trimSilence: false, maxSeconds: recordSeconds };
      if (constraints) options.constraints = constraints;
      const recorder = await theta.record(options);
      await recorder.ended;
      const take = await recorder.stop();
      const samples = new Int16Array(await take.blob.slice(44).arrayBuffer());
      const frame = take.sampleRate / 20;
      const levels = [];
      for (let at = adaptingSeconds * take.sampleRate; at + frame <= samples.length; at += frame) {
        let squares = 0;
        for (let n = at; n < at + frame; n++) squares += (samples[n] / 32_768) ** 2;
        levels.push(10 * Math.log10(squares / frame + 1e-10));
      }
      levels.sort((one, other) => one - other);
      const share = (part) => Math.round(levels[Math.floor(part * (levels.length - 1))]);
      return { speech: share(0.9), pauses: share(0.1) };
    },
    { echo, constraints, recordSeconds: RECORD_SECONDS, adaptingSeconds: ADAPTING_SECONDS },
  );
}

console.log(`| ${ENGINE} | ${Object.keys(SETTINGS).join(" | ")} |`);
console.log(`|---|${"---|".repeat(Object.keys(SETTINGS).length)}`);
try {
  const page = await browser.newPage();
  for (const [name, scene] of Object.entries(SCENES)) {
    const stop = scene.echo === undefined && play(samplesOf(scene), "mouth");
    const cells = [];
    for (const constraints of Object.values(SETTINGS)) {
      const { speech, pauses } = await measure(page, scene, constraints);
      cells.push(`${speech} / ${pauses}`);
    }
    if (stop) stop();
    console.log(`| ${name} | ${cells.join(" | ")} |`);
  }
} finally {
  await browser.close();
  await server.close();
  await pulse.close();
}
process.exit(0);
