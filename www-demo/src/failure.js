// Shows an error: the message for the user, and the fix for the developer.

import { ThetaOneError } from "thetaone-web";
import { announce, byId, element, write } from "./page.js";

/** Shows an error. `retry` repeats the call that failed. */
export function showFailure(error, retry) {
  // Other errors are bugs of this page, and appear in the console.
  if (!ThetaOneError.is(error)) throw error;
  write("speaker-en", error.userMessage("en"));
  write("speaker-ko", error.userMessage("ko"));
  for (const field of ["name", "code", "reason", "status", "origin", "message", "fix"]) {
    write(`failure-${field}`, error[field]);
  }
  const help = byId("failure-help");
  help.hidden = !error.helpUrl;
  if (error.helpUrl) {
    help.href = error.helpUrl;
    help.textContent = error.helpUrl;
  }
  byId("failure-attempts").dataset.count = error.attempts.length;
  byId("failure-attempts").hidden = error.attempts.length === 0;
  byId("failure-attempts").tBodies[0].replaceChildren(...error.attempts.map(attemptRow));
  write("support-report", error.supportReport());
  byId("send-again").hidden = !retry;
  byId("send-again").onclick = retry ?? null;
  byId("failure").hidden = false;
  announce(error.userMessage());
  byId("failure").focus({ preventScroll: true });
  byId("failure").scrollIntoView({ block: "nearest" });
}

/** Hides the error. */
export function hideFailure() {
  byId("failure").hidden = true;
}

/** Sets up the button that copies the report. */
export function setUpFailure() {
  byId("copy-report").addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(byId("support-report").textContent);
      announce("The report was copied.");
    } catch {
      announce("The browser does not allow copying; select the report instead.");
    }
  });
}

function attemptRow({ code, status, durationMs, delayMs }, index) {
  const row = element("tr");
  const seconds = (ms) => (ms === undefined ? "–" : `${(ms / 1000).toFixed(2)} s`);
  for (const text of [index + 1, code, status ?? "–", seconds(durationMs), seconds(delayMs)]) {
    row.append(element("td", text));
  }
  return row;
}
