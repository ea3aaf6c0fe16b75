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
  pair.append(element("dt", term), element("dd", description));
  return pair;
}

/** Announces what is going on. */
export function announce(text) {
  write("status", text);
}
