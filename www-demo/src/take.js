// Shows a take and its properties, and advice for a better one.

import { byId, write } from "./page.js";

/** Shows the take. */
export function showTake(take) {
  byId("take-audio").src = URL.createObjectURL(take.blob);
  byId("take-duration").dataset.seconds = take.durationSeconds;
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
  byId("take-warnings").textContent = warnings.join(" ");
  byId("take-warnings").hidden = warnings.length === 0;
  byId("take").hidden = false;
}

/** Hides the take. */
export function hideTake() {
  const player = byId("take-audio");
  if (!player.src) return;
  URL.revokeObjectURL(player.src);
  // A take that is still playing would be recorded too.
  player.removeAttribute("src");
  player.load();
  byId("take").hidden = true;
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
