// A recording made ready to be sent, without being sent.

import { takeOf } from "./prepare-audio.js";
import { memberOf } from "../client/untrusted-values.js";

/** Resolves to a `Take` of `audio`; rejects with one of the package's errors. The arguments may be anything. */
export async function prepare(core, audio, options) {
  let scope;
  const stop = new AbortController();
  try {
    const wanted = core.preparingWanted(options);
    scope = core.scope(memberOf(options, "signal"));
    return await scope.guard(takeOf(core, audio, wanted, stop));
  } catch (thrown) {
    throw core.error(thrown);
  } finally {
    // Nobody waits for the rest of it any more.
    stop.abort();
    scope?.free();
  }
}
