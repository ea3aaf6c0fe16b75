// From the microphone, or a file, to a take.

import { announce, at, write } from "./page.js";
import { hideFailure, showFailure } from "./failure.js";
import { hideResult } from "./result.js";

/** Lets the page record with `client()`; `onTake` gets every new take. */
export function setUpRecording(client, onTake) {
  let recorder;
  let asking;

  const buttons = (recording) => {
    at("record").disabled = recording;
    at("stop").disabled = !recording;
    at("cancel").disabled = !recording;
    at("file").disabled = recording;
  };

  const over = () => {
    recorder = undefined;
    buttons(false);
    showLevel(-Infinity);
  };

  const keep = async (making) => {
    try {
      const take = await making;
      showTake(take);
      onTake(take);
      announce("Your take is ready to be sent.");
    } catch (error) {
      showFailure(error);
    }
  };

  const stop = async () => {
    const ending = recorder;
    over();
    announce("Preparing your take …");
    await keep(ending.stop());
    at("send").focus();
  };

  at("record").addEventListener("click", async () => {
    hideFailure();
    hideResult();
    buttons(true);
    at("stop").disabled = true;
    announce("Please allow the microphone.");
    const { signal } = (asking = new AbortController());
    try {
      recorder = await client().record({
        maxSeconds: 60,
        trimSilence: at("trim").checked,
        stopOnSilenceSeconds: at("auto-stop").checked ? 1.5 : undefined,
        capture: at("lossless").checked ? "pcm" : "encoded",
        signal,
        onLevel: ({ rmsDbfs, elapsedSeconds }) => {
          showLevel(rmsDbfs);
          write("elapsed", elapsedSeconds.toFixed(1));
        },
        onStop: ({ reason }) => {
          if (reason !== "stop" && recorder) stop();
        },
      });
    } catch (error) {
      // Cancelled before the browser's question was answered: no failure.
      if (signal.aborted) return;
      over();
      showFailure(error);
      return;
    }
    buttons(true);
    at("stop").focus();
    announce("Recording. Read the sentence, then stop.");
  });

  at("stop").addEventListener("click", stop);

  at("cancel").addEventListener("click", () => {
    asking.abort();
    recorder?.cancel();
    over();
    write("elapsed", "0.0");
    announce("The recording was thrown away.");
    at("record").focus();
  });

  at("file").addEventListener("change", async () => {
    const [file] = at("file").files;
    if (!file) return;
    hideFailure();
    hideResult();
    announce("Preparing the file …");
    await keep(client().prepare(file, { trimSilence: at("trim").checked }));
  });
}

function showLevel(dbfs) {
  const shown = Math.max(dbfs, -60);
  at("meter").value = shown;
  at("level-text").textContent = Number.isFinite(dbfs) ? `${dbfs.toFixed(0)} dBFS` : "";
}

function showTake(take) {
  const player = at("take-audio");
  if (player.src) URL.revokeObjectURL(player.src);
  player.src = URL.createObjectURL(take.blob);
  at("take-duration").dataset.seconds = take.durationSeconds;
  write("take-duration", `${take.durationSeconds.toFixed(2)} s`);
  write("take-rate", `${take.sampleRate} Hz${take.channels === 1 ? ", mono" : ""}`);
  write("take-bytes", `${(take.bytes / 1000).toFixed(0)} kB`);
  const level = (dbfs) => (dbfs === undefined ? undefined : `${dbfs.toFixed(0)} dBFS`);
  write("take-peak", level(take.peakDbfs));
  write("take-rms", level(take.rmsDbfs));
  write("take-speech", take.speechSeconds === undefined ? undefined : `${take.speechSeconds.toFixed(2)} s`);
  const warnings = (take.warnings ?? []).map((warning) => ADVICE[warning] ?? warning);
  at("take-warnings").textContent = warnings.join(" ");
  at("take-warnings").hidden = warnings.length === 0;
  at("take").hidden = false;
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
