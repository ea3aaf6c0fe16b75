// Fair comparison: everyone runs in every round, in an order that rotates, so that a machine that gets slower or
// faster on the way does so for all.

/**
 * Runs every job once to warm up and then `rounds` times; gives for each the milliseconds on the clock, those in which
 * the main thread worked, those in which it waited for a processor, and those in which any thread of the page's process
 * worked. `job.run` gives `{ ms, … }`; what it gave when
 * warming up is kept as `first`.
 */
export async function interleaved(bench, jobs, rounds) {
  const measured = {};
  for (const { key, run } of jobs)
    measured[key] = { ms: [], cpuMs: [], queuedMs: [], allCpuMs: [], first: await run() };
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < jobs.length; turn++) {
      const { key, run } = jobs[(turn + round) % jobs.length];
      await bench.collectGarbage();
      const allBefore = await bench.renderer.allThreadsCpuMs();
      const before = await bench.renderer.thread();
      const { ms } = await run();
      const after = await bench.renderer.thread();
      const allAfter = await bench.renderer.allThreadsCpuMs();
      measured[key].ms.push(ms);
      measured[key].cpuMs.push(after && after.cpuMs - before.cpuMs);
      measured[key].queuedMs.push(after && after.queuedMs - before.queuedMs);
      measured[key].allCpuMs.push(allAfter === null ? null : allAfter - allBefore);
    }
  }
  return measured;
}
