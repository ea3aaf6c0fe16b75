// Detects the environment that the package runs in.

import { isA } from "./untrusted-values.js";

/** True in a window or a worker, where everyone can read what the page holds. */
export function isBrowser() {
  return typeof globalThis.document === "object" || isA(globalThis, "WorkerGlobalScope");
}
