// Next.js, on the server and in the browser.

import { strict as assert } from "node:assert";
import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { tone } from "./app/calls.js";
import { command, quiet } from "./build-apps.mjs";
import { block, emulated } from "./doc-examples.mjs";
import { listening } from "./free-port.mjs";
import { launch, onPage } from "./browser.mjs";

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const script = "next/dist/bin/next";

const PAGE = `import { Speak } from "./speak.jsx";

export default function Page() {
  return <Speak sentence="Wow, check out this castle." />;
}
`;

/** Builds the app, with the proxy and the component of the guides as a reader puts them in. */
export async function build() {
  const route = path("next/app/api/theta/[endpoint]/");
  await mkdir(route, { recursive: true });
  await writeFile(`${route}route.js`, emulated(await block("docs/security.md", "javascript")));
  const page = path("next/app/speak/");
  await mkdir(page, { recursive: true });
  await writeFile(`${page}speak.jsx`, `"use client";\n${await block("docs/react.md", "jsx")}`);
  await writeFile(`${page}page.jsx`, PAGE);
  await command(script, ["build"], path("next"));
}

/** `next start`: where it listens, and its end. */
export const start = (env) =>
  listening(
    process.execPath,
    [path(`node_modules/${script}`), "start", "--port", "0", "--hostname", "localhost"],
    // One key for both ends: the first call is refused, and the second served.
    {
      cwd: path("next"),
      env: { ...quiet, THETA_ONE_API_KEY: "sk-theta-emulated-rate-limit-retry-after", ...env },
    },
    (line) => /http:\/\/localhost:\d+/.exec(line)?.[0],
  );

/** The component of the guide, through its proxy: a voice, and then scores. */
export async function guidesComponent(url) {
  const browser = await launch({ microphone: true });
  try {
    await onPage(
      browser,
      { url, missing: [] },
      "/speak",
      async (_, page) => {
        await page.getByRole("button", { name: "녹음" }).click();
        await page.getByRole("listitem").first().waitFor();
        const lines = await page.getByRole("listitem").allTextContents();
        assert.deepEqual(
          lines.map((line) => line.replace(/ \d+$/, "")),
          ["Wow", "check", "out", "this", "castle"],
        );
        assert.equal(await page.getByRole("alert").first().textContent(), "");
        assert.ok(await page.getByRole("button", { name: "녹음" }).isEnabled());
        // There is no favicon, and the key's first call in a while is refused.
      },
      /status of (404|429)/,
    );
  } finally {
    await browser.close();
  }
}

/** What the route handler tells of its calls, which it makes on the server, through the proxy at `base`. */
export async function serverSide(url, base) {
  const response = await fetch(`${url}/server?base=${encodeURIComponent(base)}`);
  assert.equal(response.status, 200);
  return response.json();
}

/** The same of the edge runtime's. */
export async function onTheEdge(url, base) {
  const response = await fetch(`${url}/edge?base=${encodeURIComponent(base)}`);
  assert.equal(response.status, 200);
  return response.json();
}

/** The proxy of the guide: an answer comes through, good or bad, for a page of this site and nothing else. */
export async function guidesProxy(url) {
  const post = (endpoint, headers = { "sec-fetch-site": "same-origin" }) => {
    const form = new FormData();
    form.append("file", new Blob([tone()], { type: "audio/wav" }), "tone.wav");
    return fetch(`${url}/api/theta/${endpoint}`, { method: "POST", body: form, headers });
  };
  for (const headers of [
    {},
    { "sec-fetch-site": "cross-site" },
    { origin: "https://evil.example" },
  ]) {
    const foreign = await post("transcribe", headers);
    assert.equal(foreign.status, 403);
    assert.match((await foreign.json()).detail, /Only pages of this site/);
  }
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
    assert.equal(unknown.status, 404, endpoint);
    assert.equal(typeof (await unknown.json()).detail, "string");
  }
  assert.equal((await fetch(`${url}/api/theta/transcribe`)).status, 405, "GET");
}
