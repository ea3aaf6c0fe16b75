// The base of all elements: shadow root, styles, properties, locale, one update for many changes.

import { BASE_STYLES } from "./base-styles.js";
import { createElement } from "./dom.js";
import { TEXTS, loadTexts } from "./texts.js";

/** The server has no HTMLElement, and must be able to import the elements. */
const Base = globalThis.HTMLElement ?? class {};

export class ThetaElement extends Base {
  static observedAttributes = [];
  /** Names of the properties that a page may have set before the element was defined. */
  static properties = [];
  static {
    reflectAttributes(ThetaElement, { locale: "locale" });
  }
  /** Values of the properties that `defineProperties` defined. */
  values = {};
  #isUpdateQueued = false;
  #content;
  #status;

  constructor() {
    super();
    // Live regions are read out when their text changes, and not when they appear with it.
    this.#status = createElement("p", "hidden", { role: "status" });
    this.attachShadow({ mode: "open" }).append(this.#status);
  }

  /** `"en"` or `"ko"`: that of the attribute, else that of the closest `lang`. */
  get language() {
    const language = this.locale ?? this.closest("[lang]")?.lang ?? "";
    return /^ko\b/i.test(language) ? "ko" : "en";
  }

  get texts() {
    return TEXTS[this.language] ?? TEXTS.en;
  }

  connectedCallback() {
    for (const name of this.constructor.properties) {
      if (!Object.hasOwn(this, name)) continue;
      const value = this[name];
      delete this[name];
      this[name] = value;
    }
    this.#adoptStyles();
    this.requestUpdate();
  }

  disconnectedCallback() {
    // An element that is moved within the page is connected again by then.
    queueMicrotask(() => {
      if (!this.isConnected) this.release();
    });
  }

  adoptedCallback() {
    this.#adoptStyles();
  }

  attributeChangedCallback() {
    this.requestUpdate();
  }

  focus(options) {
    this.shadowRoot.querySelector("button, [tabindex]")?.focus(options);
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

  /** Replaces everything that the element shows, and keeps the focus on what has the same id. */
  show(...children) {
    const focusedId = this.shadowRoot.activeElement?.id;
    const content = createElement("div", "content", { lang: this.language }, ...children);
    this.#content?.remove();
    this.#content = content;
    this.shadowRoot.append(content);
    if (focusedId) this.find(focusedId)?.focus();
  }

  /** Returns what has this id among what the element shows. */
  find(id) {
    return this.shadowRoot.getElementById(id);
  }

  /** Has a text read out by assistive technology. */
  announce(text) {
    this.#status.lang = this.language;
    this.#status.textContent = text;
  }

  emit(type, detail, bubbles = true) {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles }));
  }

  /** Writes a mistake of the page's developer to the console. */
  complain(problem) {
    console.error(`thetaone-web/elements: <${this.localName}> ${problem}`);
  }

  /** Constructed sheets belong to one document, and need no `style-src` of a policy. */
  #adoptStyles() {
    const view = this.ownerDocument.defaultView;
    if (!view) return;
    const sheet = new view.CSSStyleSheet();
    sheet.replaceSync(BASE_STYLES + this.constructor.styles);
    this.shadowRoot.adoptedStyleSheets = [sheet];
  }
}

function define(Class, name, get, set) {
  Class.properties = [...Class.properties, name];
  Object.defineProperty(Class.prototype, name, { get, set });
}

/** Defines properties whose change calls `changed(name, value)`. */
export function defineProperties(Class, names) {
  for (const name of names) {
    const set = function (value) {
      this.values[name] = value;
      this.changed(name, value);
    };
    const get = function () {
      return this.values[name];
    };
    define(Class, name, get, set);
  }
}

/** Defines properties that are attributes, by their names; `undefined` where there is none. */
export function reflectAttributes(Class, attributes, convert = String) {
  Class.observedAttributes = [...Class.observedAttributes, ...Object.values(attributes)];
  for (const [name, attribute] of Object.entries(attributes)) {
    const set = function (value) {
      if (value == null) this.removeAttribute(attribute);
      else this.setAttribute(attribute, value);
    };
    const get = function () {
      return this.hasAttribute(attribute) ? convert(this.getAttribute(attribute)) : undefined;
    };
    define(Class, name, get, set);
  }
}
