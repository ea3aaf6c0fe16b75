// A failure: what the speaker is told, and what the developer should do.

import { ThetaOneError } from "thetaone-web";
import { announce, at, element, write } from "./page.js";

/** Shows the error of a call, which `again` repeats, or of something else. */
export function showFailure(error, again) {
  // Anything else is a mistake in this page, and belongs into the console.
  if (!ThetaOneError.is(error)) throw error;
  write("speaker-en", error.userMessage("en"));
  write("speaker-ko", error.userMessage("ko"));
  for (const field of ["name", "code", "reason", "status", "origin", "message", "fix"]) {
    write(`failure-${field}`, error[field]);
  }
  const help = at("failure-help");
  help.hidden = !error.helpUrl;
  if (error.helpUrl) {
    help.href = error.helpUrl;
    help.textContent = error.helpUrl;
  }
  at("failure-attempts").dataset.count = error.attempts.length;
  at("failure-attempts").hidden = error.attempts.length === 0;
  at("failure-attempts").tBodies[0].replaceChildren(...error.attempts.map(row));
  write("support-report", error.supportReport());
  at("send-again").hidden = !again;
  at("send-again").onclick = again ?? null;
  at("failure").hidden = false;
  announce(error.userMessage());
  at("failure").focus({ preventScroll: true });
  at("failure").scrollIntoView({ block: "nearest" });
}

/** Hides it. */
export function hideFailure() {
  at("failure").hidden = true;
}

/** Lets the report be copied. */
export function setUpFailure() {
  at("copy-report").addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(at("support-report").textContent);
      announce("The report was copied.");
    } catch {
      announce("The browser does not allow copying; select the report instead.");
    }
  });
}

function row({ code, status, durationMs, delayMs }, index) {
  const made = element("tr");
  const seconds = (ms) => (ms === undefined ? "–" : `${(ms / 1000).toFixed(2)} s`);
  for (const text of [index + 1, code, status ?? "–", seconds(durationMs), seconds(delayMs)]) {
    made.append(element("td", text));
  }
  return made;
}
