// Next.js: on the server and in the browser, with both of its routers.

import { strict as assert } from "node:assert";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { createInterface } from "node:readline";

import { command, quiet } from "./builds.mjs";

const folder = fileURLToPath(new URL("next", import.meta.url));
const script = fileURLToPath(new URL("node_modules/next/dist/bin/next", import.meta.url));

export const build = () => command("next/dist/bin/next", ["build"], folder);

/** `next start`: where it listens, and its end. */
export async function start() {
  const child = spawn(process.execPath, [script, "start", "--port", "0", "--hostname", "localhost"], {
    cwd: folder, env: quiet, stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  const close = async () => {
    child.kill();
    await ended;
  };
  for await (const line of createInterface({ input: child.stdout })) {
    const [url] = /http:\/\/localhost:\d+/.exec(line) ?? [];
    if (!url) continue;
    // What it says later would fill the pipe.
    child.stdout.resume();
    return { url, close };
  }
  throw new Error("`next start` ended before it listened");
}

/** What the route handler tells of its calls, which it makes on the server, through the proxy at `base`. */
export async function serverSide(url, base) {
  const response = await fetch(`${url}/server?base=${encodeURIComponent(base)}`);
  assert.equal(response.status, 200);
  return response.json();
}
