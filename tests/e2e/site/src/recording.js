// Creates a take from the microphone or a file.

import { announce, byId, write } from "./page.js";
import { hideFailure, showFailure } from "./failure.js";
import { hideResult } from "./result.js";
import { hideTake, showTake } from "./take.js";

/**
 * Sets up recording with `client()`. `onTake` is called with every new take, and with `undefined`
 * when there is no take any more.
 */
export function setUpRecording(client, onTake) {
  let cancelling;

  // Disables the buttons until the take is ready or has failed, so that an older take cannot
  // replace a newer one. Shows its own errors.
  const replaceTake = async (createTake) => {
    hideFailure();
    hideResult();
    // The old take must not be sent if the new one fails.
    hideTake();
    onTake(undefined);
    enableOnly();
    try {
      const take = await createTake().finally(() => enableOnly("record", "file"));
      showTake(take);
      onTake(take);
      announce("Your take is ready to be sent.");
      byId("send").focus();
    } catch (error) {
      if (error.code === "ABORTED") showCancelled();
      else showFailure(error);
    }
  };

  const record = async () => {
    cancelling = new AbortController();
    const { signal } = cancelling;
    // Allows the same file to be chosen again.
    byId("file").value = "";
    write("elapsed", "0.0");
    enableOnly("cancel");
    announce("Please allow the microphone.");
    const recorder = await client().record({
      maxSeconds: Number(new URLSearchParams(location.search).get("maxSeconds") ?? 60),
      trimSilence: byId("trim").checked,
      stopOnSilenceSeconds: byId("auto-stop").checked ? 1.5 : undefined,
      capture: byId("lossless").checked ? "pcm" : "encoded",
      signal,
      onLevel: ({ rmsDbfs, elapsedSeconds }) => {
        showLevel(rmsDbfs);
        write("elapsed", elapsedSeconds.toFixed(1));
      },
    });
    signal.addEventListener("abort", () => recorder.cancel());
    enableOnly("stop", "cancel");
    byId("stop").focus();
    announce("Recording. Read the sentence, then stop.");
    await Promise.race([recorder.ended, clicked("stop")]);
    showLevel(-Infinity);
    if (!signal.aborted) {
      enableOnly();
      announce("Preparing your take …");
    }
    return recorder.stop();
  };

  const prepareFile = (file) => {
    announce("Preparing the file …");
    return client().prepare(file, { trimSilence: byId("trim").checked });
  };

  byId("record").addEventListener("click", () => void replaceTake(record));
  byId("cancel").addEventListener("click", () => cancelling.abort());
  byId("file").addEventListener("change", () => {
    const [file] = byId("file").files;
    if (file) void replaceTake(() => prepareFile(file));
  });
  // On reload, Firefox restores which buttons were enabled.
  enableOnly("record", "file");
}

function enableOnly(...ids) {
  for (const id of ["record", "stop", "cancel", "file"]) byId(id).disabled = !ids.includes(id);
}

const clicked = (id) =>
  new Promise((resolve) => byId(id).addEventListener("click", resolve, { once: true }));

function showCancelled() {
  write("elapsed", "0.0");
  announce("The recording was discarded.");
  byId("record").focus();
}

function showLevel(dbfs) {
  byId("meter").value = Math.max(dbfs, -60);
  byId("level-text").textContent = Number.isFinite(dbfs) ? `${dbfs.toFixed(0)} dBFS` : "";
}
