// A Redis for the tests: Debian's package, unpacked but not installed, so that nothing else on the
// machine changes.

import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const FOLDER = fileURLToPath(new URL("../../target/redis", import.meta.url));
const PACKAGES = [
  "redis-server",
  "redis-tools",
  "libjemalloc2",
  "liblzf1",
  "lua-cjson",
  "lua-bitop",
  "liblua5.1-0",
  "libhiredis0.14",
];

const succeeds = (...command) => {
  try {
    execFileSync(command[0], command.slice(1), { stdio: "pipe" });
    return true;
  } catch {
    return false;
  }
};

/** Returns how to start a Redis, or the reason why that is impossible. */
export function findRedis() {
  if (succeeds("redis-server", "--version")) return { program: "redis-server", env: process.env };
  if (!succeeds("apt-get", "--version"))
    return { obstacle: "there is no redis-server, and no apt-get to fetch one" };
  const program = join(FOLDER, "usr/bin/redis-server");
  if (!existsSync(program)) {
    mkdirSync(FOLDER, { recursive: true });
    if (!succeeds("sh", "-c", `cd '${FOLDER}' && apt-get download ${PACKAGES.join(" ")}`))
      return { obstacle: "apt-get has no redis-server" };
    for (const name of readdirSync(FOLDER))
      if (name.endsWith(".deb")) execFileSync("dpkg", ["-x", join(FOLDER, name), FOLDER]);
  }
  const libraries = readdirSync(join(FOLDER, "usr/lib"), { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  );
  const env = {
    ...process.env,
    LD_LIBRARY_PATH: libraries.map(({ name }) => join(FOLDER, "usr/lib", name)).join(":"),
  };
  return { program, env };
}

/** Starts a Redis that listens on the socket `path` and stores nothing on disk. */
export async function startRedis({ program, env }, path) {
  const child = spawn(
    program,
    ["--port", "0", "--unixsocket", path, "--save", "", "--appendonly", "no"],
    { env, stdio: ["ignore", "pipe", "inherit"] },
  );
  const ended = new Promise((resolve) => child.once("exit", resolve));
  for await (const line of createInterface({ input: child.stdout }))
    if (/ready to accept connections/i.test(line)) break;
  child.stdout.resume();
  return {
    async stop() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

/** Creates a folder for a socket. */
export function socketFolder() {
  const folder = mkdtempSync(join(tmpdir(), "redis-"));
  return {
    path: join(folder, "redis.sock"),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
