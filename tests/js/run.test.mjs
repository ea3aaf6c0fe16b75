// Runs every `*.test.js` of this folder in the engine that ENGINE names: each test in a page of an
// origin of its own.

import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import * as node from "node:test";
import { exclusion, launch, rerunIfHung } from "../e2e/browser.mjs";
import { serve } from "../e2e/files.mjs";
import { withTimeLimit } from "../support/time-limit.mjs";

/** The time limit of a test on a busy machine, which is longer than that of a WebDriver request. */
const LIMIT_MS = 100_000;
const PAGE =
  '<!doctype html><meta charset="utf-8"><title>tests</title><link rel="icon" href="data:,">';
const ROOT = new URL("../../", import.meta.url);

/**
 * The package without one of its files: `mp3-encoder.js/index.js` is its entry without
 * `mp3-encoder.js`.
 */
function packageWithout(path) {
  const [missing, ...rest] = path.split("/");
  return rest.at(-1) === missing ? undefined : readFile(new URL(`pkg/${rest.join("/")}`, ROOT));
}

/**
 * The folders that pages may load: the same paths as in the repository, and a package that lacks a
 * file.
 */
const FOLDERS = {
  "/pkg/": new URL("pkg/", ROOT),
  "/pkg-without/": packageWithout,
  "/tests/": new URL("tests/", ROOT),
  "/crates/emulator/tests/": new URL("crates/emulator/tests/", ROOT),
};
/** The tests of these files run in a dedicated worker. */
const IN_WORKERS = ["worker.test.js"];

const browser = await launch({ beeps: true });
node.after(() => browser.close());

/** All tests run in one page, one after the other, and in a new one after a failure. */
let open;

/** Calls `work` with a page of an origin that has no data yet. */
async function onFreshPage(work) {
  // Another port is another origin.
  const server = await serve({ "/": PAGE }, FOLDERS);
  try {
    if (!open) {
      const context = await browser.newContext();
      open = { context, page: await context.newPage() };
    }
    await open.page.goto(server.url);
    return await withTimeLimit(work(open.page), LIMIT_MS);
  } catch (error) {
    // The page may hang or have crashed.
    await open?.context.close().catch(() => {});
    open = undefined;
    throw error;
  } finally {
    await server.close();
  }
}

const namesOf = (file) =>
  onFreshPage((page) =>
    page.evaluate(async (file) => {
      const { testNames } = await import("/tests/js/support/test.js");
      await import(file);
      return testNames();
    }, file),
  );

/** Runs a test, in the page or in a worker of it; returns what went wrong, or nothing. */
const problemOf = (file, name) =>
  onFreshPage((page) =>
    page.evaluate(
      async ({ file, name, inWorker }) => {
        if (inWorker) {
          const worker = new Worker("/tests/js/support/run-in-worker.js", { type: "module" });
          const { data } = await new Promise((resolve, reject) => {
            Object.assign(worker, { onmessage: resolve, onerror: reject });
            worker.postMessage({ file, name });
          });
          return data.problem;
        }
        const { runTest } = await import("/tests/js/support/test.js");
        await import(file);
        return runTest(name);
      },
      { file, name, inWorker: IN_WORKERS.some((own) => file.endsWith(own)) },
    ),
  );

const listed = [];
for (const name of readdirSync(new URL(".", import.meta.url)).filter((name) =>
  name.endsWith(".test.js"),
)) {
  const file = `/tests/js/${name}`;
  for (const title of await namesOf(file)) listed.push({ file, title });
}
for (const { file, title } of listed) {
  const work = async () => {
    const problem = await problemOf(file, title);
    if (problem) throw new Error(problem);
  };
  const skip = exclusion(file.slice(1), title);
  node.test(`${file.slice(1)}: ${title}`, { skip }, rerunIfHung(work));
}
