// Runs one suite in a real browser: tables on stdout, the raw numbers in a file.
//
//   node bench/run.mjs SUITE FILE
//
// A suite is a folder with suite.mjs, which exports `run(lab)` for `{ results, tables }`, and with page.mjs, its part
// in the browser.

import { mkdir, writeFile } from "node:fs/promises";
import { cpus, loadavg, platform, release } from "node:os";
import { dirname } from "node:path";
import { Lab } from "./lab.mjs";
import { printed } from "./table.mjs";

// A browser that hangs must not keep the terminal for ever.
const LIMIT_MINUTES = 30;

const [suite, file] = process.argv.slice(2);
if (!suite || !file || !process.env.THETAONE_PACKAGE) {
  throw new Error("usage: THETAONE_PACKAGE=<pkg> BROWSER=<program> node bench/run.mjs SUITE FILE");
}
setTimeout(() => {
  console.error(`the benchmark did not end within ${LIMIT_MINUTES} minutes`);
  process.exit(1);
}, LIMIT_MINUTES * 60_000).unref();

const loadBefore = loadavg()[0];
const { run } = await import(`./${suite}/suite.mjs`);
const lab = await Lab.start(suite, process.env.THETAONE_PACKAGE);
try {
  const { results, tables } = await run(lab);
  console.log(
    `\n${lab.browserVersion}, ${cpus().length} × ${cpus()[0]?.model ?? "unknown processor"}, load ${loadBefore.toFixed(1)} before the start`,
  );
  for (const table of tables) console.log(`\n${printed(table)}`);
  const setting = {
    suite,
    date: new Date().toISOString(),
    browser: lab.browserVersion,
    system: `${platform()} ${release()}`,
    processor: cpus()[0]?.model,
    processors: cpus().length,
    // Above 1 before the start, somebody else was at work: trust ratios and CPU times more than milliseconds.
    loadBefore,
  };
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify({ ...setting, results }, null, 2)}\n`);
} finally {
  await lab.close();
}
