// From a take to a result or a failure.

import { announce, at, element } from "./page.js";
import { hideFailure, showFailure } from "./failure.js";
import { hideResult, showResult } from "./result.js";

/**
 * Lets the page send the take that `take()` gives with `client()`; `onSettled` is called after every call. The `send` that it
 * gives shows what comes of a call, and calls it once more where the user sends again.
 */
export function setUpUpload(client, take, onSettled) {
  let aborting;
  let reference;

  const buttons = () => {
    const idle = aborting === undefined;
    for (const id of ["send", "make-reference"]) at(id).disabled = !idle || !take();
    at("abort").disabled = idle;
  };

  const send = async (call) => {
    if (aborting) return;
    hideResult();
    hideFailure();
    at("timeline").replaceChildren();
    aborting = new AbortController();
    buttons();
    try {
      const answer = await call({ signal: aborting.signal, onProgress: showPhase });
      announce("Done.");
      showResult(answer);
    } catch (error) {
      showFailure(error, () => send(call));
    } finally {
      aborting = undefined;
      buttons();
      onSettled();
    }
  };

  // What is sent is settled here, so that the same is sent again whatever is chosen by then.
  at("send").addEventListener("click", () => {
    const method = at("endpoint").value;
    const contents = [take(), options(method, reference)];
    send((request) => client()[method](...contents, request));
  });
  at("make-reference").addEventListener("click", () => {
    const contents = [take(), { gold_text: at("gold-text").value }];
    send(async (request) => {
      const answer = await client().references.get(...contents, request);
      reference = answer.speech_components;
      at("reference-state").textContent = Array.isArray(reference)
        ? `Reference: ${reference.length} words and pauses; asked for again, it costs nothing.`
        : "The answer held no reference.";
      return answer;
    });
  });
  at("abort").addEventListener("click", () => aborting?.abort());
  at("endpoint").addEventListener("change", showOptions);
  showOptions();
  // As in recording.js: Firefox brings the buttons' states back.
  buttons();
  return { refreshButtons: buttons, send };
}

function showOptions() {
  const method = at("endpoint").value;
  at("suppress-korean-choice").hidden = method !== "transcribe";
  at("language-choice").hidden = !method.startsWith("pronunciation");
}

function options(method, reference) {
  const gold_text = at("gold-text").value;
  const language = at("language").value;
  switch (method) {
    case "transcribe":
      return { suppress_korean: at("suppress-korean").checked };
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
  queued: () => "Waiting for its turn",
  uploading: ({ attempt, maxAttempts }) => `Sending, attempt ${attempt} of ${maxAttempts}`,
  processing: () => "Sent; waiting for the answer",
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
  at("timeline").append(item);
  announce(text);
}

// Many times a second: shown in its own line, and not read out.
function showSent({ phase, sentBytes, totalBytes }) {
  const item = at("timeline").lastElementChild;
  if (item?.dataset.phase !== phase) return false;
  item.dataset.sentBytes = sentBytes;
  item.textContent = `${item.textContent.split(":")[0]}: ${Math.floor((100 * sentBytes) / totalBytes)} %`;
  return true;
}

/** Shows what a client reports of itself. */
export function showEvent({ type, status, code, reason, durationMs }) {
  if (type === "outbox" || type === "references") {
    const item = element("li", `${type}: ${reason}`);
    item.dataset.event = type;
    at("timeline").append(item);
    return;
  }
  if (type !== "response" && type !== "failure") return;
  const took = `after ${(durationMs / 1000).toFixed(2)} s`;
  const item = element("li", type === "response" ? `Status ${status} ${took}` : `${code} ${took}`);
  item.dataset.event = type;
  at("timeline").append(item);
}
