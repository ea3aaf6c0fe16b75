// The base of all elements: shadow root, styles, properties, locale, one update for many changes.

import { BASE_STYLES } from "./base-styles.js";
import { createElement } from "./dom.js";
import { ENGLISH, TEXTS, loadTexts } from "./texts.js";

/** The server has no HTMLElement, and must be able to import the elements. */
const Base = globalThis.HTMLElement ?? /** @type {typeof HTMLElement} */ (class {});

export class ThetaElement extends Base {
  /** @type {string[]} */
  static observedAttributes = [];
  /**
   * Names of the properties that a page may have set before the element was defined.
   * @type {string[]}
   */
  static properties = [];
  static {
    reflectAttributes(ThetaElement, { locale: "locale" }, (_text, element) => element.language);
  }
  /**
   * Values of the properties that `defineProperties` defined.
   * @type {{ [name: string]: any }}
   */
  values = {};
  /** The styles of the class, besides those of all elements. */
  styles = "";
  #isUpdateQueued = false;
  /** @type {HTMLElement | undefined} */
  #content;
  /** @type {HTMLElement} */
  #status;
  /** @type {ShadowRoot} */
  #root;

  constructor() {
    super();
    // Live regions are read out when their text changes, and not when they appear with it.
    this.#status = createElement("p", "hidden", { role: "status" });
    this.#root = this.attachShadow({ mode: "open" });
    this.#root.append(this.#status);
  }

  /** `"en"` or `"ko"`: that of the attribute, else that of the closest `lang`. */
  get language() {
    const language =
      this.getAttribute("locale") ?? this.closest("[lang]")?.getAttribute("lang") ?? "";
    return /^ko\b/i.test(language) ? "ko" : "en";
  }

  get texts() {
    return TEXTS[this.language] ?? ENGLISH;
  }

  connectedCallback() {
    upgradeProperties(this, /** @type {any} */ (this.constructor).properties);
    this.adoptStyles();
    this.requestUpdate();
  }

  disconnectedCallback() {
    // An element that is moved within the page is connected again by then.
    queueMicrotask(() => {
      if (!this.isConnected) this.release();
    });
  }

  adoptedCallback() {
    this.adoptStyles();
  }

  attributeChangedCallback() {
    this.requestUpdate();
  }

  /** @param {FocusOptions} [options] */
  focus(options) {
    /** @type {HTMLElement | null} */ (this.#root.querySelector("button, [tabindex]"))?.focus(
      options,
    );
  }

  /** Calls `update()` once, after all changes of this task. */
  requestUpdate() {
    if (this.#isUpdateQueued || !this.isConnected) return;
    this.#isUpdateQueued = true;
    const update = () => {
      this.#isUpdateQueued = false;
      if (!this.isConnected) return;
      if (TEXTS[this.language]) this.update();
      else void loadTexts(this.language).then(() => this.requestUpdate());
    };
    queueMicrotask(update);
  }

  /**
   * Replaces everything that the element shows, and keeps the focus on what has the same id.
   * @param {import("./dom.js").Child[]} children
   */
  show(...children) {
    const focusedId = this.#root.activeElement?.id;
    const content = createElement("div", "content", { lang: this.language }, ...children);
    this.#content?.remove();
    this.#content = content;
    this.#root.append(content);
    if (focusedId) this.find(focusedId)?.focus();
  }

  /**
   * Returns what has this id among what the element shows.
   * @param {string} id
   */
  find(id) {
    return this.#root.getElementById(id);
  }

  /**
   * Has a text read out by assistive technology.
   * @param {string} text
   */
  announce(text) {
    this.#status.lang = this.language;
    this.#status.textContent = text;
  }

  /**
   * @param {string} type
   * @param {object} detail
   */
  emit(type, detail, bubbles = true) {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles }));
  }

  /**
   * Writes a mistake of the page's developer to the console.
   * @param {string} problem
   */
  complain(problem) {
    console.error(`thetaone-web/elements: <${this.localName}> ${problem}`);
  }

  /** Constructed sheets belong to one document, and need no `style-src` of a policy. */
  adoptStyles() {
    const view = this.ownerDocument.defaultView;
    if (!view) return;
    const sheet = new view.CSSStyleSheet();
    sheet.replaceSync(BASE_STYLES + this.styles);
    this.#root.adoptedStyleSheets = [sheet];
  }
}

/**
 * Has the class's own accessors take what was set on an element before it was defined.
 * @param {any} element
 * @param {string[]} names
 */
function upgradeProperties(element, names) {
  for (const name of names) {
    if (!Object.hasOwn(element, name)) continue;
    const value = element[name];
    delete element[name];
    element[name] = value;
  }
}

/**
 * @param {typeof ThetaElement} Class
 * @param {string} name
 * @param {(this: ThetaElement) => unknown} get
 * @param {(this: ThetaElement, value: any) => void} set
 */
function define(Class, name, get, set) {
  Class.properties = [...Class.properties, name];
  Object.defineProperty(Class.prototype, name, { get, set });
}

/**
 * Defines properties whose change calls `changed(name, value)`.
 * @param {typeof ThetaElement} Class
 * @param {string[]} names
 */
export function defineProperties(Class, names) {
  for (const name of names) {
    define(
      Class,
      name,
      function () {
        return this.values[name];
      },
      function (value) {
        this.values[name] = value;
        this.changed(name, value);
      },
    );
  }
}

/**
 * Defines properties that are attributes, by their names.
 * @param {typeof ThetaElement} Class
 * @param {{ [name: string]: string }} attributes
 * @param {(text: string | null, element: ThetaElement) => unknown} convert returns the property for
 *   the attribute, which is `null` if there is none
 */
export function reflectAttributes(Class, attributes, convert) {
  Class.observedAttributes = [...Class.observedAttributes, ...Object.values(attributes)];
  for (const [name, attribute] of Object.entries(attributes)) {
    define(
      Class,
      name,
      function () {
        return convert(this.getAttribute(attribute), this);
      },
      function (value) {
        if (value == null) this.removeAttribute(attribute);
        else this.setAttribute(attribute, value);
      },
    );
  }
}
