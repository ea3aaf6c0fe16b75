// Small ways to write on the page. Text is only ever set as text: what an API
// says is not markup.

/** The element with this id. */
export const at = (id) => document.getElementById(id);

/** Sets the text of an element. */
export function write(id, text) {
  at(id).textContent = text ?? "–";
}

/** A new element with this text. */
export function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

/** A term and its description, for a `<dl>`. */
export function fact(term, description) {
  const pair = element("div");
  pair.append(element("dt", term), said("dd", description));
  return pair;
}

/** A new element with what somebody says in English or Korean. */
export function said(name, text, className) {
  const made = element(name, text, className);
  made.lang = languageOf(text);
  return made;
}

/**
 * The language in which a screen reader should say this: an English voice leaves Korean out. Told by the script, because the
 * API does not say it of every text, and a kept take may be answered in another language than the one chosen by now.
 */
export const languageOf = (text) => (/\p{Script=Hangul}/u.test(text) ? "ko" : "en");

/** Announces what is going on. */
export function announce(text) {
  at("status").lang = languageOf(text);
  write("status", text);
}
