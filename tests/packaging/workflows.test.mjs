// Tests of the workflows' permissions, and of the third-party code that they run.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const folder = new URL("../../.github/workflows/", import.meta.url);
const workflows = readdirSync(folder).map((name) => [
  name,
  readFileSync(new URL(name, folder), "utf8"),
]);

/** Returns the jobs of a workflow: name → text. */
function jobsOf(text) {
  const [, jobs] = text.split(/^jobs:\n/m);
  const parts = jobs.split(/^ {2}(\w+):\n/m).slice(1);
  return new Map(parts.flatMap((part, at) => (at % 2 ? [] : [[part, parts[at + 1]]])));
}

test("every action is pinned by its commit, with its version beside it", () => {
  let count = 0;
  for (const [name, text] of workflows) {
    for (const [, used] of text.matchAll(/uses:(.*)/g)) {
      assert.match(used, /^ [\w-]+\/[\w-]+@[0-9a-f]{40} # \S+/, name);
      count++;
    }
  }
  assert.ok(count >= 8);
});

test("only the job that publishes has an identity, and it runs nothing of the repository", () => {
  for (const [name, text] of workflows) {
    const [head] = text.split(/^jobs:\n/m);
    assert.match(
      head,
      /^permissions:\n {2}contents: read\njobs|^permissions:\n {2}contents: read\n$/m,
      name,
    );
    for (const [job, steps] of jobsOf(text)) {
      const mayPublish = name === "release.yml" && job === "publish";
      assert.equal(/: write/.test(steps), mayPublish, `${name}: ${job}`);
      assert.equal(/npm publish/.test(steps), mayPublish, `${name}: ${job}`);
      if (!mayPublish) continue;
      assert.doesNotMatch(steps, /checkout|cargo|npm (ci|install|run|exec)|npx/);
      const commands = Array.from(steps.matchAll(/run: (.*)/g), ([, command]) => command);
      assert.deepEqual(commands, [
        "npm publish ./thetaone-web-*.tgz --ignore-scripts --provenance --access public",
      ]);
    }
  }
});

test("nothing is published that was not tested", () => {
  const jobs = jobsOf(new Map(workflows).get("release.yml"));
  const needs = (job) => /needs: \[?([\w, ]+)\]?/.exec(jobs.get(job))?.[1].split(", ") ?? [];
  assert.deepEqual(needs("publish"), ["build"]);
  assert.deepEqual(needs("build"), ["dependencies", "test"]);
  assert.match(jobs.get("test"), /run: \.ci\/run\n/);
  assert.match(jobs.get("dependencies"), /run: cargo deny --workspace --locked check\n/);
});

test("cargo takes what the lock file says", () => {
  const script = readFileSync(new URL("../../.ci/run", import.meta.url), "utf8");
  for (const [name, text] of [...workflows, [".ci/run", script]]) {
    for (const [command] of text.matchAll(/\bcargo (?!deny`)[a-z-].*/g))
      assert.match(command, /--locked/, name);
  }
});
