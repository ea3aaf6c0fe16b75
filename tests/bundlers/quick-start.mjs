// "First score in five minutes", to the letter: the blocks of the READMEs, Vite as a user runs it, and a voice.

import { strict as assert } from "node:assert";
import { cp, mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { emptied, installed } from "./build-apps.mjs";
import { block, emulated } from "./doc-examples.mjs";
import { listening } from "./free-port.mjs";
import { launch, onPage } from "./browser.mjs";

const modules = fileURLToPath(new URL("node_modules", import.meta.url));
const key = (scenario) => `sk-theta-emulated-${scenario}`;

/**
 * What the block takes for granted, and nothing else. What the reader would see appears as JSON once there is something to
 * see: the words, and the end of a failure, are told without a pause between them.
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

/** Writes the project that a reader of `page` has, who was given the key of `scenario`. */
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
  await mkdir(join(folder, "node_modules"));
  // In the project's own folder, as npm puts it: Vite serves nothing from elsewhere.
  await cp(installed, join(folder, "node_modules/thetaone-web"), { recursive: true });
  await symlink(join(modules, "vite"), join(folder, "node_modules/vite"));
  return folder;
}

/** `vite`, as typed in `folder`. */
function vite(folder) {
  // What is set in the environment would take the place of what stands in .env.local: a real key, say.
  const { THETA_ONE_API_KEY: _, ...env } = process.env;
  return listening(
    process.execPath,
    ["node_modules/vite/bin/vite.js", "--port", "0"],
    { cwd: folder, env: { ...env, NO_COLOR: "1" } },
    (line) => /http:\/\/localhost:\d+/.exec(line)?.[0],
  );
}

/** What the page has told after a click, while somebody reads the sentence; and that it was never given the key. */
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
    // A file that is hidden from pages is one that Vite refuses.
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
