// Copies the examples to where their packages are installed, builds them, and starts them.

import { execFile } from "node:child_process";
import { cp, readFile, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { listening } from "../bundlers/free-port.mjs";
import { KEY } from "./upstream.mjs";

const run = promisify(execFile);
const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

/** The folder of the installed packages, with the tarball of `thetaone-web`. */
export const modules = path("node_modules");

/** The names of the examples, which are their folders. */
export const NAMES = ["plain", "react", "vue", "svelte", "nextjs"];

export const source = (name) => path(`../../examples/${name}`);
/** Node and bundlers find packages in the parent folders of a project. */
const project = (name) => path(`projects/${name}`);

const BUILT = /(^|\/)(node_modules|dist|\.next)$/;

/** Reads a JSON file. */
export const readJson = async (file) => JSON.parse(await readFile(file, "utf8"));

/** Returns the paths of the files in an example, without those of an installation or a build. */
export async function filesOf(name) {
  const folder = source(name);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name: file }) => join(parentPath, file).slice(folder.length + 1))
    .filter((file) => !file.split("/").some((part) => BUILT.test(part)))
    .sort();
}

const environment = (more) => ({ ...process.env, NEXT_TELEMETRY_DISABLED: "1", ...more });

async function command(program, args, options) {
  try {
    await run(program, args, options);
  } catch (error) {
    throw new Error(`${program} ${args.join(" ")} failed:\n${error.stdout}\n${error.stderr}`);
  }
}

/**
 * Builds an example with its own script, as a user does. Beside it, builds a page that unmounts the
 * example's component when `unmount()` is called.
 */
export async function build(name) {
  const folder = project(name);
  await rm(folder, { recursive: true, force: true });
  const filter = (file) => !BUILT.test(file);
  await cp(source(name), folder, { recursive: true, filter });
  if (name === "nextjs") {
    await cp(path("unmount/nextjs"), join(folder, "app/unmount"), { recursive: true });
  }
  const options = { cwd: folder, env: environment({ NODE_ENV: "production" }) };
  await command("npm", ["run", "build"], options);
  if (name === "plain" || name === "nextjs") return;
  const extension = name === "react" ? "tsx" : "ts";
  await cp(path(`unmount/${name}.${extension}`), join(folder, `src/main.${extension}`));
  const vite = join(modules, "vite/bin/vite.js");
  const args = ["build", "--outDir", "dist/unmount", "--base", "/unmount/", "--logLevel", "error"];
  await command(process.execPath, [vite, ...args], options);
}

/** Starts a built example, whose proxy calls `baseUrl`. */
export function start(name, baseUrl) {
  const [script, ...args] =
    name === "nextjs"
      ? ["next/dist/bin/next", "start", "--hostname", "localhost"]
      : ["vite/bin/vite.js", "preview"];
  const env = environment({ THETA_ONE_API_KEY: KEY, THETA_ONE_BASE_URL: baseUrl, NO_COLOR: "1" });
  return listening(
    process.execPath,
    [join(modules, script), ...args, "--port", "0"],
    { cwd: project(name), env },
    (line) => /http:\/\/localhost:\d+/.exec(line)?.[0],
  );
}
