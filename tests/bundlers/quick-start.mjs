// Follows "First score in five minutes" exactly: the blocks of the READMEs, Vite as a user runs it,
// and a voice.

import { strict as assert } from "node:assert";
import { execFile } from "node:child_process";
import { readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { tarball } from "../packaging/installed.mjs";
import { emptied } from "./build-apps.mjs";
import { block, emulated } from "./doc-examples.mjs";
import { listening } from "./free-port.mjs";
import { launch, onPage } from "./browser.mjs";

const modules = fileURLToPath(new URL("node_modules", import.meta.url));
const key = (scenario) => `sk-theta-emulated-${scenario}`;

/**
 * The page that the block expects. Writes what the reader would see as JSON, once there is
 * something to see. The calls for the words, and those at the end of a failure, follow each other
 * without a pause.
 */
const PAGE = `<!doctype html>
<meta charset="utf-8">
<title>thetaone-web</title>
<link rel="icon" href="data:,">
<button>Read</button>
<script>
  const button = document.querySelector("button");
  const told = { loudest: -Infinity, shown: [], said: [], askedAgain: 0 };
  const tell = () => {
    const element = document.querySelector("#told") ?? document.body.appendChild(document.createElement("pre"));
    element.id = "told";
    element.textContent = JSON.stringify(told);
  };
  const meter = (level) => { told.loudest = Math.max(told.loudest, level); };
  const show = (text) => { told.shown.push(text); tell(); };
  const say = (text) => { told.said.push(text); tell(); };
  const askToReadAgain = () => { told.askedAgain += 1; tell(); };
</script>
<script type="module" src="/main.js"></script>
`;

/**
 * Runs the page's first command, with the packed tarball instead of the package that npm publishes.
 */
async function install(page, folder) {
  const text = await readFile(new URL(`../../${page}`, import.meta.url), "utf8");
  const [, command] = /^```sh\n(.*?)\n```$/ms.exec(text);
  assert.equal(command, "npm install thetaone-web");
  const quietly = ["--offline", "--no-audit", "--no-fund", "--loglevel=error"];
  await promisify(execFile)("npm", ["install", tarball(), ...quietly], {
    cwd: folder,
    // On Windows npm is a script, which only a shell can start.
    shell: process.platform === "win32",
  });
}

/** Writes the project of a reader of `page` who has the key of `scenario`. */
async function project(page, scenario) {
  const folder = await emptied(`quick start ${page} ${scenario}`);
  const files = {
    "package.json": JSON.stringify({ private: true, type: "module" }),
    ".env.local": `THETA_ONE_API_KEY=${key(scenario)}\n`,
    "vite.config.js": emulated(await block(page, "javascript")),
    "index.html": PAGE,
    "main.js": await block(page, "js"),
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  await install(page, folder);
  await symlink(join(modules, "vite"), join(folder, "node_modules/vite"));
  return folder;
}

/** Runs `vite` in `folder`. */
function vite(folder) {
  // A key in the environment, perhaps a real one, would override the key in .env.local.
  const { THETA_ONE_API_KEY: _, ...env } = process.env;
  return listening(
    process.execPath,
    ["node_modules/vite/bin/vite.js", "--port", "0"],
    { cwd: folder, env: { ...env, NO_COLOR: "1" } },
    (line) => /http:\/\/localhost:\d+/.exec(line)?.[0],
  );
}

/**
 * Clicks the button while the voice reads the sentence, and returns what the page shows. Asserts
 * that the page never received the key.
 */
async function read(t, page, scenario) {
  const running = await vite(await project(page, scenario));
  t.after(running.close);
  const browser = await launch({ microphone: true });
  t.after(() => browser.close());
  return onPage(browser, { url: running.url, missing: [] }, "/", async (told, page) => {
    await page.click("button");
    const seen = await told("told");
    const loaded = await page.evaluate(() =>
      performance.getEntriesByType("resource").map(({ name }) => name),
    );
    assert.ok(loaded.includes(`${running.url}/main.js`), `all that the page has is in ${loaded}`);
    // Vite refuses to serve a file that pages must not see.
    for (const url of [
      running.url,
      `${running.url}/.env.local`,
      ...loaded.filter((url) => url.startsWith(running.url)),
    ]) {
      const text = await (await fetch(url)).text();
      assert.ok(!text.includes(key(scenario)), `the key is in ${url}`);
    }
    return seen;
  });
}

export function quickStart() {
  for (const page of ["README.md", "README.ko.md"]) {
    test(`the quick start of ${page} gives scores`, async (t) => {
      const { loudest, shown, said, askedAgain } = await read(t, page, "ok");
      assert.deepEqual({ said, askedAgain }, { said: [], askedAgain: 0 });
      const lines = shown.map((line) => /^(\w+): (\d+(?:\.\d+)?)$/.exec(line));
      assert.ok(!lines.includes(null), shown.join("\n"));
      assert.deepEqual(
        lines.map(([, word]) => word),
        ["Wow", "check", "out", "this", "castle"],
      );
      assert.ok(loudest > -40, `the meter saw the voice: ${loudest} dBFS`);
    });

    test(`the quick start of ${page} asks for missing words again, in Korean`, async (t) => {
      const { shown, said, askedAgain } = await read(t, page, "not-all-words");
      assert.deepEqual({ shown, askedAgain }, { shown: [], askedAgain: 1 });
      assert.equal(said.length, 1);
      assert.match(said[0], /^[가-힣][가-힣\s,.]+$/);
    });
  }
}
