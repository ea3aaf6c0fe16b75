// A voice for browsers that cannot play a file into their microphone. It plays into PulseAudio's
// sink `mouth`, whose other end is the microphone that xtask has set up.

import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { Readable } from "node:stream";

const HEADER_BYTES = 44;

/** Plays the WAV file, 48 kHz and mono, repeatedly or once. Returns a function that stops it. */
export function speak(file, { once = false } = {}) {
  const voice = spawn(
    "pacat",
    [
      "--playback",
      "--device=mouth",
      "--raw",
      "--rate=48000",
      "--channels=1",
      "--format=s16le",
      "--latency-msec=50",
    ],
    { stdio: ["pipe", "ignore", "inherit"] },
  );
  const samples = readFileSync(file).subarray(HEADER_BYTES);
  function* chunks() {
    do yield samples;
    while (!once);
  }
  // When the voice is stopped, the rest of its input fails to be written. This error is expected.
  voice.stdin.on("error", () => {});
  Readable.from(chunks()).pipe(voice.stdin);
  return () => voice.kill();
}
