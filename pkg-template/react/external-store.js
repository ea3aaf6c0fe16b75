// A store outside of React, which components subscribe to with `useSyncExternalStore`.

import { useInsertionEffect, useState, useSyncExternalStore } from "react";

/**
 * A value that changes, and its subscribers. Subclasses override `activate()`, which is called for
 * the first subscriber, and `deactivate()`, which is called when the last one has left for good.
 * Both may be called again.
 * @template Value
 */
export class ExternalStore {
  #initialValue;
  #value;
  /** @type {Set<() => void>} */
  #listeners = new Set();

  /** @param {Value} initialValue the first value, which the server renders too */
  constructor(initialValue) {
    this.#initialValue = initialValue;
    this.#value = initialValue;
  }

  getSnapshot = () => this.#value;

  getServerSnapshot = () => this.#initialValue;

  /**
   * Replaces the value and notifies the subscribers.
   * @param {Value} value
   */
  setValue(value) {
    this.#value = value;
    for (const listener of this.#listeners) listener();
  }

  get hasSubscribers() {
    return this.#listeners.size > 0;
  }

  /** @param {() => void} listener */
  subscribe = (listener) => {
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) this.activate();
    return () => {
      this.#listeners.delete(listener);
      // Waits, because StrictMode and fast refresh unsubscribe and subscribe again at once.
      queueMicrotask(() => {
        if (!this.hasSubscribers) this.deactivate();
      });
    };
  };

  activate() {}

  deactivate() {}
}

/**
 * Returns the component's own store, created once, and its value. Sets `store.latest` to the
 * arguments of the last render.
 * @template Latest
 * @template Value
 * @param {new () => ExternalStore<Value> & { latest: Latest }} Store
 * @param {Latest} latest
 * @returns {Value}
 */
export function useOwnStore(Store, latest) {
  const [store] = useState(() => new Store());
  // In an effect, because a render may be thrown away. In an insertion effect, which runs before
  // other effects, because those may use the store.
  useInsertionEffect(() => {
    store.latest = latest;
  });
  return useSyncExternalStore(store.subscribe, store.getSnapshot, store.getServerSnapshot);
}
