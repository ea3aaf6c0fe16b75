// Shows an error: the message for the user, and the fields for the developer.

import { ThetaOneError } from "thetaone-web";
import { announce, byId, element, write } from "./page.js";

/** Shows an error. `retry` repeats the call that failed. */
export function showFailure(error, retry) {
  // Other errors are bugs of this page, and appear in the console.
  if (!ThetaOneError.is(error)) throw error;
  write("speaker-en", error.userMessage("en"));
  write("speaker-ko", error.userMessage("ko"));
  for (const field of ["name", "code", "reason", "status", "fix"]) {
    write(`failure-${field}`, error[field]);
  }
  const help = byId("failure-help");
  help.hidden = !error.helpUrl;
  if (error.helpUrl) {
    help.href = error.helpUrl;
    help.textContent = error.helpUrl;
  }
  byId("failure-attempts").dataset.count = error.attempts.length;
  byId("failure-attempts").replaceChildren(
    ...error.attempts.map(({ code, status }) => element("li", `${code} ${status ?? "–"}`)),
  );
  write("support-report", error.supportReport());
  byId("send-again").hidden = !retry;
  byId("send-again").onclick = retry ?? null;
  byId("failure").hidden = false;
  announce(error.userMessage());
  byId("failure").focus();
}

/** Hides the error. */
export function hideFailure() {
  byId("failure").hidden = true;
}
