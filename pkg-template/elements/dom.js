// Creates nodes. Strings become text nodes, never HTML.

const SVG = "http://www.w3.org/2000/svg";

const isShown = (value) => value !== undefined && value !== false;

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") node.addEventListener(name, value);
    else if (isShown(value)) node.setAttribute(name, value);
  }
  node.append(...children.filter(isShown));
  return node;
}

/**
 * Returns a new element. Its `parts`, such as `"word good"`, are its `part` and its classes.
 * Attributes and children that are `undefined` or `false` are left out; functions are listeners.
 */
export const createElement = (tag, parts, attributes, ...children) =>
  fill(
    document.createElement(tag),
    { ...(parts && { part: parts, class: parts }), ...attributes },
    children,
  );

export const createButton = (parts, click, attributes, ...children) =>
  createElement("button", parts, { type: "button", click, ...attributes }, ...children);

/** Returns a new drawing, which assistive technology skips. */
export const createSvg = (viewBox, d, parts, attributes) =>
  fill(
    document.createElementNS(SVG, "svg"),
    { viewBox, class: parts, "aria-hidden": "true", ...attributes },
    [fill(document.createElementNS(SVG, "path"), { d }, [])],
  );

const ICONS = {
  play: "M4 2l10 6-10 6z",
  stop: "M3 3h10v10H3z",
  record: "M8 2a6 6 0 1 1 0 12A6 6 0 1 1 8 2z",
};

export const createIcon = (name) => createSvg("0 0 16 16", ICONS[name], "icon");

/** Returns text that only assistive technology reads. */
export const createHidden = (text) => createElement("span", "hidden", {}, text);

/**
 * Returns an element with text of the API or of the page: isolated, so that its direction of
 * writing changes nothing around it, and in its own language, so that it is read out as such.
 */
export const createForeign = (tag, parts, text) =>
  createElement(tag, parts, { dir: "auto", lang: languageOf(text) }, text);

const languageOf = (text) => (/\p{Script=Hangul}/u.test(text) ? "ko" : "en");
