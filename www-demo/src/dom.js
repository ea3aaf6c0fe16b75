// Helpers for the page. Text is only ever set as text: an API's response is no markup.

/** Returns the element with this id. */
export const byId = (id) => document.getElementById(id);

/** Adds a listener to the element with this id. */
export const on = (id, type, listener) => byId(id).addEventListener(type, listener);

/** Creates an element with these properties and children. */
export function create(name, properties = {}, ...children) {
  const node = Object.assign(document.createElement(name), properties);
  node.append(...children);
  return node;
}

let shown = new AbortController();

/**
 * Shows one of the views of the outcome. Moves the focus along, if it would be lost. Returns a
 * signal that is aborted when something else is shown.
 */
export function show(view) {
  shown.abort();
  shown = new AbortController();
  for (const child of byId("outcome").querySelectorAll(".view")) child.hidden = child.id !== view;
  if (document.activeElement.closest("[hidden]")) byId(view).querySelector("button, a")?.focus();
  return shown.signal;
}

/** Calls `onTick` with the rest of `ms` until `signal` ends it. */
export function countDown(ms, signal, onTick) {
  const end = performance.now() + ms;
  const timer = setInterval(() => onTick(Math.max(0, end - performance.now())), 100);
  signal.addEventListener("abort", () => clearInterval(timer));
  onTick(ms);
}
