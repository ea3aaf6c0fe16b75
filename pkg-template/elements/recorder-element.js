// `<theta-recorder>`: a button that records, with level and time, and help where it is refused.

import { copyOptions } from "../client/arguments.js";
import { configurationError } from "../client/local-errors.js";
import { memberOf } from "../client/untrusted-values.js";
import { textOf } from "./analysis.js";
import { ThetaElement, defineProperties, reflectAttributes } from "./base-element.js";
import { createButton, createElement, createForeign, createIcon } from "./dom.js";
import { RECORDER_STYLES } from "./recorder-styles.js";
import { RecordingSession } from "./recording-session.js";

/** @typedef {import("../elements.js").RecorderElementState} State */
/** @typedef {import("./score-parts.js").Texts} Texts */

/** The time between two looks at level and clock, in milliseconds. */
const TICK_MS = 50;
/** The countdown is read out when this many seconds are left. */
const SOON_SECONDS = 10;
/** The meter is empty at this level. */
const QUIETEST_DBFS = -60;

/** @type {State[]} */
const ACTIVE = ["opening", "recording", "preparing"];

/** @type {(seconds: number) => string} */
const clockOf = (seconds) =>
  `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

/** The options of `record()` that are attributes. */
const LIMITS = { maxSeconds: "max-seconds", stopOnSilenceSeconds: "stop-on-silence-seconds" };

const importHelp = () => import("./microphone-help.js");

/**
 * Resolves to the sentences for pages that show a refused microphone themselves.
 * @param {string} locale
 */
export const microphoneHelp = async (locale) => (await importHelp()).helpFor(navigator, locale);

export class ThetaRecorder extends ThetaElement {
  static {
    defineProperties(ThetaRecorder, ["client", "recordOptions"]);
    reflectAttributes(ThetaRecorder, { goldText: "gold-text" }, (text) => text ?? "");
    reflectAttributes(ThetaRecorder, LIMITS, (text) => (text === null ? undefined : Number(text)));
  }
  styles = RECORDER_STYLES;
  /** @type {State} */
  #state = "idle";
  #session = new RecordingSession(() => {});
  /** @type {unknown} The client of the session. */
  #recordingClient;
  /** @type {unknown} */
  #take;
  /** @type {unknown} */
  #error;
  /**
   * Returns the sentences of `helpFor()`, where the microphone was refused.
   * @type {(locale: string) => string[]}
   */
  #help = () => [];
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #ticker;

  /**
   * @param {string} name
   * @param {unknown} value
   */
  changed(name, value) {
    if (name === "client" && value !== this.#recordingClient) this.cancel();
  }

  get #maxSeconds() {
    return Number(this.maxSeconds);
  }

  get state() {
    return this.#state;
  }

  get take() {
    return this.#take;
  }

  get error() {
    return this.#error;
  }

  get level() {
    return this.#session.level;
  }

  /** Opens the microphone and records, unless that is under way. */
  async start() {
    if (ACTIVE.includes(this.#state)) return;
    this.#session.cancel();
    if (typeof memberOf(this.client, "record") !== "function") {
      this.complain("has no client; set its property `client` to a ThetaOne");
      this.#enter("failed", configurationError(`<${this.localName}> has no client`));
      return;
    }
    let options;
    try {
      options = { ...copyOptions("recordOptions", this.recordOptions) };
    } catch (error) {
      this.#enter("failed", error);
      return;
    }
    const session = new RecordingSession((state, outcome) => this.#enter(state, outcome));
    this.#session = session;
    this.#recordingClient = this.client;
    for (const name of /** @type {(keyof typeof LIMITS)[]} */ (Object.keys(LIMITS))) {
      options[name] = this[name] ?? options[name];
    }
    await session.start(this.client, options);
  }

  /** Ends the recording and prepares the take. After a take that failed, tries once more. */
  async stop() {
    await this.#session.stop();
  }

  /** Switches the microphone off and forgets what it recorded. A take that is done stays. */
  cancel() {
    this.#session.cancel();
    if (ACTIVE.includes(this.#state)) this.#enter("idle");
  }

  connectedCallback() {
    super.connectedCallback();
    addEventListener("pagehide", this.#onLeave);
    document.addEventListener("visibilitychange", this.#onLeave);
  }

  release() {
    this.cancel();
    removeEventListener("pagehide", this.#onLeave);
    document.removeEventListener("visibilitychange", this.#onLeave);
  }

  /**
   * Ends the recording. Some phones hide the page while they ask for the microphone.
   * @param {Event} event
   */
  #onLeave = ({ type }) => {
    const isLeft = type === "pagehide";
    if (isLeft && this.#state === "opening") this.cancel();
    if ((isLeft || document.hidden) && this.#state === "recording") void this.stop();
  };

  /**
   * @param {State} state
   * @param {unknown} [outcome]
   */
  #enter(state, outcome) {
    this.#state = state;
    this.#error = state === "failed" ? outcome : undefined;
    if (state === "done") this.#take = outcome;
    this.#help = () => [];
    clearInterval(this.#ticker);
    if (state === "recording") this.#ticker = setInterval(() => this.#tick(), TICK_MS);
    this.requestUpdate();
    this.announce(this.#statusText());
    this.emit("state-change", { state });
    if (state === "done") this.emit("take", { take: outcome, goldText: this.goldText });
    if (state === "failed") this.#fail(outcome);
  }

  /** @param {unknown} error */
  #fail(error) {
    const isRefusal = memberOf(error, "code") === "MICROPHONE";
    if (isRefusal && memberOf(error, "reason") === "denied") void this.#explain(error);
    // Does not bubble, because monitoring tools take any "error" at the window for a script's.
    this.emit("error", { error }, false);
  }

  /**
   * Shows how the refusal is taken back.
   * @param {unknown} error
   */
  async #explain(error) {
    try {
      const { helpFor } = await importHelp();
      if (this.#error !== error) return;
      this.#help = (locale) => helpFor(navigator, locale);
      this.requestUpdate();
    } catch {
      // Without the help, the message of the error remains.
    }
  }

  #statusText() {
    const { texts } = this;
    if (this.#state === "done")
      return texts.done(
        /** @type {number} */ (memberOf(this.#take, "durationSeconds") ?? 0).toFixed(1),
      );
    return ACTIVE.includes(this.#state) ? /** @type {any} */ (texts)[this.#state] : "";
  }

  update() {
    const { texts } = this;
    const status = this.#statusText();
    this.show(
      this.goldText && createForeign("p", "sentence", this.goldText),
      createElement("div", "row", {}, this.#drawButton(), ...this.#drawRecording()),
      status && createElement("p", "status muted", { "aria-hidden": "true" }, status),
      this.#state === "failed" && this.#drawFailure(texts),
    );
    this.#tick();
  }

  #drawButton() {
    const { texts } = this;
    const isOn = ["opening", "recording"].includes(this.#state);
    const idleLabel = this.#take ? texts.recordAgain : texts.record;
    const click = () => (isOn ? this.stop() : this.start());
    const attributes = { id: "record", "aria-disabled": this.#state === "preparing" && "true" };
    return createButton(
      "record primary",
      click,
      attributes,
      createIcon(isOn ? "stop" : "record"),
      isOn ? texts.stop : idleLabel,
    );
  }

  #drawRecording() {
    if (this.#state !== "recording") return [];
    const { texts } = this;
    const meter = {
      id: "meter",
      role: "meter",
      "aria-label": texts.level,
      "aria-valuemin": QUIETEST_DBFS,
      "aria-valuemax": "0",
    };
    return [
      createElement("div", "meter", meter, createElement("div", "bar")),
      createElement("span", "time", { id: "elapsed", role: "timer", "aria-label": texts.elapsed }),
      this.#maxSeconds > 0 && createElement("span", "countdown muted", { id: "left" }),
    ];
  }

  /** Shows level and time. */
  #tick() {
    const meter = this.find("meter");
    if (!meter) return;
    const level = Math.round(Math.min(0, Math.max(QUIETEST_DBFS, this.level.rmsDbfs)));
    meter.setAttribute("aria-valuenow", `${level}`);
    const bar = /** @type {HTMLElement} */ (meter.firstChild);
    bar.style.transform = `scaleX(${1 - level / QUIETEST_DBFS})`;
    const { elapsedSeconds } = this.#session;
    const elapsed = /** @type {HTMLElement} */ (this.find("elapsed"));
    elapsed.textContent = clockOf(elapsedSeconds);
    const countdown = this.find("left");
    const left = Math.ceil(Math.max(0, this.#maxSeconds - elapsedSeconds));
    const text = this.texts.left(left);
    if (!countdown || countdown.textContent === text) return;
    countdown.textContent = text;
    if (left === SOON_SECONDS && this.#maxSeconds > left) this.announce(text);
  }

  /** @param {Texts} texts */
  #drawFailure(texts) {
    const code = memberOf(this.#error, "code");
    // The sound is kept, and the core may load now.
    const canRetry = code === "WASM_LOAD_FAILED" && this.#session.canRetry;
    return createElement(
      "div",
      "error",
      { role: "alert" },
      createElement(
        "p",
        "",
        {},
        code === "CONFIGURATION" ? texts.unavailable : this.#messageOf(texts),
      ),
      ...this.#help(this.language).map((sentence) => createElement("p", "help", {}, sentence)),
      canRetry && createButton("retry", () => this.stop(), { id: "retry" }, texts.retry),
    );
  }

  /** @param {Texts} texts */
  #messageOf(texts) {
    try {
      return textOf(/** @type {any} */ (this.#error).userMessage(this.language)) || texts.failed;
    } catch {
      return texts.failed;
    }
  }
}
