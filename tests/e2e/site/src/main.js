// The page that the end-to-end tests use: record → send → result or failure.

import { ThetaOne } from "thetaone-web";
import { byId } from "./page.js";
import { setUpOutbox } from "./outbox.js";
import { setUpRecording } from "./recording.js";
import { followPlayback } from "./playback.js";
import { loadScenarios, scenarioHeaders } from "./scenarios.js";
import { setUpUpload, showEvent } from "./upload.js";

let theta;
let take;

// Replaces the client without disposing of the previous one, whose recording or upload may still be
// running.
function createClient() {
  theta = new ThetaOne({
    baseUrl: "/api/theta",
    headers: scenarioHeaders,
    locale: byId("locale").value,
    onEvent: (event) => {
      showEvent(event);
      if (event.type === "attempt") void refreshOutbox();
    },
    ...optionsFromQuery(),
  });
}

// Reads options from the address, such as ?retryBaseMs=50&attemptTimeoutMs=2000
function optionsFromQuery() {
  const query = new URLSearchParams(location.search);
  const baseDelayMs = Number(query.get("retryBaseMs"));
  const numbers = ["attemptTimeoutMs", "deadlineMs", "maxConcurrent"]
    .filter((name) => query.has(name))
    .map((name) => [name, Number(query.get(name))]);
  return {
    ...Object.fromEntries(numbers),
    ...(baseDelayMs > 0 && { retry: { baseDelayMs, maxDelayMs: Math.max(30000, baseDelayMs) } }),
    ...(query.has("shareAcrossTabs") && { shareAcrossTabs: true }),
    ...(byId("keep").checked && { outbox: true }),
    ...(query.has("persistReferences") && { references: { persist: true } }),
    // With a custom `fetch`, the SDK does not use XMLHttpRequest to count bytes.
    ...(query.get("transport") === "fetch" && { fetch: (url, init) => fetch(url, init) }),
  };
}

// Stores the choice in the address, so that a reloaded page lists the stored takes.
function chooseOutbox() {
  const url = new URL(location.href);
  if (byId("keep").checked) url.searchParams.set("outbox", "");
  else url.searchParams.delete("outbox");
  history.replaceState(null, "", url);
  createClient();
  void refreshOutbox();
}

byId("keep").checked = new URLSearchParams(location.search).has("outbox");
const { refreshButtons, send } = setUpUpload(
  () => theta,
  () => take,
  () => void refreshOutbox(),
);
const refreshOutbox = setUpOutbox(
  () => theta,
  send,
  () => byId("keep").checked,
);
createClient();
void refreshOutbox();
byId("locale").addEventListener("change", createClient);
byId("keep").addEventListener("change", chooseOutbox);
setUpRecording(
  () => theta,
  (newTake) => {
    take = newTake;
    refreshButtons();
  },
);
followPlayback(byId("take-audio"), byId("words"));
await loadScenarios();
