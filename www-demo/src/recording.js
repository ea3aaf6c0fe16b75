// From the microphone, or a file, to a take.

import { announce, at, write } from "./page.js";
import { hideFailure, showFailure } from "./failure.js";
import { hideResult } from "./result.js";
import { hideTake, showTake } from "./take.js";

/** Lets the page record with `client()`; `onTake` gets every new take, and `undefined` where there is none any more. */
export function setUpRecording(client, onTake) {
  let cancelling;

  // Until a take is ready or has failed, no other is begun: what came late would stand in the place of what is newer.
  const replaceTake = async (made) => {
    hideFailure();
    hideResult();
    // Where the new one fails, the old one must not be what is sent.
    hideTake();
    onTake(undefined);
    offer();
    try {
      const take = await made().finally(() => offer("record", "file"));
      showTake(take);
      onTake(take);
      announce("Your take is ready to be sent.");
      at("send").focus();
    } catch (error) {
      if (error.code === "ABORTED") showCancelled();
      else showFailure(error);
    }
  };

  const recorded = async () => {
    const { signal } = (cancelling = new AbortController());
    // The file that was chosen before can be chosen again then.
    at("file").value = "";
    write("elapsed", "0.0");
    offer("cancel");
    announce("Please allow the microphone.");
    const recorder = await client().record({
      maxSeconds: 60,
      trimSilence: at("trim").checked,
      stopOnSilenceSeconds: at("auto-stop").checked ? 1.5 : undefined,
      capture: at("lossless").checked ? "pcm" : "encoded",
      signal,
      onLevel: ({ rmsDbfs, elapsedSeconds }) => {
        showLevel(rmsDbfs);
        write("elapsed", elapsedSeconds.toFixed(1));
      },
    });
    signal.addEventListener("abort", () => recorder.cancel());
    offer("stop", "cancel");
    at("stop").focus();
    announce("Recording. Read the sentence, then stop.");
    await Promise.race([recorder.ended, pressed("stop")]);
    showLevel(-Infinity);
    if (!signal.aborted) {
      offer();
      announce("Preparing your take …");
    }
    return recorder.stop();
  };

  const prepared = (file) => {
    announce("Preparing the file …");
    return client().prepare(file, { trimSilence: at("trim").checked });
  };

  at("record").addEventListener("click", () => replaceTake(recorded));
  at("cancel").addEventListener("click", () => cancelling.abort());
  at("file").addEventListener("change", () => {
    const [file] = at("file").files;
    if (file) replaceTake(() => prepared(file));
  });
  // Firefox brings back, when a page is loaded again, which buttons were enabled.
  offer("record", "file");
}

function offer(...ids) {
  for (const id of ["record", "stop", "cancel", "file"]) at(id).disabled = !ids.includes(id);
}

const pressed = (id) =>
  new Promise((resolve) => at(id).addEventListener("click", resolve, { once: true }));

function showCancelled() {
  write("elapsed", "0.0");
  announce("The recording was thrown away.");
  at("record").focus();
}

function showLevel(dbfs) {
  const shown = Math.max(dbfs, -60);
  at("meter").value = shown;
  at("level-text").textContent = Number.isFinite(dbfs) ? `${dbfs.toFixed(0)} dBFS` : "";
}
