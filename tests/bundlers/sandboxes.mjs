// The package in the test runners of pages, whose sandboxes have classes of their own.

import { execFile } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { quiet } from "./build-apps.mjs";

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const run = promisify(execFile);

const JEST = [path("node_modules/jest/bin/jest.js"), "--ci", "--cache=false"];
const VITEST = [path("node_modules/vitest/vitest.mjs"), "run"];

const SANDBOXES = [
  ["Jest with jsdom", JEST, { SANDBOX: "jsdom" }],
  ["Jest", JEST, { SANDBOX: "node" }],
  ["Vitest with jsdom", VITEST, { SANDBOX: "jsdom", POOL: "forks" }],
  ["Vitest with jsdom, in contexts", VITEST, { SANDBOX: "jsdom", POOL: "vmThreads" }],
  ["Vitest", VITEST, { SANDBOX: "node", POOL: "forks" }],
];

export function sandboxes() {
  for (const [name, command, own] of SANDBOXES) {
    test(`the tests of a page run in ${name}`, async () => {
      const env = {
        ...quiet,
        NODE_ENV: "test",
        NODE_OPTIONS: "--experimental-vm-modules",
        SPEECH: path("../fixtures/speech.wav"),
        ...own,
      };
      // The outer test runner's.
      delete env.NODE_TEST_CONTEXT;
      try {
        await run(process.execPath, command, { cwd: path("sandboxes"), env, timeout: 120_000 });
      } catch (error) {
        throw new Error(`${name} failed:\n${error.stdout}\n${error.stderr}`);
      }
    });
  }
}
