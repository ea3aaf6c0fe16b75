// Where this runs.

import { isA } from "./untrusted-values.js";

/** Whether everyone can read what is in it: a window, or a worker. */
export function isBrowser() {
  return typeof globalThis.document === "object" || isA(globalThis, "WorkerGlobalScope");
}
