// The suite's browser part. suite.mjs calls these functions by name.

import { COMPETITORS } from "./competitors.mjs";
import { gainDb } from "./fidelity.mjs";
import { watchHeap, watchLongTasks, watchThread } from "./probes.mjs";
import { encodeWebm } from "./encode-webm.mjs";
import { speechLike } from "./signal.mjs";
import { readSamples, createWav } from "./wav.mjs";

const PROBES = { blocks: watchThread, longTaskMs: watchLongTasks, heapBytes: watchHeap };

const inputs = new Map();
const loaded = new Map();

globalThis.bench = {
  /** Creates an input with a name. Returns its size. */
  async createInput(
    name,
    { rate, channels, seconds = 60, repeats = 1, bits = 32, container = "wav" },
  ) {
    let samples = speechLike({ rate, channels, seconds });
    if (bits === 16) samples = Int16Array.from(samples, (sample) => Math.round(sample * 32_767));
    const blob =
      container === "webm"
        ? await encodeWebm(samples, rate)
        : createWav(samples, { rate, channels, repeats });
    inputs.set(name, blob);
    return blob.size;
  },

  /** Fetches an input. Returns its size. */
  async fetchInput(name, url) {
    const blob = await (await fetch(url)).blob();
    inputs.set(name, blob);
    return blob.size;
  },

  async load(competitor) {
    if (!loaded.has(competitor)) loaded.set(competitor, await COMPETITORS[competitor]());
  },

  /** Converts an input once. `probes` names measurements during the run, which take time. */
  async run(competitor, input, probes = []) {
    const convert = loaded.get(competitor);
    const readings = probes.map((name) => [name, PROBES[name]()]);
    const start = performance.now();
    const output = await convert(inputs.get(input));
    const ms = performance.now() - start;
    return {
      ms,
      bytes: output.size,
      ...Object.fromEntries(readings.map(([name, read]) => [name, read()])),
    };
  },

  /** Returns the level of an output, which shows that all competitors convert the same sound. */
  async outputRmsDbfs(competitor, input) {
    const samples = await readSamples(await loaded.get(competitor)(inputs.get(input)));
    const sum = samples.reduce((sum, sample) => sum + (sample / 32_767) ** 2, 0);
    return 10 * Math.log10(sum / samples.length);
  },

  gainDb: (competitor, hertz, outputHertz) => gainDb(loaded.get(competitor), hertz, outputHertz),

  heapBytes: () => performance.memory.usedJSHeapSize,

  /** Returns the longest block of an idle thread, which the probe and the machine cause. */
  async idleBlockMs(ms) {
    const stop = watchThread();
    await new Promise((resolve) => setTimeout(resolve, ms));
    return stop()[0].ms;
  },
};
