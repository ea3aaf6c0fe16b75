// The demo page: record → send → result or failure.

import { ThetaOne } from "thetaone-web";
import { at } from "./page.js";
import { setUpFailure } from "./failure.js";
import { setUpOutbox } from "./outbox.js";
import { setUpRecording } from "./recording.js";
import { followPlayback } from "./playback.js";
import { loadScenarios, scenarioHeaders } from "./scenarios.js";
import { setUpUpload, showEvent } from "./upload.js";

let theta;
let take;

// The client before is not disposed of: a recording or an upload of its may
// still be under way, and is not lost because the language changes.
function connect() {
  theta = new ThetaOne({
    baseUrl: "/api/theta",
    headers: scenarioHeaders,
    locale: at("locale").value,
    onEvent: (event) => {
      showEvent(event);
      if (event.type === "attempt") lookIntoOutbox();
    },
    ...patience(),
  });
}

// For tests and the impatient, such as ?retryBaseMs=50&attemptTimeoutMs=2000
function patience() {
  const query = new URLSearchParams(location.search);
  const baseDelayMs = Number(query.get("retryBaseMs"));
  const numbers = [
    "attemptTimeoutMs",
    "deadlineMs",
    "uploadStallMs",
    "maxConcurrent",
    "requestsPerMinute",
  ]
    .filter((name) => query.has(name))
    .map((name) => [name, Number(query.get(name))]);
  return {
    ...Object.fromEntries(numbers),
    ...(baseDelayMs > 0 && { retry: { baseDelayMs, maxDelayMs: Math.max(30000, baseDelayMs) } }),
    ...(query.has("shareAcrossTabs") && { shareAcrossTabs: true }),
    ...(at("keep").checked && { outbox: true }),
    ...(query.has("persistReferences") && { references: { persist: true } }),
    // One's own fetch is used even where bytes could be counted without.
    ...(query.get("transport") === "fetch" && { fetch: (url, init) => fetch(url, init) }),
  };
}

// In the address, so that a page that is opened anew finds what was kept.
function chooseToKeep() {
  const url = new URL(location.href);
  if (at("keep").checked) url.searchParams.set("outbox", "");
  else url.searchParams.delete("outbox");
  history.replaceState(null, "", url);
  connect();
  lookIntoOutbox();
}

at("keep").checked = new URLSearchParams(location.search).has("outbox");
setUpFailure();
const { refreshButtons, send } = setUpUpload(
  () => theta,
  () => take,
  () => lookIntoOutbox(),
);
const lookIntoOutbox = setUpOutbox(
  () => theta,
  send,
  () => at("keep").checked,
);
connect();
lookIntoOutbox();
at("locale").addEventListener("change", connect);
at("keep").addEventListener("change", chooseToKeep);
setUpRecording(
  () => theta,
  (made) => {
    take = made;
    refreshButtons();
  },
);
followPlayback(at("take-audio"), at("words"));
await loadScenarios();
