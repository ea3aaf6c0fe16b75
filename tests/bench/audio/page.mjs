// The part of the suite that runs in the browser; suite.mjs calls these functions by name.

import { CONTENDERS } from "./contenders.mjs";
import { gainDb } from "./fidelity.mjs";
import { watchHeap, watchLongTasks, watchThread } from "./probes.mjs";
import { recordingOf } from "./recording.mjs";
import { speechLike } from "./signal.mjs";
import { samplesOf, wavOf } from "./wav.mjs";

const PROBES = { blocks: watchThread, longTaskMs: watchLongTasks, heapBytes: watchHeap };

const inputs = new Map();
const loaded = new Map();

globalThis.bench = {
  /** Makes an input under a name; gives its size. */
  async make(name, { rate, channels, seconds = 60, repeats = 1, bits = 32, container = "wav" }) {
    let samples = speechLike({ rate, channels, seconds });
    if (bits === 16) samples = Int16Array.from(samples, (sample) => Math.round(sample * 32_767));
    const blob =
      container === "webm"
        ? await recordingOf(samples, rate)
        : wavOf(samples, { rate, channels, repeats });
    inputs.set(name, blob);
    return blob.size;
  },

  /** Fetches an input; gives its size. */
  async fetchInput(name, url) {
    const blob = await (await fetch(url)).blob();
    inputs.set(name, blob);
    return blob.size;
  },

  async load(contender) {
    if (!loaded.has(contender)) loaded.set(contender, await CONTENDERS[contender]());
  },

  /** Converts an input once; `probes` name what is watched meanwhile, which costs time. */
  async run(contender, input, probes = []) {
    const convert = loaded.get(contender);
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

  /** The level of an output, which shows that everyone has converted the same sound. */
  async outputRmsDbfs(contender, input) {
    const samples = await samplesOf(await loaded.get(contender)(inputs.get(input)));
    const sum = samples.reduce((sum, sample) => sum + (sample / 32_767) ** 2, 0);
    return 10 * Math.log10(sum / samples.length);
  },

  gainDb: (contender, hertz, heardHertz) => gainDb(loaded.get(contender), hertz, heardHertz),

  heapBytes: () => performance.memory.usedJSHeapSize,

  /** The longest block of a thread that has nothing to do: what the probe and the machine add. */
  async idleBlockMs(ms) {
    const stop = watchThread();
    await new Promise((resolve) => setTimeout(resolve, ms));
    return stop()[0].ms;
  },
};
