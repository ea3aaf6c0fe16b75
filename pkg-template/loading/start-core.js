// The core. There is one on a page, whichever entries the page's scripts import:
// they share its glue, which holds one instance.

import { starter } from "./wasm-module.js";

/** Starts the core with the first caller's parts; see `starter`. */
export const startCore = starter("the wasm core");
