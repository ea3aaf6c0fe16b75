// Shows the run on the page.

import { STEPS } from "./steps.js";
import { TEXTS } from "./texts.js";

/** @import { Step } from "./steps.js" */
/** @import { StepResult } from "./run.js" */

const SYMBOLS = { waiting: "·", now: "…", pass: "✓", fail: "✗", "not available": "–" };

/** @param {string} id */
export const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** The texts in the language of the page. */
const texts = () => TEXTS[document.documentElement.lang === "ko" ? "ko" : "en"];

/**
 * Returns a text in the language of the page.
 * @param {keyof typeof TEXTS.en} id
 * @param {any} [values]
 */
export function textOf(id, values) {
  const text = /** @type {any} */ (texts()[id]);
  return typeof text === "function" ? text(values) : text;
}

/** Writes all texts of the page that do not change during a run. */
export function showTexts() {
  document.title = `${textOf("title")} – thetaone-web`;
  for (const node of document.querySelectorAll("[data-text]")) {
    node.textContent = textOf(/** @type {any} */ (node).dataset.text);
  }
}

/** Lists all steps, with the results so far. */
export function showSteps(/** @type {StepResult[]} */ results) {
  byId("steps").replaceChildren(
    ...STEPS.map(({ id }) => {
      const item = document.createElement("li");
      item.id = `step-${id}`;
      return item;
    }),
  );
  for (const { id } of STEPS) showStep(id, "waiting");
  for (const result of results) showResult(result);
}

/** Shows that a step runs, and announces it. */
export function showRunning(/** @type {Step} */ { id }) {
  showStep(id, "now");
  const number = STEPS.findIndex((step) => step.id === id) + 1;
  const title = textOf(/** @type {any} */ (id));
  byId("status").textContent = textOf("running", { number, total: STEPS.length, title });
}

/** Adds what the user should do to the announcement. */
export function showRequest(/** @type {string} */ textId) {
  const request = document.createElement("strong");
  request.textContent = textOf(/** @type {any} */ (textId));
  byId("status").append(" ", request);
}

/** Shows the outcome of a step and its numbers. */
export function showResult(/** @type {StepResult} */ { id, status, reason, numbers }) {
  const item = showStep(id, status);
  if (reason) {
    const line = document.createElement("p");
    line.lang = "en";
    line.textContent = reason;
    item.append(line);
  }
  const entries = Object.entries(numbers);
  if (entries.length === 0) return;
  const list = document.createElement("dl");
  list.lang = "en";
  for (const [name, value] of entries) {
    const pair = document.createElement("div");
    const term = document.createElement("dt");
    term.textContent = name;
    const description = document.createElement("dd");
    description.textContent = Array.isArray(value) ? value.join(", ") || "none" : String(value);
    pair.append(term, description);
    list.append(pair);
  }
  item.append(list);
}

/**
 * @param {string} id
 * @param {keyof typeof SYMBOLS} status
 */
function showStep(id, status) {
  const item = byId(`step-${id}`);
  item.dataset.status = status;
  const title = document.createElement("span");
  title.textContent = textOf(/** @type {any} */ (id));
  const symbol = document.createElement("span");
  symbol.className = "symbol";
  symbol.ariaHidden = "true";
  symbol.textContent = SYMBOLS[status];
  const outcome = document.createElement("span");
  outcome.className = "outcome";
  outcome.textContent = textOf(status);
  const line = document.createElement("div");
  line.className = "line";
  line.append(symbol, title, outcome);
  item.replaceChildren(line);
  return item;
}
