// Sets stress, pauses and speed of a native voice and of the learner side by side.

import { byId, create } from "./dom.js";
import { text } from "./language.js";

const only = (wanted, components) => components.filter(({ type }) => type === wanted);

/** For each row: the cell of a list of components, or nothing where they do not hold it. */
const ROWS = {
  stress(components) {
    const cell = create("td", { lang: "en" });
    for (const { word, is_stressed } of only("word", components)) {
      cell.append(is_stressed ? create("strong", {}, `ˈ${word}`) : word, " ");
    }
    return cell.querySelector("strong") && cell;
  },
  pauses(components) {
    const pauses = only("pause", components);
    const long = pauses.filter(({ is_long }) => is_long);
    return create("td", {}, text("pausesOf", pauses.length, long.length));
  },
  speed(components) {
    const words = only("word", components);
    const seconds = words.at(-1)?.end - words[0]?.start;
    const rate = (words.length / seconds).toFixed(1);
    return seconds > 0 && create("td", {}, text("speedOf", seconds.toFixed(1), rate));
  },
};

/** Shows the table for the components of both. */
export function compare(...both) {
  byId("comparison").hidden = !both.every(Array.isArray);
  if (byId("comparison").hidden) return;
  const rows = Object.keys(ROWS).map((name) => [name, ...both.map(ROWS[name])]);
  const filled = rows.filter((cells) => cells.every(Boolean));
  const row = ([name, ...cells]) =>
    create("tr", {}, create("th", { scope: "row" }, text(name)), ...cells);
  byId("comparison").tBodies[0].replaceChildren(...filled.map(row));
}
