// Next.js, on the server and in the browser.

import { strict as assert } from "node:assert";
import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { tone } from "./app/calls.js";
import { command, quiet } from "./builds.mjs";
import { block, emulated } from "./documented.mjs";
import { listening } from "./listening.mjs";

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const script = "next/dist/bin/next";

/** Builds the app, with the proxy of the guide as a reader puts it in. */
export async function build() {
  const route = path("next/app/api/theta/[endpoint]/");
  await mkdir(route, { recursive: true });
  await writeFile(`${route}route.js`, emulated(await block("docs/security.md", "javascript")));
  await command(script, ["build"], path("next"));
}

/** `next start`: where it listens, and its end. */
export const start = () =>
  listening(
    process.execPath,
    [path(`node_modules/${script}`), "start", "--port", "0", "--hostname", "localhost"],
    // One key for both ends: the first call is refused, and the second served.
    { cwd: path("next"), env: { ...quiet, THETA_ONE_API_KEY: "sk-theta-emulated-rate-limit-retry-after" } },
    (line) => /http:\/\/localhost:\d+/.exec(line)?.[0],
  );

/** What the route handler tells of its calls, which it makes on the server, through the proxy at `base`. */
export async function serverSide(url, base) {
  const response = await fetch(`${url}/server?base=${encodeURIComponent(base)}`);
  assert.equal(response.status, 200);
  return response.json();
}

/** The proxy of the guide: an answer comes through, good or bad, and nothing else is let through. */
export async function guidesProxy(url) {
  const post = (endpoint) => {
    const form = new FormData();
    form.append("file", new Blob([tone()], { type: "audio/wav" }), "tone.wav");
    return fetch(`${url}/api/theta/${endpoint}`, { method: "POST", body: form });
  };
  const refused = await post("transcribe");
  assert.deepEqual([refused.status, refused.headers.get("retry-after")], [429, "2"]);
  assert.match(refused.headers.get("content-type"), /^application\/json/);
  assert.match((await refused.json()).detail, /Rate limit/);
  const served = await post("transcribe");
  assert.equal(served.status, 200);
  assert.equal((await served.json()).metadata.emulated, true);
  // The emulator has these, and would answer 405.
  for (const endpoint of ["scenarios", "requests"]) {
    const unknown = await post(endpoint);
    assert.deepEqual([unknown.status, await unknown.text()], [404, ""], endpoint);
  }
  assert.equal((await fetch(`${url}/api/theta/transcribe`)).status, 405, "GET");
}
