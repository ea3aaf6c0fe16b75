// The core.

import { piece } from "./piece.js";

/** The core's wasm-bindgen module. */
export const load = piece("the wasm core", () => Promise.all([import("./wasm/core.js"), import("./wasm/inline.js")]));
