// Loads the core for the package's main entry: inlined, and imported on first use.

import { inlinedParts, startCore } from "./wasm-module.js";

/** Resolves to the exports of runtime.js, with the core started. */
export const load = () =>
  startCore(inlinedParts(() => Promise.all([import("./runtime.js"), import("../wasm/inline.js")])));
