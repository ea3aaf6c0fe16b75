// Permission and devices, for a menu.

import { useSyncExternalStore } from "react";
import { microphones } from "../record/microphones.js";
import { Store } from "./external-store.js";

class MicrophonesStore extends Store {
  #end;
  /** Whether `request()` succeeded: a browser that grants it for this page only may go on to say "prompt". */
  #isGranted = false;
  /** Why `request()` failed. */
  #error;
  /** Counts the looks: only the latest may show what it saw. */
  #looks = 0;
  #request = () => this.#ask();

  constructor() {
    super();
    this.begin({ permission: "unknown", request: this.#request });
  }

  open() {
    this.#end ??= microphones.subscribe(() => this.#look());
    this.#look();
  }

  close() {
    this.#end?.();
    this.#end = undefined;
  }

  async #ask() {
    this.#error = undefined;
    try {
      await microphones.request();
    } catch (error) {
      this.#error = error;
    }
    const isGranted = !this.#error;
    this.#isGranted = isGranted;
    await this.#look();
    return isGranted;
  }

  async #look() {
    this.#looks += 1;
    const look = this.#looks;
    const told = await microphones.permission();
    // A browser that knows is believed from here on, because permission may be taken back.
    if (told === "granted") this.#isGranted = false;
    const permission = this.#isGranted && told !== "denied" ? "granted" : told;
    const devices = permission === "granted" ? await microphones.list().catch(() => []) : undefined;
    if (look !== this.#looks) return;
    if (devices) this.#error = undefined;
    const failed = this.#error && { error: this.#error };
    this.show(
      devices ? { permission, devices } : { permission, request: this.#request, ...failed },
    );
  }
}

/** One for all components. */
const store = /* @__PURE__ */ new MicrophonesStore();

export function useMicrophones() {
  return useSyncExternalStore(store.subscribe, store.read, store.readInitial);
}
