// Shows a result in readable form.

import { byId, element, fact, languageOf, localizedText } from "./page.js";

/** Shows the API's response. */
export function showResult(response) {
  byId("emulated").hidden = response.metadata?.emulated !== true;
  byId("transcript").hidden = typeof response.text !== "string";
  byId("transcript").textContent =
    response.text === "" ? "(nothing was heard)" : (response.text ?? "");
  byId("transcript").lang = languageOf(byId("transcript").textContent);
  const components =
    [response.user_speech_components, response.speech_components]
      .find(Array.isArray)
      ?.filter(isRecord) ?? [];
  byId("words").replaceChildren(...components.map(component));
  byId("words").hidden = components.length === 0;
  byId("dimensions").replaceChildren(...dimensions(response));
  byId("raw").textContent = JSON.stringify(response, null, 2);
  byId("result").hidden = false;
  byId("result").focus();
}

/** Hides the result. */
export function hideResult() {
  byId("result").hidden = true;
}

function component(part) {
  if (part.type === "pause") return element("li", "pause");
  const item = element("li");
  Object.assign(item.dataset, { start: part.start, end: part.end });
  item.append(element("span", part.word ?? "–", "word"));
  if (typeof part.feedback === "string")
    item.append(localizedText("span", part.feedback, "feedback"));
  return item;
}

// Finds the dimensions. The API documents neither their keys nor their depth, so every object with
// a score counts as one.
function dimensions(response) {
  return Object.entries(response).flatMap(([name, value]) => {
    if (!isRecord(value)) return [];
    return typeof value.score === "number" ? [dimension(name, value)] : dimensions(value);
  });
}

function dimension(name, { score, feedback, text }) {
  const comment = [feedback, text].find((words) => typeof words === "string");
  return fact(name, comment ? `${score.toFixed(0)}: ${comment}` : score.toFixed(0));
}

const isRecord = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
