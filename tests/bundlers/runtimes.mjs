// The package outside browsers.

import { strict as assert } from "node:assert";
import { execFile } from "node:child_process";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { emptied, installed, version } from "./build-apps.mjs";
import { listening } from "./free-port.mjs";
import { proven, row } from "./matrix.mjs";
import { assertTold } from "./browser.mjs";
import { served } from "./package-server.mjs";

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const run = promisify(execFile);

export const RUNTIMES = [
  { name: "Node", version: async () => process.versions.node, program: process.execPath, args: [] },
  {
    name: "Deno",
    version: () => version("deno"),
    program: path("node_modules/deno/deno"),
    args: [
      "run",
      "--no-remote",
      "--no-lock",
      "--node-modules-dir=manual",
      "--allow-net",
      "--allow-read",
      "--allow-env",
    ],
  },
  {
    name: "Bun",
    version: () => version("bun"),
    program: path("node_modules/bun/bin/bun.exe"),
    args: ["--no-install"],
  },
];

export function runtimes() {
  for (const { name, version, program, args } of RUNTIMES) {
    test(name, async (t) => {
      const cells = row(name, await version(), "`external` reads a `file:` URL");
      const server = await served(t);
      const told = async (script) => {
        const env = { ...process.env, DENO_NO_UPDATE_CHECK: "1", NO_COLOR: "1" };
        const { stdout, stderr } = await run(
          program,
          [...args, path(`runtimes/${script}.mjs`), server.url],
          { cwd: path("."), env, timeout: 180_000 },
        );
        assert.equal(stderr, "");
        assertTold(JSON.parse(stdout), { recording: false });
      };
      await proven(cells, "page", () => told("inlined"));
      await proven(cells, "external", () => told("external"));
    });
  }

  test("workerd, which compiles nothing while it runs", async (t) => {
    const cells = row("workerd", await version("workerd"), "wasm imported as a module");
    const server = await served(t);
    const edge = await startEdge();
    t.after(edge.close);
    const inlined = await (await fetch(`${edge.url}/inlined`)).json();
    assert.equal(inlined.name, "WasmLoadError");
    assert.match(inlined.message, /thetaone-web\/core_bg\.wasm.*init\(\)/);
    await proven(cells, "external", async () => {
      const response = await fetch(`${edge.url}/?base=${encodeURIComponent(server.url)}`);
      assertTold(await response.json(), { recording: false });
    });
  });
}

/** Bundles the edge's module, and serves it. */
async function startEdge() {
  const { build } = await import("esbuild");
  const folder = await emptied("workerd");
  const core = {
    name: "core",
    setup: ({ onResolve }) =>
      onResolve({ filter: /core_bg\.wasm$/ }, () => ({ path: "core_bg.wasm", external: true })),
  };
  await build({
    entryPoints: [path("runtimes/edge.mjs")],
    outfile: join(folder, "edge.js"),
    bundle: true,
    minify: true,
    format: "esm",
    logLevel: "error",
    plugins: [core],
  });
  await cp(join(installed, "core_bg.wasm"), join(folder, "core_bg.wasm"));
  await cp(path("runtimes/workerd.capnp"), join(folder, "workerd.capnp"));
  const { default: workerd } = await import("workerd");
  return listening(
    workerd.default ?? workerd,
    ["serve", "--control-fd=1", "workerd.capnp"],
    { cwd: folder },
    (line) => {
      const { event, port } = JSON.parse(line);
      return event === "listen" && `http://127.0.0.1:${port}`;
    },
  );
}
