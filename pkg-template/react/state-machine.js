// The part that the stores of `useCall` and `useRecorder` share.

import { ExternalStore } from "./external-store.js";

/** @typedef {{ readonly state: string }} Snapshot */

/**
 * A store of a state and the actions of a hook.
 * @template {Snapshot} Value the type of the hook's result
 * @template {object} Actions
 * @template Latest
 * @extends {ExternalStore<Value>}
 */
export class StateMachine extends ExternalStore {
  #actions;
  #onPageHide;
  #onUnmount;
  isUnmounted = false;
  /**
   * The arguments of the hook at the last render.
   * @type {Latest}
   */
  latest = /** @type {any} */ (undefined);

  /**
   * @param {Actions} actions
   * @param {() => void} onPageHide is called when the page is left
   * @param {() => void} onUnmount is called after the last component is gone
   */
  constructor(actions, onPageHide, onUnmount) {
    super(/** @type {any} */ ({ state: "idle", ...actions }));
    this.#actions = actions;
    this.#onPageHide = onPageHide;
    this.#onUnmount = onUnmount;
  }

  activate() {
    this.isUnmounted = false;
    globalThis.addEventListener("pagehide", this.#onPageHide);
  }

  deactivate() {
    this.isUnmounted = true;
    globalThis.removeEventListener("pagehide", this.#onPageHide);
    this.#onUnmount();
  }

  /** @returns {Value["state"]} */
  get state() {
    return this.getSnapshot().state;
  }

  /**
   * Shows a state, with the members that only this state has.
   * @param {Value["state"]} state
   * @param {object} [outcome]
   */
  enter(state, outcome) {
    this.setValue(/** @type {any} */ ({ state, ...outcome, ...this.#actions }));
  }
}
