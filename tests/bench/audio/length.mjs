// Measures whether an hour takes sixty times as long as a minute, and whether the page stays
// responsive.

import { runInterleaved } from "../interleave.mjs";
import { fixed, median, range, ratio } from "../table.mjs";

const FORMAT = { rate: 48_000, channels: 1 };
const MINUTES = [1, 10, 60];
const ROUNDS = 3;
const PROBED_RUNS = 5;
const IDLE_MS = 3_000;

export const measureLength = (browser) =>
  browser.withFreshPage(async (bench) => {
    await bench.call("load", "ours");
    const jobs = [];
    for (const minutes of MINUTES) {
      await bench.call("createInput", minutes, { ...FORMAT, repeats: minutes });
      const run = async () => {
        const { ms, bytes } = await bench.call("run", "ours", minutes);
        return { ms, bytes, wasmBytes: (await bench.wasmBytes())[0] };
      };
      jobs.push({ key: minutes, run });
    }
    const measured = await runInterleaved(bench, jobs, ROUNDS);
    const idleBlockMs = await bench.call("idleBlockMs", IDLE_MS);
    const lengths = [];
    for (const minutes of MINUTES) {
      lengths.push({ minutes, ...measured[minutes], ...(await probed(bench, minutes)) });
    }
    const hourToMinute = perMinute(lengths.at(-1), "ms") / perMinute(lengths[0], "ms");
    return {
      results: { lengths, idleBlockMs, hourToMinute },
      tables: [table(lengths, idleBlockMs)],
    };
  });

/** Measures blocks of the thread in separate runs, because the probe takes time. */
async function probed(bench, minutes) {
  const runs = [];
  for (let run = 0; run < PROBED_RUNS; run++) {
    await bench.collectGarbage();
    runs.push(await bench.call("run", "ours", minutes, ["blocks", "longTaskMs"]));
  }
  // A busy machine only makes blocks longer, so the run with the shortest block is the most
  // accurate.
  runs.sort((a, b) => a.blocks[0].ms - b.blocks[0].ms);
  const longestBlocksMs = runs.map(({ blocks }) => blocks[0].ms);
  return { blocks: runs[0].blocks, longTaskMs: runs[0].longTaskMs, longestBlocksMs };
}

const perMinute = (length, field) => median(length[field]) / length.minutes;

function table(lengths, idleBlockMs) {
  const compared = (length, field) =>
    ratio(perMinute(length, field) / perMinute(lengths[0], field));
  return {
    title: `theta.prepare of 48 kHz mono float WAV, by length (${ROUNDS} interleaved rounds)`,
    head: [
      "minutes",
      "median ms",
      "min–max",
      "ms per minute",
      "vs 1 minute",
      "thread CPU ms per minute",
      "vs 1 minute",
      `longest block ms, least–most of ${PROBED_RUNS} runs`,
      "at % of the run",
      "longest task ms",
      "wasm MB",
    ],
    rows: lengths.map((length) => [
      length.minutes,
      fixed(median(length.ms)),
      range(length.ms),
      fixed(perMinute(length, "ms"), 1),
      compared(length, "ms"),
      fixed(perMinute(length, "cpuMs"), 1),
      compared(length, "cpuMs"),
      range(length.longestBlocksMs),
      fixed(length.blocks[0].at * 100),
      length.longTaskMs ? fixed(length.longTaskMs) : "< 50",
      fixed(length.first.wasmBytes / 1e6, 1),
    ]),
    note:
      `The longest block of an idle page was ${fixed(idleBlockMs, 1)} ms: that much the machine adds. Where and the longest task: of the\n` +
      "run with the least. Wasm memory: after the first run of that length.",
  };
}
