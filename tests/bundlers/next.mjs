// Next.js, on the server and in the browser.

import { strict as assert } from "node:assert";
import { fileURLToPath } from "node:url";

import { command, quiet } from "./builds.mjs";
import { listening } from "./listening.mjs";

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const script = "next/dist/bin/next";

export const build = () => command(script, ["build"], path("next"));

/** `next start`: where it listens, and its end. */
export const start = () =>
  listening(
    process.execPath,
    [path(`node_modules/${script}`), "start", "--port", "0", "--hostname", "localhost"],
    { cwd: path("next"), env: quiet },
    (line) => /http:\/\/localhost:\d+/.exec(line)?.[0],
  );

/** What the route handler tells of its calls, which it makes on the server, through the proxy at `base`. */
export async function serverSide(url, base) {
  const response = await fetch(`${url}/server?base=${encodeURIComponent(base)}`);
  assert.equal(response.status, 200);
  return response.json();
}
