// Helpers that write to the page. They set text only as text, because an API's response is not
// trusted markup.

/** Returns the element with this id. */
export const byId = (id) => document.getElementById(id);

/** Sets the text of an element. */
export function write(id, text) {
  byId(id).textContent = text ?? "–";
}

/** Creates an element with this text. */
export function element(name, text, className) {
  const node = document.createElement(name);
  if (text !== undefined) node.textContent = text;
  if (className) node.className = className;
  return node;
}

/** Creates a term and its description, for a `<dl>`. */
export function fact(term, description) {
  const pair = element("div");
  pair.append(element("dt", term), localizedText("dd", description));
  return pair;
}

/** Creates an element with a text in English or Korean, and sets its `lang`. */
export function localizedText(name, text, className) {
  const node = element(name, text, className);
  node.lang = languageOf(text);
  return node;
}

/**
 * Returns the language for screen readers, because an English voice skips Korean. The script
 * decides, because the API does not name the language of every text, and a stored take may get a
 * response in another language than the one that is selected now.
 */
export const languageOf = (text) => (/\p{Script=Hangul}/u.test(text) ? "ko" : "en");

/** Shows the status, which screen readers announce. */
export function announce(text) {
  byId("status").lang = languageOf(text);
  write("status", text);
}
