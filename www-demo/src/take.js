// A take: what it sounds like, and what the speaker can do better.

import { at, write } from "./page.js";

/** Shows the take. */
export function showTake(take) {
  at("take-audio").src = URL.createObjectURL(take.blob);
  at("take-duration").dataset.seconds = take.durationSeconds;
  write("take-duration", `${take.durationSeconds.toFixed(2)} s`);
  write("take-rate", `${take.sampleRate} Hz${take.channels === 1 ? ", mono" : ""}`);
  write("take-bytes", `${(take.bytes / 1000).toFixed(0)} kB`);
  const level = (dbfs) => (dbfs === undefined ? undefined : `${dbfs.toFixed(0)} dBFS`);
  write("take-peak", level(take.peakDbfs));
  write("take-rms", level(take.rmsDbfs));
  write(
    "take-speech",
    take.speechSeconds === undefined ? undefined : `${take.speechSeconds.toFixed(2)} s`,
  );
  const warnings = (take.warnings ?? []).map((warning) => ADVICE[warning] ?? warning);
  at("take-warnings").textContent = warnings.join(" ");
  at("take-warnings").hidden = warnings.length === 0;
  at("take").hidden = false;
}

/** Hides it. */
export function hideTake() {
  const player = at("take-audio");
  if (!player.src) return;
  URL.revokeObjectURL(player.src);
  // What is still playing would be recorded too.
  player.removeAttribute("src");
  player.load();
  at("take").hidden = true;
}

const ADVICE = {
  too_quiet: "Very quiet: move closer to the microphone.",
  clipped: "Too loud: move away from the microphone.",
  mostly_silence: "Hardly any speech was found in it.",
  too_long: "Longer than a minute: the server may give up on it.",
  very_short: "Hardly long enough for a word.",
  truncated: "A part of the recording was lost.",
  junk: "The file is damaged: not all of it is MP3.",
  mixed_formats: "The file changes its sample rate: it may sound too fast or too slow.",
};
