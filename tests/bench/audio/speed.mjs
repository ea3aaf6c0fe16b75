// Compares the competitors with a minute of audio, and measures the steps of our own pipeline.

import { runInterleaved } from "../interleave.mjs";
import { fixed, mean, median, range, ratio } from "../table.mjs";
import { NAMES } from "./names.mjs";

const ROUNDS = 7;
const STEREO = { rate: 48_000, channels: 2 };
const MINUTE_BYTES = 60 * 16_000 * 2;
// Some peers drop the last milliseconds, and some round their gain.
const LENGTH_TOLERANCE = 0.001;
const LEVEL_TOLERANCE_DB = 0.5;

// Inputs for our own pipeline, each of which needs one more step.
const PATHS = {
  "16 kHz mono 16-bit WAV: read, listen": { rate: 16_000, channels: 1, bits: 16 },
  "16 kHz mono float WAV: and write": { rate: 16_000, channels: 1 },
  "48 kHz mono float WAV: and resample": { rate: 48_000, channels: 1 },
  "48 kHz stereo float WAV: and downmix": STEREO,
  "48 kHz mono WebM/Opus: and decode": { rate: 48_000, channels: 1, container: "webm" },
};

export const measureSpeed = (browser) =>
  browser.withFreshPage(async (bench) => {
    await bench.call("createInput", "minute", STEREO);
    for (const competitor of Object.keys(NAMES)) await bench.call("load", competitor);
    const against = await contest(bench);
    const fidelity = await tones(bench);
    const own = await paths(bench);
    return {
      results: { competitors: against.measured, fidelity, paths: own.measured },
      tables: [speedTable(against, fidelity), own.table],
    };
  });

async function contest(bench) {
  const jobs = Object.keys(NAMES).map((key) => ({
    key,
    run: () => bench.call("run", key, "minute"),
  }));
  const measured = await runInterleaved(bench, jobs, ROUNDS);
  for (const key of Object.keys(NAMES)) {
    await bench.collectGarbage();
    const probed = await bench.call("run", key, "minute", ["blocks"]);
    Object.assign(measured[key], {
      blocks: probed.blocks,
      rmsDbfs: await bench.call("outputRmsDbfs", key, "minute"),
    });
  }
  checkSameWork(measured);
  return { measured };
}

/** Fails if a competitor does less than the others, which would make it look fast. */
function checkSameWork(measured) {
  for (const [key, { first, rmsDbfs }] of Object.entries(measured)) {
    const bytes = first.bytes / MINUTE_BYTES;
    const level = rmsDbfs - measured.offlineAudioContext.rmsDbfs;
    if (Math.abs(bytes - 1) > LENGTH_TOLERANCE || Math.abs(level) > LEVEL_TOLERANCE_DB) {
      throw new Error(
        `${key} gave ${first.bytes} bytes at ${fixed(rmsDbfs, 1)} dBFS, which is not the same sound`,
      );
    }
  }
}

async function tones(bench) {
  const fidelity = {};
  for (const key of Object.keys(NAMES)) {
    fidelity[key] = {
      at1kHzDb: await bench.call("gainDb", key, 1_000, 1_000),
      at7kHzDb: await bench.call("gainDb", key, 7_000, 7_000),
      // A tone 1 kHz above half of the output's rate aliases to 1 kHz below it.
      aliasOf9kHzDb: await bench.call("gainDb", key, 9_000, 7_000),
    };
  }
  return fidelity;
}

function speedTable({ measured }, fidelity) {
  return {
    title:
      `60 s of 48 kHz stereo float WAV → 16 kHz mono 16-bit WAV, median of ${ROUNDS} interleaved rounds; ` +
      "reading the WAV included for all, no codec for anyone",
    head: [
      "",
      "ms",
      "min–max",
      "vs OfflineAudioContext",
      "vs ours",
      "thread CPU ms",
      "vs ours",
      "all threads' CPU ms",
      "longest block ms",
      "1 kHz dB",
      "7 kHz dB",
      "9 kHz alias dB",
    ],
    rows: Object.entries(NAMES).map(([key, name]) => {
      const { ms, cpuMs, allCpuMs, blocks } = measured[key];
      return [
        name,
        fixed(median(ms)),
        range(ms),
        ratio(compared(ms, measured.offlineAudioContext.ms)),
        ratio(compared(ms, measured.ours.ms)),
        fixed(median(cpuMs)),
        ratio(compared(cpuMs, measured.ours.cpuMs)),
        fixed(mean(allCpuMs)),
        fixed(blocks[0].ms),
        fixed(fidelity[key].at1kHzDb, 2),
        fixed(fidelity[key].at7kHzDb, 2),
        fixed(fidelity[key].aliasOf9kHzDb),
      ];
    }),
    note:
      "vs: median of the ratios within each round; below 1 is faster. OfflineAudioContext renders on a second thread, which\n" +
      "only the times of all threads count (a mean: the system counts them in steps of 10 ms).",
  };
}

/**
 * Returns the median of the ratios within each round, because other programs slow down a whole
 * round.
 */
function compared(values, base) {
  if (values.includes(null)) return null;
  return median(values.map((value, round) => value / base[round]));
}

async function paths(bench) {
  await bench.call("load", "decodeOnly");
  const jobs = [];
  for (const [name, format] of Object.entries(PATHS)) {
    await bench.call("createInput", name, format);
    jobs.push({ key: name, run: () => bench.call("run", "ours", name) });
    if (format.container) {
      jobs.push({
        key: "of which decodeAudioData alone",
        run: () => bench.call("run", "decodeOnly", name),
      });
    }
  }
  const measured = await runInterleaved(bench, jobs, ROUNDS);
  const rows = Object.entries(measured).map(([name, { ms, cpuMs, queuedMs }]) => {
    const waiting = ms.map(
      (total, round) => cpuMs[round] && total - cpuMs[round] - queuedMs[round],
    );
    return [name, ...[ms, cpuMs, waiting].map((values) => fixed(median(values), 1)), range(ms)];
  });
  const table = {
    title: "Where our own time goes: theta.prepare of 60 s",
    head: ["", "median ms", "thread CPU ms", "waiting ms", "min–max ms"],
    rows,
    note: "Waiting: the thread is free, for other processes (file reads, decoding) or for the timer between slices.",
  };
  return { measured, table };
}
