// A voice for browsers that cannot play a file into their microphone: it speaks into PulseAudio's sink `mouth`, whose
// other end is the microphone that xtask has set up.

import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { Readable } from "node:stream";

const HEADER_BYTES = 44;

/** Speaks the WAV file, 48 kHz and mono, again and again or once; gives what makes it stop. */
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
  function* said() {
    do yield samples;
    while (!once);
  }
  // What was still to be said when it is told to stop is not wanted.
  voice.stdin.on("error", () => {});
  Readable.from(said()).pipe(voice.stdin);
  return () => voice.kill();
}
