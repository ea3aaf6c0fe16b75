// The default way to the core: inlined, and imported on first use.

import { startCore } from "./core.js";
import { inlined } from "./piece.js";

/** What engine.js exports, with the core started. */
export const load = () =>
  startCore(inlined(() => Promise.all([import("./engine.js"), import("./wasm/inline.js")])));
