// Recordings in a container, decoded by the browser.

import { Failure } from "../failure.js";
import { bufferOf } from "./blob.js";
import { Breath } from "./breath.js";
import { decoded } from "./decode.js";
import { Work } from "./work.js";

/**
 * What can be sent of a recording in `container`, written anew. Where one channel turns out to be worth more than the mean
 * of all, it is decoded again for that `channel`.
 */
export async function convert(core, blob, container, wanted, how = {}, channel = undefined) {
  const breath = new Breath(how.signal);
  let work;
  try {
    for await (const { samples, sampleRate, channels } of decoded(await bufferOf(blob), container)) {
      work ??= new Work(core, sampleRate, false, channel);
      work.feed(samples, channels);
      await breath.take();
    }
    if (!work) throw new Failure("InvalidAudioError", "empty", "the recording holds no samples");
    const better = work.betterChannel;
    if (better !== undefined) return await convert(core, blob, container, wanted, how, better);
    return await work.finish(wanted.trim, how).file(wanted);
  } finally {
    work?.free();
  }
}
