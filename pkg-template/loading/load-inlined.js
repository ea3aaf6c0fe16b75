// The default way to the core: inlined, and imported on first use.

import { startCore } from "./start-core.js";
import { inlined } from "./wasm-module.js";

/** What runtime.js exports, with the core started. */
export const load = () =>
  startCore(inlined(() => Promise.all([import("./runtime.js"), import("../wasm/inline.js")])));
