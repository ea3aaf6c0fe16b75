// Loading the core of the SDK.

import { round, timed } from "../time.js";

/** @import { Tools } from "../run.js" */

/**
 * Loads the wasm.
 * @param {Tools} tools
 */
export async function loadCore({ createClient }) {
  const theta = createClient();
  const { ms } = await timed(() => theta.ready());
  return { loadMs: round(ms) };
}
