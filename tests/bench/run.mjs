// Runs one suite in a browser. Prints tables, and writes the raw numbers to a file.
//
//   node bench/run.mjs SUITE FILE
//
// A suite is a folder with suite.mjs, whose `run(browser)` resolves to `{ results, tables }`, and
// with page.mjs, its browser part.

import { mkdir, writeFile } from "node:fs/promises";
import { cpus, loadavg, platform, release } from "node:os";
import { dirname } from "node:path";
import { BenchBrowser } from "./bench-page.mjs";
import { formatTable } from "./table.mjs";

// Ends a run whose browser hangs.
const LIMIT_MINUTES = 60;

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
const browser = await BenchBrowser.start(suite, process.env.THETAONE_PACKAGE);
try {
  const { results, tables } = await run(browser);
  console.log(
    `\n${browser.browserVersion}, ${cpus().length} × ${cpus()[0]?.model ?? "unknown processor"}, load ${loadBefore.toFixed(1)} before the start`,
  );
  for (const table of tables) console.log(`\n${formatTable(table)}`);
  const environment = {
    suite,
    date: new Date().toISOString(),
    browser: browser.browserVersion,
    system: `${platform()} ${release()}`,
    processor: cpus()[0]?.model,
    processors: cpus().length,
    // If above 1, other programs were running: ratios and CPU times are more reliable than
    // milliseconds.
    loadBefore,
  };
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify({ ...environment, results }, null, 2)}\n`);
} finally {
  await browser.close();
}
