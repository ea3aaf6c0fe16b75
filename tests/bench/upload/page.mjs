// The part of the suite that runs in the browser; suite.mjs calls these functions by name.

import { speechLike } from "../audio/signal.mjs";
import { wavOf } from "../audio/wav.mjs";
import { CONTENDERS } from "./contenders.mjs";
import { watchCopies } from "./copies.mjs";

/** 2.1 MB, of a rate that goes up as it is. */
const LONG = { rate: 32_000, channels: 1, seconds: 33 };
const SHORT = { rate: 16_000, channels: 1, seconds: 1 };

function recording({ rate, channels, seconds }) {
  const samples = Int16Array.from(speechLike({ rate, channels, seconds }), (sample) =>
    Math.round(sample * 32_767),
  );
  return wavOf(samples, { rate, channels });
}

const uploads = new Map();
let file;

globalThis.bench = {
  /** Makes the file; gives its size in bytes. */
  make() {
    file = recording(LONG);
    return file.size;
  },

  async load(contender, target) {
    uploads.set(`${contender} ${target}`, await CONTENDERS[contender](`/${target}`, file));
  },

  async run(contender, target) {
    const upload = uploads.get(`${contender} ${target}`);
    // The file was not read before: what one contender has read must not be cached for the next.
    const fresh = new Blob([file], { type: file.type });
    const start = performance.now();
    await upload(fresh);
    return { ms: performance.now() - start };
  },

  /** How many bytes one upload copies, and from where to where. */
  async copies(target) {
    const upload = uploads.get(`ours ${target}`);
    const read = watchCopies();
    await upload(new Blob([file], { type: file.type }));
    return read();
  },

  /** Many calls of one client, answered in the page. */
  async many(calls) {
    const { ThetaOne } = await import("thetaone-web");
    const answer = JSON.stringify({
      text: "",
      text_type: "en",
      metadata: {},
      response_time_in_sec: 0,
    });
    const headers = { "Content-Type": "application/json" };
    globalThis.client ??= new ThetaOne({
      baseUrl: "/sink",
      fetch: async () => new Response(answer, { headers }),
    });
    const short = recording(SHORT);
    for (let call = 0; call < calls; call++) await globalThis.client.transcribe(short);
  },

  heapBytes: () => performance.memory.usedJSHeapSize,
};
