// From `import()` to a client that can call, on a page that has never been there.

import { fixed, median, range, ratio } from "../table.mjs";

const NAMES = {
  ours: "thetaone-web (with wasm)",
  oursExternal: "thetaone-web/external",
  assemblyai: "assemblyai",
  deepgram: "@deepgram/sdk",
  openai: "openai",
};
const ROUNDS = 9;

export async function run(lab) {
  const results = Object.fromEntries(
    Object.keys(NAMES).map((key) => [key, { madeMs: [], readyMs: [] }]),
  );
  for (let round = 0; round < ROUNDS; round++) {
    for (const [key, result] of Object.entries(results)) {
      // A fresh browser each time: nothing is in a cache, neither code nor what was compiled of it.
      const { madeMs, readyMs, early, all } = await lab.onFreshBench((bench) =>
        bench.call("load", key),
      );
      result.madeMs.push(madeMs);
      result.readyMs.push(readyMs);
      const bytes = (paths) => paths.reduce((sum, path) => sum + lab.brotliBytes(path), 0);
      Object.assign(result, { firstBytes: bytes(early), allBytes: bytes(all) });
    }
  }
  return { results, tables: [table(results)] };
}

function table(results) {
  const ours = results.ours.readyMs;
  const within = (values) => median(values.map((value, round) => ours[round] / value));
  return {
    title: `From import() to ready, ms: median of ${ROUNDS} fresh browsers, files from this machine`,
    head: [
      "",
      "client made",
      "ready",
      "min–max",
      "ours takes",
      "brotli until made, B",
      "brotli until ready, B",
    ],
    rows: Object.entries(results).map(([key, { madeMs, readyMs, firstBytes, allBytes }]) => [
      NAMES[key],
      fixed(median(madeMs), 1),
      fixed(median(readyMs), 1),
      range(readyMs),
      ratio(within(readyMs)),
      firstBytes,
      allBytes,
    ]),
    note: "Peers hold no wasm: they prepare no audio. Bundled and minified by esbuild; ratios are medians of those within a round.",
  };
}
