// The way of a call: what is to be sent is made ready, kept where the client has an outbox, and sent.

import { forUpload } from "./audio.js";
import { kept } from "./platform.js";

/** Calls the endpoint of `method`; resolves to the API's JSON, and rejects with one of the package's errors. */
export function call(core, method, audio, options, request) {
  const contents = async () => {
    const fields = core.fields(method, options);
    const { blob, durationSeconds } = await forUpload(core, audio);
    return { blob, durationSeconds, fields };
  };
  return core.hasOutbox ? kept(core, "outbox", "send", [method, contents, request]) : core.send(method, contents, request);
}
