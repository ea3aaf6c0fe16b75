// Creates nodes. Strings become text nodes, never HTML.

const SVG = "http://www.w3.org/2000/svg";

/** @typedef {string | number | Node | false | undefined} Child */
/** @typedef {{ [name: string]: string | number | false | undefined | ((event: any) => void) }} Attributes */

/** @type {(value: unknown) => boolean} */
const isShown = (value) => value !== undefined && value !== false;

/**
 * @template {Element} Node
 * @param {Node} node
 * @param {Attributes} attributes
 * @param {Child[]} children
 */
function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") node.addEventListener(name, value);
    else if (isShown(value)) node.setAttribute(name, String(value));
  }
  node.append(.../** @type {Node[]} */ (children.filter(isShown)));
  return node;
}

/**
 * Returns a new element. Its `parts`, such as `"word good"`, are its `part` and its classes.
 * Attributes and children that are `undefined` or `false` are left out; functions are listeners.
 * @type {(tag: string, parts?: string, attributes?: Attributes, ...children: Child[]) => HTMLElement}
 */
export const createElement = (tag, parts, attributes, ...children) =>
  fill(
    document.createElement(tag),
    { ...(parts && { part: parts, class: parts }), ...attributes },
    children,
  );

/** @type {(parts: string, click: () => void, attributes: Attributes, ...children: Child[]) => HTMLElement} */
export const createButton = (parts, click, attributes, ...children) =>
  createElement("button", parts, { type: "button", click, ...attributes }, ...children);

/**
 * Returns a new drawing, which assistive technology skips.
 * @type {(viewBox: string, d: string, parts: string, attributes?: Attributes) => Element}
 */
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

/** @type {(name: keyof typeof ICONS) => Element} */
export const createIcon = (name) => createSvg("0 0 16 16", ICONS[name], "icon");

/**
 * Returns text that only assistive technology reads.
 * @type {(text: string) => HTMLElement}
 */
export const createHidden = (text) => createElement("span", "hidden", {}, text);

/**
 * Returns an element with text of the API or of the page: isolated, so that its direction of
 * writing changes nothing around it, and in its own language, so that it is read out as such.
 * @type {(tag: string, parts: string, text: string) => HTMLElement}
 */
export const createForeign = (tag, parts, text) =>
  createElement(tag, parts, { dir: "auto", lang: languageOf(text) }, text);

/** @type {(text: string) => string} */
const languageOf = (text) => (/\p{Script=Hangul}/u.test(text) ? "ko" : "en");
