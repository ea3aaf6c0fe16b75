// A call to an endpoint: what is sent is made ready as part of it, and kept where the client has an outbox.

import { forUpload } from "../prepare/prepare-audio.js";
import { sendKept, transcribeLong } from "../loading/lazy-features.js";

/** Resolves to the API's JSON; rejects with one of the package's errors. The arguments may be anything. */
export function call(core, method, audio, options, request) {
  if (method === "transcribeLong") return transcribeLong(core, audio, options, request);
  const contents = async (how) => {
    // A mistake in the call is told before the recording is looked at.
    const fields = core.fields(method, options);
    return { ...(await forUpload(core, audio, how)), fields };
  };
  if (core.hasOutbox) return sendKept(core, audio, method, contents, request);
  return core.send(method, contents, request);
}
