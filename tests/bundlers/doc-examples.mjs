// The code of the documentation, as it stands there: what a reader copies is what the tests run.

import { readFile, readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

const blocks = async (page, language) => {
  const text = await readFile(ROOT + page, "utf8");
  return Array.from(text.matchAll(/^```(\S+)\n(.*?)^```$/gms))
    .filter((found) => found[1] === language)
    .map((found) => found[2]);
};

/** The only block of `language` on a page of the repository. */
export async function block(page, language) {
  const found = await blocks(page, language);
  if (found.length !== 1)
    throw new Error(`${page} has ${found.length} blocks of ${language}, and the tests run one`);
  return found[0];
}

/** The pages with a block of `language`. */
export async function pagesWith(language) {
  const names = [
    ...(await readdir(ROOT)),
    ...(await readdir(`${ROOT}docs`)).map((name) => `docs/${name}`),
  ];
  const found = await Promise.all(
    names
      .filter((name) => name.endsWith(".md"))
      .map(async (name) => [name, await blocks(name, language)]),
  );
  return found
    .filter(([, blocks]) => blocks.length > 0)
    .map(([name]) => name)
    .sort();
}

/** `code`, which creates one proxy, with the emulator in place of the API. */
export function emulated(code) {
  const parts = code.split(/(?<=\b(?:createProxy|vitePlugin)\(\{)/);
  // Otherwise the tests would call the API.
  if (parts.length !== 2) throw new Error(`expected one proxy in:\n${code}`);
  return parts.join(
    ` baseUrl: ${JSON.stringify(process.env.EMULATOR_URL ?? "http://127.0.0.1:8081")},`,
  );
}
