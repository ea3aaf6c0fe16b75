// Writes the examples of the documentation to where the compiler finds them: every block of js, ts
// or tsx as a module of its own.

import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const path = (name) => fileURLToPath(new URL(name, import.meta.url));
const ROOT = path("../../");
const TARGET = path("examples/");
const BLOCK = /^```(js|tsx?)\n(.*?)^```$/gms;
/**
 * `javascript`, `jsx`, `vue` and `svelte` mark code for tools, which tests/bundlers or
 * tests/examples runs.
 */
const LANGUAGES = new Set([
  "javascript",
  "jsx",
  "js",
  "ts",
  "tsx",
  "sh",
  "html",
  "vue",
  "svelte",
  "css",
  "json",
  "text",
  "nginx",
  "http",
]);

const pages = [
  ...readdirSync(ROOT).filter((name) => name.endsWith(".md") || name === "llms.txt"),
  ...readdirSync(`${ROOT}docs`)
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];

rmSync(TARGET, { recursive: true, force: true });
mkdirSync(TARGET, { recursive: true });
let count = 0;
for (const page of pages) {
  const text = readFileSync(ROOT + page, "utf8");
  for (const [, language] of text.matchAll(/^```(\S+)$/gm)) {
    if (!LANGUAGES.has(language))
      throw new Error(`${page} has a block of ${language}, which nothing checks`);
  }
  for (const { 1: language, 2: code, index } of text.matchAll(BLOCK)) {
    // The line of the page, so that an error can be found.
    const line = text.slice(0, index).split("\n").length + 1;
    writeFileSync(
      `${TARGET}${page.replaceAll(/\W/g, "_")}_line_${line}.${language === "tsx" ? "tsx" : "ts"}`,
      `${code}\nexport {};\n`,
    );
    count++;
  }
}
if (count < 10) throw new Error(`only ${count} examples were found`);
console.log(`${count} examples of ${pages.length} pages`);
