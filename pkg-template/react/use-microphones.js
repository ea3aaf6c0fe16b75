// The permission and the microphones, for a menu.

import { useSyncExternalStore } from "react";
import { microphones } from "../record/microphones.js";
import { ExternalStore } from "./external-store.js";

/** @import { MicrophoneDevice, MicrophoneError, MicrophonePermission } from "../index.js" */
/** @import { UseMicrophones } from "../react.js" */

/** @extends {ExternalStore<UseMicrophones>} */
class MicrophonesStore extends ExternalStore {
  /** @type {(() => void) | undefined} */
  #unsubscribe;
  /**
   * Whether `request()` succeeded. A browser that grants the permission only for this page may
   * still report "prompt".
   */
  #isGranted = false;
  /**
   * The error of the last `request()`.
   * @type {MicrophoneError | undefined}
   */
  #error;
  /** Counts updates: only the latest may set the value. */
  #updates = 0;
  #request;

  constructor() {
    const request = () => this.#requestPermission();
    super({ permission: "unknown", request });
    this.#request = request;
  }

  activate() {
    this.#unsubscribe ??= microphones.subscribe(() => this.#update());
    void this.#update();
  }

  deactivate() {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
  }

  async #requestPermission() {
    this.#error = undefined;
    try {
      await microphones.request();
    } catch (error) {
      this.#error = /** @type {MicrophoneError} */ (error);
    }
    const isGranted = !this.#error;
    this.#isGranted = isGranted;
    await this.#update();
    return isGranted;
  }

  async #update() {
    this.#updates += 1;
    const update = this.#updates;
    const reported = /** @type {MicrophonePermission} */ (await microphones.permission());
    // Once a browser reports "granted", its reports count, because the permission may be revoked.
    if (reported === "granted") this.#isGranted = false;
    const permission = this.#isGranted && reported !== "denied" ? "granted" : reported;
    /** @type {MicrophoneDevice[] | undefined} */
    const devices = permission === "granted" ? await microphones.list().catch(() => []) : undefined;
    if (update !== this.#updates) return;
    if (devices) this.#error = undefined;
    const failed = this.#error && { error: this.#error };
    this.setValue(
      devices
        ? { permission: /** @type {"granted"} */ (permission), devices }
        : {
            permission: /** @type {"prompt" | "denied" | "unknown"} */ (permission),
            request: this.#request,
            ...failed,
          },
    );
  }
}

/** The store of all components. */
const store = /* @__PURE__ */ new MicrophonesStore();

/** @type {typeof import("../react.js").useMicrophones} */
export function useMicrophones() {
  return useSyncExternalStore(store.subscribe, store.getSnapshot, store.getServerSnapshot);
}
