// The part that the stores of `useCall` and `useRecorder` share.

import { ExternalStore } from "./external-store.js";

/**
 * A store of a state and the actions of a hook. Subclasses override `onPageHide()`, which is called
 * when the page is left, and `onUnmount()`, which is called after the last component is gone.
 */
export class StateMachine extends ExternalStore {
  #actions;
  isUnmounted = false;
  /** The arguments of the hook at the last render. */
  latest = (undefined);

  constructor(actions) {
    super(({ state: "idle", ...actions }));
    this.#actions = actions;
  }

  activate() {
    this.isUnmounted = false;
    globalThis.addEventListener("pagehide", this.#pageHideListener);
  }

  deactivate() {
    this.isUnmounted = true;
    globalThis.removeEventListener("pagehide", this.#pageHideListener);
    this.onUnmount();
  }

  #pageHideListener = () => this.onPageHide();

  onPageHide() {}

  onUnmount() {}

  get state() {
    return this.getSnapshot().state;
  }

  /** Shows a state, with the members that only this state has. */
  enter(state, outcome) {
    this.setValue(({ state, ...outcome, ...this.#actions }));
  }
}
