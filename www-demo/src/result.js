// A success, in readable form.

import { at, element, fact } from "./page.js";

/** Shows the API's answer. */
export function showResult(answer) {
  at("emulated").hidden = answer.metadata?.emulated !== true;
  at("transcript").hidden = typeof answer.text !== "string";
  at("transcript").textContent = answer.text === "" ? "(nothing was heard)" : (answer.text ?? "");
  const components = answer.user_speech_components ?? answer.speech_components ?? [];
  at("words").replaceChildren(...components.map(component));
  at("words").hidden = components.length === 0;
  at("dimensions").replaceChildren(...dimensions(answer));
  at("raw").textContent = JSON.stringify(answer, null, 2);
  at("result").hidden = false;
  at("result").focus({ preventScroll: true });
  at("result").scrollIntoView({ block: "nearest" });
}

/** Hides it. */
export function hideResult() {
  at("result").hidden = true;
}

function component(part) {
  if (part.type === "pause") return element("li", part.is_long ? "long pause" : "pause", "pause");
  const item = element("li", undefined, quality(part.score));
  item.append(element("span", part.word, "word"));
  // The score stands there as a number: colour alone tells not everybody.
  if (typeof part.score === "number") item.append(element("span", part.score.toFixed(0), "score"));
  if (part.is_stressed) item.append(element("span", "stressed", "stressed"));
  if (part.feedback) item.append(element("span", part.feedback, "feedback"));
  return item;
}

function quality(score) {
  if (typeof score !== "number") return "";
  return score >= 80 ? "good" : score >= 60 ? "fair" : "poor";
}

// The keys of the dimensions are not public: whatever holds a score is one.
function dimensions(answer) {
  return Object.entries(answer)
    .filter(([, value]) => value !== null && typeof value === "object" && typeof value.score === "number")
    .map(([name, { score, feedback, text }]) => fact(name, [score.toFixed(0), feedback ?? text].filter(Boolean).join(": ")));
}
