// Recordings in a container, decoded by the browser.

import { Failure } from "../result/failure.js";
import { Breath } from "./yield-to-main.js";
import { decoded } from "./decode.js";
import { warned } from "./prepared-audio.js";
import { Work } from "./pcm-pipeline.js";

/**
 * Decodes a recording in `container` and resolves to a new file that can be sent. If one channel turns out to be worth
 * more than the mean of all, decodes the recording again for that `channel`.
 */
export async function convert(core, blob, container, wanted, how = {}, channel = undefined) {
  const breath = new Breath(how.signal);
  let missingSeconds = 0;
  const tell = (seconds) => {
    missingSeconds = seconds;
  };
  let work;
  try {
    for await (const { samples, sampleRate, channels } of decoded(blob, container, how, tell)) {
      work ??= new Work(core, sampleRate, false, channel);
      work.feed(samples, channels);
      await breath.take();
    }
    const isTruncated = core.isTruncated(missingSeconds);
    if (!work) {
      const reason = isTruncated ? "truncated" : "empty";
      throw new Failure("InvalidAudioError", reason, `the ${container} file holds no samples`);
    }
    const better = work.betterChannel;
    if (better !== undefined) return await convert(core, blob, container, wanted, how, better);
    return warned(await work.finish(wanted.trim, how).file(wanted), isTruncated);
  } finally {
    work?.free();
  }
}
