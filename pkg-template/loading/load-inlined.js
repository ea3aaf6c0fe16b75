// Loads the core for the package's main entry: inlined, and imported on first use.

import { inlinedParts, startCore } from "./wasm-module.js";

/** Starts the core; resolves to the exports of runtime.js. */
export const load = () =>
  startCore(inlinedParts(() => Promise.all([import("./runtime.js"), import("../wasm/inline.js")])));
