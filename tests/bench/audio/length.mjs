// Whether an hour takes sixty times as long as a minute, and whether the page stays alive meanwhile.

import { fixed, median, range, ratio } from "../table.mjs";

const FORMAT = { rate: 48_000, channels: 1 };
const LENGTHS = [
  { minutes: 1, rounds: 7 },
  { minutes: 10, rounds: 3 },
  { minutes: 60, rounds: 2 },
];
const IDLE_MS = 3_000;

export const measureLength = (lab) =>
  lab.onFreshBench(async (bench) => {
    await bench.call("load", "ours");
    await bench.call("make", "warm-up", FORMAT);
    await bench.call("run", "ours", "warm-up");
    const lengths = [];
    for (const { minutes, rounds } of LENGTHS) lengths.push(await measured(bench, minutes, rounds));
    const idleBlockMs = await bench.call("idleBlockMs", IDLE_MS);
    const perMinute = ({ minutes, ms }) => median(ms) / minutes;
    const hourToMinute = perMinute(lengths.at(-1)) / perMinute(lengths[0]);
    return { results: { lengths, idleBlockMs, hourToMinute }, tables: [table(lengths, perMinute, idleBlockMs)] };
  });

async function measured(bench, minutes, rounds) {
  await bench.call("make", "input", { ...FORMAT, repeats: minutes });
  const ms = [];
  const busyMs = [];
  let longTaskMs = 0;
  for (let round = 0; round < rounds; round++) {
    await bench.collectGarbage();
    const before = await bench.busyMs();
    const run = await bench.call("run", "ours", "input", ["longTaskMs"]);
    busyMs.push((await bench.busyMs()) - before);
    ms.push(run.ms);
    longTaskMs = Math.max(longTaskMs, run.longTaskMs);
  }
  // In a run of its own: the probe takes time.
  await bench.collectGarbage();
  const { blockMs } = await bench.call("run", "ours", "input", ["blockMs"]);
  const [wasmBytes] = await bench.wasmBytes();
  return { minutes, ms, busyMs, blockMs, longTaskMs, wasmBytes };
}

function table(lengths, perMinute, idleBlockMs) {
  return {
    title: "theta.prepare of 48 kHz mono float WAV, by length",
    head: [
      "minutes", "median ms", "min–max", "ms per minute", "vs 1 minute", "thread busy ms", "longest block ms",
      "longest task ms", "wasm MB",
    ],
    rows: lengths.map((length) => [
      length.minutes,
      fixed(median(length.ms)),
      range(length.ms),
      fixed(perMinute(length), 1),
      ratio(perMinute(length) / perMinute(lengths[0])),
      fixed(median(length.busyMs)),
      fixed(length.blockMs, 1),
      length.longTaskMs ? fixed(length.longTaskMs) : "< 50",
      fixed(length.wasmBytes / 1e6, 1),
    ]),
    note: `The longest block of an idle page was ${fixed(idleBlockMs, 1)} ms.`,
  };
}
