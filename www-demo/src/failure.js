// Shows a failure: a picture, a sentence, one button; and everything for developers.

import { microphoneHelp } from "thetaone-web/elements";
import { byId, countDown, create, show } from "./dom.js";
import { currentLocale, text } from "./language.js";

/** For each `code`: face and thing of the picture, the button, and seconds to wait before it. */
const PLANS = {
  NOT_ALL_WORDS_SPOKEN: ["surprised", "words", "readAgain"],
  INVALID_AUDIO: ["unsure", "unheard", "recordAgain"],
  PAYLOAD_TOO_LARGE: ["surprised", "long", "recordAgain"],
  MICROPHONE: ["unsure", "microphone", "recordAgain"],
  PAYMENT_REQUIRED: ["unsure", "money", "pay"],
  UNAUTHORIZED: ["unsure", "key", "tryAgain"],
  RATE_LIMIT_EXCEEDED: ["happy", "crowd", "tryAgain", 10],
  GATEWAY_TIMEOUT: ["unsure", "slow", "tryAgain", 5],
  TIMEOUT: ["unsure", "slow", "sendAgain"],
  CONNECTION_FAILED: ["surprised", "unplugged", "sendAgain"],
  ABORTED: ["happy", "stopped", "sendAgain"],
  STORAGE: ["surprised", "full", "makeRoom"],
  WASM_LOAD_FAILED: ["surprised", "missing", "reload"],
};
const BUSY_SERVER = ["sleepy", "asleep", "tryAgain", 5];
const BROKEN_APP = ["unsure", "repair", "copy"];

/** Shows an error. The button calls one of `{ record, retry, openOutbox }`. */
export async function showFailure(error, { record, retry, openOutbox }) {
  const locale = currentLocale();
  const other = error.retryable ? BUSY_SERVER : BROKEN_APP;
  const [face, thing, action, waitSeconds] = PLANS[error.code] ?? other;
  const [first, second] = byId("failure-picture").children;
  first.setAttribute("href", `/pictures.svg#${face}`);
  second.setAttribute("href", `/pictures.svg#${thing}`);
  byId("failure-message").textContent = error.userMessage(locale);
  // The server would reject the same recording again.
  byId("failure-stored").hidden = !error.outboxId || error.category === "client";
  const copy = () => navigator.clipboard?.writeText(error.supportReport());
  const reload = () => location.reload();
  const clicks = { tryAgain: retry, sendAgain: retry, makeRoom: openOutbox, copy, reload };
  const click = { type: "button", onclick: clicks[action] ?? record };
  const link = { href: error.helpUrl, target: "_blank", rel: "noreferrer" };
  const button = action === "pay" ? create("a", link) : create("button", click);
  Object.assign(button, { className: "button primary", textContent: text(action) });
  byId("failure-action").replaceChildren(button);
  const signal = show("failure");
  if (waitSeconds) {
    const waitMs = error.retryAfterMs ?? waitSeconds * 1000;
    countDown(waitMs, signal, (leftMs) => {
      button.style.setProperty("--left", `${(100 * leftMs) / waitMs}%`);
      button.disabled = leftMs > 0;
      button.textContent = text(leftMs > 0 ? "tryAgainIn" : action, Math.ceil(leftMs / 1000));
    });
  }
  const isConnection = error.code === "CONNECTION_FAILED";
  if (isConnection) addEventListener("online", retry, { once: true, signal });
  showDetails(error);
  const help = error.reason === "denied" ? await microphoneHelp(locale).catch(() => []) : [];
  if (signal.aborted) return;
  byId("failure-help").replaceChildren(...help.map((sentence) => create("li", {}, sentence)));
}

function showDetails(error) {
  const { attempts, userMessages, ...fields } = error.toJSON();
  const field = ([name, value]) => [create("dt", {}, name), create("dd", {}, `${value}`)];
  byId("failure-fields").replaceChildren(...Object.entries(fields).flatMap(field));
  const longestMs = Math.max(...attempts.map(({ durationMs }) => durationMs));
  const seconds = (ms) => (ms / 1000).toFixed(2);
  const items = attempts.map(({ code, status, durationMs, delayMs }) => {
    const waited = delayMs === undefined ? "" : text("waited", seconds(delayMs));
    const item = create("li", {}, `${code} ${status ?? ""} · ${seconds(durationMs)} s${waited}`);
    item.style.setProperty("--share", `${(100 * durationMs) / longestMs}%`);
    return item;
  });
  byId("failure-attempts").replaceChildren(...items);
  byId("failure-report").textContent = error.supportReport();
}
