// Measures the cost of a call beyond the upload itself: time, copies and growth of memory.

import { runInterleaved } from "../interleave.mjs";
import { fixed, median, range, ratio } from "../table.mjs";
import { NAMES, TARGETS } from "./names.mjs";

const ROUNDS = 25;
const CALLS = [1_000, 5_000, 10_000];

export async function run(browser) {
  const { uploads, copies, bytes } = await browser.withFreshPage(measureUploads);
  const memoryGrowth = await browser.withFreshPage(measureMemoryGrowth);
  return {
    results: { bytes, uploads, copies, memoryGrowth },
    tables: [
      uploadTable(uploads, bytes),
      copyTable(copies, bytes),
      memoryGrowthTable(memoryGrowth),
    ],
  };
}

async function measureUploads(bench) {
  const bytes = await bench.call("createInput");
  const uploads = {};
  for (const [target, competitors] of Object.entries(TARGETS)) {
    for (const competitor of competitors) await bench.call("load", competitor, target);
    const jobs = competitors.map((key) => ({ key, run: () => bench.call("run", key, target) }));
    uploads[target] = await runInterleaved(bench, jobs, ROUNDS);
  }
  return { bytes, uploads, copies: await bench.call("copies", "sink") };
}

async function measureMemoryGrowth(bench) {
  const memoryGrowth = [];
  let done = 0;
  for (const calls of CALLS) {
    await bench.call("callRepeatedly", calls - done);
    done = calls;
    await bench.collectGarbage();
    const wasm = await bench.wasmBytes();
    memoryGrowth.push({
      calls,
      heapBytes: await bench.call("heapBytes"),
      wasmBytes: wasm.reduce((sum, value) => sum + value, 0),
    });
  }
  return memoryGrowth;
}

function uploadTable(uploads, bytes) {
  const rows = Object.entries(uploads).flatMap(([target, measured]) =>
    Object.entries(measured).map(([key, { ms, cpuMs }]) => [
      `${NAMES[key]} → ${target}`,
      fixed(median(ms), 1),
      range(ms),
      fixed(median(cpuMs), 1),
      ratio(median(ms.map((value, round) => value / measured.bare.ms[round]))),
    ]),
  );
  return {
    title: `Upload of a WAV of ${fixed(bytes / 1e6, 2)} MB to this machine, ms, median of ${ROUNDS} interleaved rounds`,
    head: ["", "ms", "min–max", "main thread CPU ms", "× fetch + FormData"],
    rows,
    note: "The sink reads the body and answers; the emulator also takes the form apart and decodes the audio.",
  };
}

function copyTable(copies, bytes) {
  return {
    title: "Bytes copied by one such upload, beside the browser's own sending",
    head: ["", "bytes", "× the file"],
    rows: Object.entries(copies).map(([kind, count]) => [kind, count, ratio(count / bytes)]),
  };
}

function memoryGrowthTable(memoryGrowth) {
  return {
    title: "Memory after many calls of one client, garbage collected",
    head: ["calls", "JS heap, kB", "wasm memory, kB"],
    rows: memoryGrowth.map(({ calls, heapBytes, wasmBytes }) => [
      calls,
      fixed(heapBytes / 1e3),
      fixed(wasmBytes / 1e3),
    ]),
  };
}
