// Recordings in a container, decoded by the browser.

import { Failure } from "../failure.js";
import { Breath } from "./breath.js";
import { decoded } from "./decode.js";
import { warned } from "./made.js";
import { Work } from "./work.js";

/** What can be sent of a recording in `container`, written anew. */
export async function convert(core, blob, container, wanted, how = {}) {
  const breath = new Breath(how.signal);
  let missingSeconds = 0;
  const tell = (seconds) => {
    missingSeconds = seconds;
  };
  let work;
  try {
    for await (const { samples, sampleRate, channels } of decoded(blob, container, how, tell)) {
      work ??= new Work(core, sampleRate, false);
      work.feed(downmixed(samples, channels));
      await breath.take();
    }
    const isTruncated = core.isTruncated(missingSeconds);
    if (!work) {
      const reason = isTruncated ? "truncated" : "empty";
      throw new Failure("InvalidAudioError", reason, `the ${container} file holds no samples`);
    }
    return warned(await work.finish(wanted.trim, how).file(wanted), isTruncated);
  } finally {
    work?.free();
  }
}

/** The mean of the channels. */
export function downmixed(frames, channels) {
  if (channels === 1) return frames;
  const mono = new Float32Array(frames.length / channels);
  const share = Math.fround(1 / channels);
  for (let n = 0; n < mono.length; n++) {
    for (let channel = 0; channel < channels; channel++) mono[n] += frames[n * channels + channel];
    mono[n] *= share;
  }
  return mono;
}
