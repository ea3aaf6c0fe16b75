// Installs the packed tarball into an empty project, as a user would.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

const packed = fileURLToPath(new URL("../../target/npm/", import.meta.url));

export function tarball() {
  if (process.env.THETAONE_TARBALL) return process.env.THETAONE_TARBALL;
  const found = readdirSync(packed).filter((name) => name.endsWith(".tgz"));
  if (found.length !== 1)
    throw new Error(`${packed} must hold one tarball; run \`cargo xtask build\``);
  return join(packed, found[0]);
}

/** Installs the package. `remove()` deletes the whole project. */
export function install() {
  const project = mkdtempSync(join(tmpdir(), "thetaone-web-"));
  writeFileSync(join(project, "package.json"), JSON.stringify({ private: true, type: "module" }));
  execFileSync(
    "npm",
    [
      "install",
      "--offline",
      "--ignore-scripts",
      "--no-audit",
      "--no-fund",
      "--loglevel=error",
      tarball(),
    ],
    // On Windows npm is a script, which only a shell can start.
    { cwd: project, stdio: "pipe", shell: process.platform === "win32" },
  );
  const folder = join(project, "node_modules", "thetaone-web");
  return {
    project,
    folder,
    files: listed(folder),
    read: (name) => readFileSync(join(folder, name), "utf8"),
    bytes: (name) => readFileSync(join(folder, name)),
    run: (source) => run(project, source),
    remove: () => rmSync(project, { recursive: true, force: true }),
  };
}

function listed(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      relative(folder, join(entry.parentPath ?? entry.path, entry.name))
        .split(sep)
        .join("/"),
    )
    .sort();
}

/** The module that is loaded before the source of `run`. */
const STRICT = new URL("../files/strict-forms.mjs", import.meta.url);

/**
 * Runs a module of the user's project in a Node process of its own. Returns its output, parsed as
 * JSON. Fails if the module uploads a file that a strict reader rejects.
 */
function run(project, source) {
  const printed = execFileSync(
    process.execPath,
    [
      "--unhandled-rejections=strict",
      `--import=${STRICT}`,
      "--input-type=module",
      "--eval",
      source,
    ],
    { cwd: project, encoding: "utf8", timeout: 300_000 },
  );
  return JSON.parse(printed);
}
