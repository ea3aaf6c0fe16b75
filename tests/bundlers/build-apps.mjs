// The production builds: each tool as it comes, told only which pages there are and where they go.

import { execFile } from "node:child_process";
import { cp, mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const app = path("app");
const inApp = (...names) => names.map((name) => join(app, name));
const modules = path("node_modules");

/** The package, as npm has installed it. */
export const installed = join(modules, "thetaone-web");

/** Where a build goes. */
export const output = (name) => path(`../../target/bundlers/${name}`);

/** The version of a tool, as npm has installed it. */
export async function version(name) {
  return JSON.parse(await readFile(join(modules, name, "package.json"), "utf8")).version;
}

/** What a tool's command is started with: nothing is told to anybody, and nothing is coloured. */
export const quiet = {
  ...process.env,
  NODE_ENV: "production",
  NEXT_TELEMETRY_DISABLED: "1",
  PARCEL_WORKERS: "0",
  NO_COLOR: "1",
};

/** Runs a tool's command in `folder`. */
export async function command(script, args, folder = path(".")) {
  try {
    await run(process.execPath, [join(modules, script), ...args], { cwd: folder, env: quiet });
  } catch (error) {
    throw new Error(`${script} failed:\n${error.stdout}\n${error.stderr}`);
  }
}

/** Pages as they are, for tools that make scripts only. */
async function copied(folder, ...names) {
  await mkdir(folder, { recursive: true });
  for (const name of names) await cp(join(app, name), join(folder, name));
}

async function vite(folder, module, pages, options = {}) {
  const { build } = await import(module);
  const rollupOptions = { input: inApp(...pages) };
  await build({
    ...options,
    root: app,
    configFile: false,
    logLevel: "error",
    build: { outDir: folder, emptyOutDir: false, rollupOptions },
  });
}

/** Until Vite 7, workers are classic scripts unless it is said, and those cannot import on demand. */
async function oldVite(folder) {
  await vite(folder, "vite5", ["index.html", "external-new-url.html"]);
  await vite(folder, "vite5", ["worker.html"], { worker: { format: "es" } });
}

/** Vite's development server, which rewrites packages before it serves them: where it listens, and its end. */
export async function viteDev(module) {
  const { createServer } = await import(module);
  const server = await createServer({
    root: path("."),
    configFile: false,
    logLevel: "error",
    cacheDir: output(`cache-${module}`),
    // The pages, and no socket that tells them of changes.
    optimizeDeps: {
      entries: ["app/index.html", "app/worker.html", "app/external-new-url.html"],
      force: true,
    },
    server: { port: 0, host: "localhost", hmr: false },
  });
  await server.listen();
  const { port } = server.httpServer.address();
  return { url: `http://localhost:${port}`, close: () => server.close() };
}

async function webpack(folder) {
  const { default: webpack } = await import("webpack");
  const names = ["main", "start-worker", "external-new-url"];
  const entry = Object.fromEntries(names.map((name) => [name, join(app, `${name}.js`)]));
  const compiler = webpack({ mode: "production", context: app, entry, output: { path: folder } });
  const stats = await promisify(compiler.run.bind(compiler))();
  await promisify(compiler.close.bind(compiler))();
  if (stats.hasErrors()) throw new Error(stats.toString({ all: false, errors: true }));
  await copied(folder, "index.html", "worker.html", "external-new-url.html");
}

/** Neither Rollup nor esbuild follows `new Worker(new URL(…))`: there, the worker is an entry of its own. */
const entries = (external) => inApp("main.js", "start-worker.js", "worker.js", `${external}.js`);

async function rollup(folder) {
  const { rollup } = await import("rollup");
  const { default: resolve } = await import("@rollup/plugin-node-resolve");
  const bundle = await rollup({ input: entries("external-served"), plugins: [resolve()] });
  await bundle.write({ dir: folder });
  await bundle.close();
  await copied(folder, "index.html", "worker.html", "external-served.html");
  await cp(join(installed, "core_bg.wasm"), join(folder, "core_bg.wasm"));
}

const smallest = { bundle: true, minify: true, format: "esm", logLevel: "error" };

async function esbuild(folder) {
  const { build } = await import("esbuild");
  await build({
    ...smallest,
    entryPoints: entries("external-import-url"),
    outdir: folder,
    splitting: true,
    loader: { ".wasm": "file" },
  });
  await copied(folder, "index.html", "worker.html", "external-import-url.html");
}

/** The package's modules of which something is left where a page is only `source`. */
export async function leftOf(source) {
  const { build } = await import("esbuild");
  const stdin = { contents: source, resolveDir: app };
  const { metafile } = await build({
    ...smallest,
    stdin,
    write: false,
    metafile: true,
    outdir: output("left"),
  });
  const left = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.entries(inputs));
  return left
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([name]) => name.split("thetaone-web/")[1])
    .filter(Boolean);
}

/** Without `splitting`, what is imported on demand is in the one file too; here, that of a classic script. */
async function esbuildOneFile(folder) {
  const { build } = await import("esbuild");
  await build({ ...smallest, entryPoints: inApp("start-worker.js", "worker.js"), outdir: folder });
  await build({ ...smallest, entryPoints: inApp("main.js"), outdir: folder, format: "iife" });
  await copied(folder, "index.html", "worker.html");
}

async function parcel(folder) {
  const pages = inApp("index.html", "worker.html", "external-parcel.html");
  // The cache's folder is made even so.
  const own = ["--no-cache", "--cache-dir", output("cache-parcel"), "--no-source-maps"];
  await command("parcel/lib/bin.js", ["build", ...pages, "--dist-dir", folder, ...own]);
}

/** `inline`: the tool itself writes scripts into the pages, which a policy has to allow by their hashes. */
export const BUILDS = [
  {
    name: "Vite",
    module: "vite",
    external: "external-new-url.html",
    build: (folder) => vite(folder, "vite", ["index.html", "worker.html", "external-new-url.html"]),
  },
  {
    name: "Vite",
    module: "vite5",
    external: "external-new-url.html",
    build: oldVite,
    note: 'worker with `worker: { format: "es" }`',
  },
  { name: "webpack", module: "webpack", external: "external-new-url.html", build: webpack },
  {
    name: "Rollup",
    module: "rollup",
    external: "external-served.html",
    build: rollup,
    note: "with plugin-node-resolve",
  },
  {
    name: "esbuild, split",
    module: "esbuild",
    external: "external-import-url.html",
    build: esbuild,
  },
  { name: "esbuild, one file", module: "esbuild", build: esbuildOneFile },
  {
    name: "Parcel",
    module: "parcel",
    external: "external-parcel.html",
    build: parcel,
    inline: true,
    note: "its inline import map needs its hash in the CSP",
  },
];

/** An empty folder for a build. */
export async function emptied(name) {
  const folder = output(name.replace(/\W+/g, "-").toLowerCase());
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  return folder;
}
