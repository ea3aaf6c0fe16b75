// Measures the time from `import()` to a client that can send requests, without caches.

import { fixed, median, range, ratio } from "../table.mjs";

const NAMES = {
  ours: "thetaone-web (with wasm)",
  oursExternal: "thetaone-web/external",
  assemblyai: "assemblyai",
  deepgram: "@deepgram/sdk",
  openai: "openai",
};
const ROUNDS = 9;

export async function run(browser) {
  const results = Object.fromEntries(
    Object.keys(NAMES).map((key) => [key, { createdMs: [], readyMs: [] }]),
  );
  for (let round = 0; round < ROUNDS; round++) {
    for (const [key, result] of Object.entries(results)) {
      // A new browser for each, so that neither code nor compiled code is cached.
      const { createdMs, readyMs, early, all } = await browser.withFreshPage((bench) =>
        bench.call("load", key),
      );
      result.createdMs.push(createdMs);
      result.readyMs.push(readyMs);
      const bytes = (paths) => paths.reduce((sum, path) => sum + browser.brotliBytes(path), 0);
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
      "client created",
      "ready",
      "min–max",
      "ours takes",
      "brotli until created, B",
      "brotli until ready, B",
    ],
    rows: Object.entries(results).map(([key, { createdMs, readyMs, firstBytes, allBytes }]) => [
      NAMES[key],
      fixed(median(createdMs), 1),
      fixed(median(readyMs), 1),
      range(readyMs),
      ratio(within(readyMs)),
      firstBytes,
      allBytes,
    ]),
    note: "Peers hold no wasm: they prepare no audio. Bundled and minified by esbuild; ratios are medians of those within a round.",
  };
}
