// The history of the tries of a sentence: best, last, and a curve.

import { byId } from "./dom.js";
import { text } from "./language.js";
import { recall, remember } from "./settings.js";

/** Adds the mean score of the words of a result, if they have scores. */
export function addTry(key, { user_speech_components }) {
  const scores = user_speech_components?.map(({ score }) => score).filter(Number.isFinite) ?? [];
  if (scores.length === 0) return;
  const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
  remember(key, [...recall(key, []), Math.round(mean)].slice(-20));
}

/** Shows the tries. */
export function showTries(key) {
  const tries = recall(key, []);
  byId("tries").hidden = tries.length === 0;
  if (tries.length === 0) return;
  byId("tries-text").textContent = text("tries", tries.length, Math.max(...tries), tries.at(-1));
  const shown = tries.length === 1 ? [...tries, ...tries] : tries;
  const points = shown.map((score, at) => `${(100 * at) / (shown.length - 1)},${100 - score}`);
  byId("curve").firstElementChild.setAttribute("points", points.join(" "));
}
