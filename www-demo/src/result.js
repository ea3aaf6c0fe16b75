// A success, in readable form.

import { at, element, fact, languageOf, said } from "./page.js";

/** Shows the API's answer. */
export function showResult(answer) {
  at("emulated").hidden = answer.metadata?.emulated !== true;
  at("transcript").hidden = typeof answer.text !== "string";
  at("transcript").textContent = answer.text === "" ? "(nothing was heard)" : (answer.text ?? "");
  at("transcript").lang = languageOf(at("transcript").textContent);
  const components =
    [answer.user_speech_components, answer.speech_components]
      .find(Array.isArray)
      ?.filter(isRecord) ?? [];
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
  Object.assign(item.dataset, { start: part.start, end: part.end });
  item.append(element("span", part.word ?? "–", "word"));
  // The score stands there as a number: colour alone tells not everybody.
  if (typeof part.score === "number") item.append(element("span", part.score.toFixed(0), "score"));
  if (part.is_stressed) item.append(element("span", "stressed", "stressed"));
  if (typeof part.feedback === "string") item.append(said("span", part.feedback, "feedback"));
  return item;
}

function quality(score) {
  if (typeof score !== "number") return "";
  return score >= 80 ? "good" : score >= 60 ? "fair" : "poor";
}

// The keys of the dimensions are not public, nor is how deep they stand:
// whatever holds a score is one.
function dimensions(answer) {
  return Object.entries(answer).flatMap(([name, value]) => {
    if (!isRecord(value)) return [];
    return typeof value.score === "number" ? [dimension(name, value)] : dimensions(value);
  });
}

function dimension(name, { score, feedback, text }) {
  const said = [feedback, text].find((words) => typeof words === "string");
  return fact(name, said ? `${score.toFixed(0)}: ${said}` : score.toFixed(0));
}

const isRecord = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
