// `ThetaOne.prepare()`: prepares a recording without sending it.

import { memberOf } from "../client/untrusted-values.js";
import { prepareOutputFormat } from "../wasm/core.js";
import { prepareTake } from "./prepare-audio.js";

/**
 * Resolves to a `Take` of `audio`; rejects with one of the package's errors. The arguments may be
 * anything.
 */
export async function prepare({ handle }, audio, options) {
  let scope;
  const controller = new AbortController();
  try {
    const format = prepareOutputFormat(options);
    scope = handle.scope(memberOf(options, "signal"));
    return await scope.run(prepareTake(audio, format, { signal: controller.signal }));
  } catch (thrown) {
    throw handle.toError(thrown);
  } finally {
    // Ends the work that nobody waits for any more.
    controller.abort();
    scope?.free();
  }
}
