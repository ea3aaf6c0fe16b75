// Tests that links within the documentation lead to an existing page and anchor.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const EXAMPLES = ["", "/plain", "/react", "/vue", "/svelte", "/nextjs"];
const FOLDERS = [
  "",
  "docs",
  "crates/emulator",
  "fuzz",
  "tests/fixtures/recordings",
  "www-demo",
  ...EXAMPLES.map((name) => `examples${name}`),
];
const pages = FOLDERS.flatMap((folder) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith(".md") || name === "llms.txt")
    .map((name) => join(folder, name)),
);

const prose = (page) => readFileSync(join(root, page), "utf8").replace(/^```.*?^```$/gms, "");

/** Returns the anchors of a page, as GitHub generates them from headings. */
function anchors(page) {
  const headings = [...prose(page).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading);
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replace(/\s/g, "-"),
  );
}

for (const page of pages) {
  test(`${page}: its links lead somewhere`, () => {
    const links = [...prose(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link);
    const broken = links.filter((link) => {
      if (/^[a-z]+:/.test(link)) return false;
      const [path, anchor] = link.split("#");
      const target = path === "" ? page : normalize(join(dirname(page), path));
      if (!existsSync(join(root, target))) return true;
      return (
        anchor !== undefined &&
        (statSync(join(root, target)).isDirectory() || !anchors(target).includes(anchor))
      );
    });
    assert.deepEqual(broken, []);
  });
}

test("there are pages, with links", () => {
  assert.ok(pages.includes("README.md"));
  assert.match(prose("README.md"), /\]\(docs\//);
});
