// The page that tests the device it is opened on. The start button is the only gesture: browsers
// allow sound and the microphone only then.

import { createReport, issuesUrl, reportText } from "./report.js";
import { newRun, runSteps } from "./run.js";
import { takeSavedRun } from "./saved-run.js";
import {
  byId,
  showRequest,
  showResult,
  showRunning,
  showSteps,
  showTexts,
  textOf,
} from "./view.js";

/** @import { Run } from "./run.js" */

const startButton = /** @type {HTMLButtonElement} */ (byId("start"));
const languageMenu = /** @type {HTMLSelectElement} */ (byId("language"));
const reportArea = /** @type {HTMLTextAreaElement} */ (byId("report-text"));

/** @param {string} language */
function useLanguage(language) {
  document.documentElement.lang = language;
  languageMenu.value = language;
  showTexts();
  showSteps([]);
  byId("status").textContent = textOf("ready");
}

/**
 * @param {Run} run
 * @param {AudioContext} [context]
 */
async function execute(run, context) {
  startButton.disabled = true;
  languageMenu.disabled = true;
  byId("report").hidden = true;
  showSteps(run.results);
  const isComplete = await runSteps(run, context, {
    onStep: showRunning,
    onResult: showResult,
    ask: showRequest,
  });
  if (!isComplete) {
    location.reload();
    return;
  }
  await context?.close();
  const report = createReport(run);
  reportArea.value = reportText(report);
  byId("report").hidden = false;
  byId("status").textContent = textOf("done", report);
  startButton.disabled = false;
  startButton.textContent = textOf("again");
  languageMenu.disabled = false;
}

/** Copies the report, or selects it where the browser does not allow that. */
async function copyReport() {
  const copied = byId("copy-status");
  try {
    await navigator.clipboard.writeText(reportArea.value);
    copied.textContent = textOf("copied");
  } catch {
    reportArea.select();
    copied.textContent = textOf("selected");
  }
}

startButton.addEventListener("click", () => {
  // Before anything is awaited: Safari starts a context only within the click.
  const context = typeof AudioContext === "function" ? new AudioContext() : undefined;
  // A rejection is the result of the step "audioContext".
  context?.resume().catch(() => {});
  void execute(newRun(languageMenu.value), context);
});
byId("copy").addEventListener("click", () => void copyReport());
languageMenu.addEventListener("change", () => useLanguage(languageMenu.value));

if (issuesUrl) {
  const link = /** @type {HTMLAnchorElement} */ (byId("issues"));
  link.href = issuesUrl;
  link.hidden = false;
}

const saved = takeSavedRun();
useLanguage(saved?.language ?? (navigator.language.startsWith("ko") ? "ko" : "en"));
if (saved) await execute(saved);
