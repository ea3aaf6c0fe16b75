// Sends a take, and shows the result or the error.

import { announce, byId, element } from "./page.js";
import { hideFailure, showFailure } from "./failure.js";
import { hideResult, showResult } from "./result.js";

/**
 * Sets up the buttons that send the take `take()` with `client()`. `onSettled` is called after
 * every call. The returned `send` runs a call and shows its result or its error, with a button to
 * retry.
 */
export function setUpUpload(client, take, onSettled) {
  let aborting;
  let reference;

  const refreshButtons = () => {
    const idle = aborting === undefined;
    for (const id of ["send", "make-reference"]) byId(id).disabled = !idle || !take();
    byId("abort").disabled = idle;
  };

  const send = async (call) => {
    if (aborting) return;
    hideResult();
    hideFailure();
    byId("timeline").replaceChildren();
    aborting = new AbortController();
    refreshButtons();
    try {
      const response = await call({ signal: aborting.signal, onProgress: showPhase });
      announce("Done.");
      showResult(response);
    } catch (error) {
      showFailure(error, () => send(call));
    } finally {
      aborting = undefined;
      refreshButtons();
      onSettled();
    }
  };

  // Reads the form once, so that a retry sends the same even if the form has changed.
  byId("send").addEventListener("click", () => {
    const method = byId("endpoint").value;
    const contents = [take(), options(method, reference)];
    void send((request) => client()[method](...contents, request));
  });
  byId("make-reference").addEventListener("click", () => {
    const contents = [take(), { gold_text: byId("gold-text").value }];
    void send(async (request) => {
      const response = await client().references.get(...contents, request);
      reference = response.speech_components;
      byId("reference-state").textContent = Array.isArray(reference)
        ? `Reference: ${reference.length} words and pauses`
        : "The response contains no reference.";
      return response;
    });
  });
  byId("abort").addEventListener("click", () => aborting?.abort());
  // As in recording.js, because Firefox restores which buttons were enabled.
  refreshButtons();
  return { refreshButtons, send };
}

function options(method, reference) {
  const gold_text = byId("gold-text").value;
  const language = byId("language").value;
  switch (method) {
    case "transcribe":
      return { suppress_korean: false };
    case "analyzeNative":
      return { gold_text };
    case "pronunciation":
      return { gold_text, language, native_speech_components: reference };
    default:
      return { gold_text, language };
  }
}

const PHASES = {
  preparing: () => "Preparing the audio",
  queued: () => "Queued",
  uploading: ({ attempt, maxAttempts }) => `Sending, attempt ${attempt} of ${maxAttempts}`,
  processing: () => "Sent; waiting for the response",
  waiting: ({ delayMs }) =>
    delayMs === undefined
      ? "Offline; sent when the network is back"
      : `Trying again in ${(delayMs / 1000).toFixed(1)} s`,
};

function showPhase(progress) {
  if (progress.sentBytes !== undefined && showSent(progress)) return;
  const text = PHASES[progress.phase]?.(progress) ?? progress.phase;
  const item = element("li", text);
  item.dataset.phase = progress.phase;
  byId("timeline").append(item);
  announce(text);
}

// Updates the line of the phase. Screen readers do not announce it, because it changes many times a
// second.
function showSent({ phase, sentBytes, totalBytes }) {
  const item = byId("timeline").lastElementChild;
  if (item?.dataset.phase !== phase) return false;
  item.dataset.sentBytes = sentBytes;
  item.textContent = `${item.textContent.split(":")[0]}: ${Math.floor((100 * sentBytes) / totalBytes)} %`;
  return true;
}

/** Shows an event of the client. */
export function showEvent({ type, status, code, reason, durationMs }) {
  if (type === "outbox" || type === "references") {
    const item = element("li", `${type}: ${reason}`);
    item.dataset.event = type;
    byId("timeline").append(item);
    return;
  }
  if (type !== "response" && type !== "failure") return;
  const took = `after ${(durationMs / 1000).toFixed(2)} s`;
  const item = element("li", type === "response" ? `Status ${status} ${took}` : `${code} ${took}`);
  item.dataset.event = type;
  byId("timeline").append(item);
}
