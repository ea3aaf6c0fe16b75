// Fair comparison: everyone runs in every round, in an order that rotates, so that a machine that gets slower or
// faster on the way does so for all.

/**
 * Runs every job once to warm up and then `rounds` times; gives for each the milliseconds on the clock and those in
 * which the main thread was at work. `job.run` gives `{ ms, … }`; what it gave when warming up is kept as `first`.
 */
export async function interleaved(bench, jobs, rounds) {
  const measured = Object.fromEntries(jobs.map(({ key }) => [key, { ms: [], busyMs: [] }]));
  for (const { key, run } of jobs) measured[key].first = await run();
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < jobs.length; turn++) {
      const { key, run } = jobs[(turn + round) % jobs.length];
      await bench.collectGarbage();
      const before = await bench.busyMs();
      const { ms } = await run();
      measured[key].busyMs.push((await bench.busyMs()) - before);
      measured[key].ms.push(ms);
    }
  }
  return measured;
}
