// The demo's server as a process, which serves a page of one line.

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../www-demo/server/main.js", import.meta.url));
const READY = "Demo ready: ";

export const { EMULATOR_URL } = process.env;
export const PAGE = "<title>Demo</title>";

/** The scenario of a key that works. */
export const KEY = "sk-theta-emulated-ok";

/** Creates the folder of a built page. `remove` deletes it. */
export function createDist() {
  const dist = mkdtempSync(join(tmpdir(), "demo-server-"));
  writeFileSync(join(dist, "index.html"), PAGE);
  return { dist, remove: () => rmSync(dist, { recursive: true }) };
}

/** Returns the environment without variables of the developer that would change the server. */
function environment(variables) {
  const { THETA_ONE_API_KEY, THETA_ONE_BASE_URL, THETA_ONE_REQUESTS_PER_MINUTE, ...others } =
    process.env;
  return { ...others, ...variables };
}

/** Runs `steps` with the address of a server, which uses the emulator unless there is a key. */
export async function withServer({ args = [], variables = {} }, steps) {
  const { dist, remove } = createDist();
  const upstream = variables.THETA_ONE_API_KEY ? [] : ["--emulator", EMULATOR_URL];
  const child = spawn(
    process.execPath,
    [MAIN, "--port=0", `--dist=${dist}`, ...upstream, ...args],
    {
      env: environment(variables),
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  const exit = once(child, "exit");
  try {
    const firstLine = once(createInterface(child.stdout), "line");
    const failure = exit.then(([code]) => Promise.reject(new Error(`the server exited: ${code}`)));
    const [line] = await Promise.race([firstLine, failure]);
    if (!line.startsWith(READY)) throw new Error(`unexpected output: ${line}`);
    await steps(line.slice(READY.length).replace("localhost", "127.0.0.1"));
  } finally {
    child.kill();
    await exit;
    remove();
  }
}

/** Runs a server that must fail to start. Resolves to its exit code and what it printed. */
export function failToStart(args, variables = {}) {
  return new Promise((resolve) => {
    const options = { env: environment(variables), timeout: 30_000 };
    execFile(process.execPath, [MAIN, ...args], options, (error, stdout, stderr) =>
      resolve({ code: error?.code, printed: stdout + stderr }),
    );
  });
}

/** Removes all requests that the emulator recorded. */
export const forgetRequests = () => fetch(`${EMULATOR_URL}/requests`, { method: "DELETE" });

/** Resolves to the requests that the emulator recorded. */
export const recordedRequests = async () => (await fetch(`${EMULATOR_URL}/requests`)).json();
