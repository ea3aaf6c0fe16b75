// The suite's browser part. suite.mjs calls these functions by name.

import { speechLike } from "../audio/signal.mjs";
import { createWav } from "../audio/wav.mjs";
import { COMPETITORS } from "./competitors.mjs";
import { watchCopies } from "./copies.mjs";

/** A file of 2.1 MB, with a sample rate that the SDK uploads unchanged. */
const LONG = { rate: 32_000, channels: 1, seconds: 33 };
const SHORT = { rate: 16_000, channels: 1, seconds: 1 };

function recording({ rate, channels, seconds }) {
  const samples = Int16Array.from(speechLike({ rate, channels, seconds }), (sample) =>
    Math.round(sample * 32_767),
  );
  return createWav(samples, { rate, channels });
}

const uploads = new Map();
let file;

globalThis.bench = {
  /** Creates the file. Returns its size in bytes. */
  createInput() {
    file = recording(LONG);
    return file.size;
  },

  async load(competitor, target) {
    uploads.set(`${competitor} ${target}`, await COMPETITORS[competitor](`/${target}`, file));
  },

  async run(competitor, target) {
    const upload = uploads.get(`${competitor} ${target}`);
    // A new blob, so that no competitor profits from a read of another.
    const fresh = new Blob([file], { type: file.type });
    const start = performance.now();
    await upload(fresh);
    return { ms: performance.now() - start };
  },

  /** Returns the number of bytes that one upload copies, by source and target. */
  async copies(target) {
    const upload = uploads.get(`ours ${target}`);
    const read = watchCopies();
    await upload(new Blob([file], { type: file.type }));
    return read();
  },

  /** Sends many calls with one client, with responses from the page itself. */
  async callRepeatedly(calls) {
    const { ThetaOne } = await import("thetaone-web");
    const body = JSON.stringify({
      text: "",
      text_type: "en",
      metadata: {},
      response_time_in_sec: 0,
    });
    const headers = { "Content-Type": "application/json" };
    globalThis.client ??= new ThetaOne({
      baseUrl: "/sink",
      fetch: async () => new Response(body, { headers }),
    });
    const short = recording(SHORT);
    for (let call = 0; call < calls; call++) await globalThis.client.transcribe(short);
  },

  heapBytes: () => performance.memory.usedJSHeapSize,
};
