// The default way to the core: inlined, and imported on first use.

import { startCore } from "./core.js";
import { inlined } from "./piece.js";

/** The core's wasm-bindgen module. */
export const load = () =>
  startCore(inlined(() => Promise.all([import("./wasm/core.js"), import("./wasm/inline.js")])));
