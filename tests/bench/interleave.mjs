// Compares fairly: every job runs in every round, in an order that rotates. A machine that becomes
// slower or faster thus affects all jobs.

/**
 * Runs every job once to warm up, and then `rounds` times. `job.run` resolves to `{ ms, … }`.
 *
 * Returns for each job the elapsed milliseconds, the CPU time of the main thread, the time in
 * which it waited for a CPU, the CPU time of all threads of the page's process, and as `first` the
 * result of the first run.
 */
export async function runInterleaved(bench, jobs, rounds) {
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
