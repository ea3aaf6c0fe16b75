// Recordings in a container, decoded by the browser.

import { Failure } from "../failure.js";
import { bufferOf } from "./blob.js";
import { Breath } from "./breath.js";
import { decoded } from "./decode.js";
import { Work } from "./work.js";

/** What can be sent of a recording in `container`, written anew. */
export async function convert(core, blob, container, wanted, how = {}) {
  const breath = new Breath(how.signal);
  let work;
  try {
    for await (const { samples, sampleRate } of decoded(await bufferOf(blob), container)) {
      work ??= new Work(core, sampleRate, false);
      work.feed(samples);
      await breath.take();
    }
    if (!work) throw new Failure("InvalidAudioError", "empty", "the recording holds no samples");
    return await work.finish(wanted.trim, how).file(wanted);
  } finally {
    work?.free();
  }
}
