// The language of the page: English or Korean, remembered.

import { byId, on } from "./dom.js";
import { recall, remember } from "./settings.js";
import { TEXTS } from "./texts.js";

const listeners = [];
let locale = recall("locale", navigator.language.startsWith("ko") ? "ko" : "en");

export const currentLocale = () => locale;

/** Returns a text in the current language. Each `%` stands for one of the values. */
export const text = (key, ...values) =>
  TEXTS[key][locale === "en" ? 0 : 1].replace(/%/g, () => values.shift());

/** Calls `listener` now, and whenever the language changes. */
export function onLanguage(listener) {
  listeners.push(listener);
  listener();
}

onLanguage(() => {
  document.documentElement.lang = locale;
  for (const node of document.querySelectorAll("[data-text], [data-label]")) {
    const { text: content, label } = node.dataset;
    if (content) node.textContent = text(content);
    if (label) node.ariaLabel = text(label);
  }
  for (const id of ["recorder", "waveform", "score"]) byId(id).setAttribute("locale", locale);
});
on("language", "click", () => {
  locale = locale === "en" ? "ko" : "en";
  remember("locale", locale);
  for (const listener of listeners) listener();
});
