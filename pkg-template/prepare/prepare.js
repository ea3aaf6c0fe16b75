// `ThetaOne.prepare()`: prepares a recording without sending it.

/** @import { Runtime } from "../internal.js" */
/** @import { CancellationScope } from "../wasm/core.js" */
/** @import { Take } from "./take.js" */

import { memberOf } from "../client/untrusted-values.js";
import { prepareOutputFormat } from "../wasm/core.js";
import { prepareTake } from "./prepare-audio.js";

/**
 * Resolves to a `Take` of `audio`; rejects with one of the package's errors. The arguments may be
 * anything.
 * @param {Runtime} runtime
 * @param {unknown} audio
 * @param {unknown} options
 * @returns {Promise<Take>}
 */
export async function prepare({ handle }, audio, options) {
  /** @type {CancellationScope | undefined} */
  let scope;
  const controller = new AbortController();
  try {
    const format = prepareOutputFormat(options);
    scope = handle.scope(memberOf(options, "signal"));
    return await scope.run(prepareTake(audio, format, { signal: controller.signal }));
  } catch (thrown) {
    throw handle.toError(thrown);
  } finally {
    // Ends the work if its result is no longer needed.
    controller.abort();
    scope?.free();
  }
}
