// State outside of React, which components subscribe to.

import { useInsertionEffect, useState, useSyncExternalStore } from "react";

/**
 * A value that changes, and its subscribers. Subclasses override `open()`, called for the first subscriber, and `close()`,
 * called when the last one has gone for good; both may be called again.
 */
export class Store {
  #initial;
  #value;
  #listeners = new Set();

  /** Sets the first value, which the server renders too. */
  begin(value) {
    this.#initial = value;
    this.#value = value;
  }

  read = () => this.#value;

  readInitial = () => this.#initial;

  /** Replaces the value and notifies the subscribers. */
  show(value) {
    this.#value = value;
    for (const listener of this.#listeners) listener();
  }

  get isObserved() {
    return this.#listeners.size > 0;
  }

  subscribe = (listener) => {
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) this.open();
    return () => {
      this.#listeners.delete(listener);
      // StrictMode and fast refresh unsubscribe and subscribe again at once, which must end nothing.
      queueMicrotask(() => {
        if (!this.isObserved) this.close();
      });
    };
  };

  open() {}

  close() {}
}

/** Returns the component's own store, made once, and its value. Sets `store.latest` to the arguments of the last render. */
export function useStore(Class, latest) {
  const [store] = useState(() => new Class());
  // In an effect, because a render may be thrown away; in the first of all effects, because others may start something.
  useInsertionEffect(() => {
    store.latest = latest;
  });
  return [store, useSyncExternalStore(store.subscribe, store.read, store.readInitial)];
}
