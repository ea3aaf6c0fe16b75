// Builds the page and the server's part of the tests, with each version of React.

import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

/** The versions, as package.json names them. */
export const VERSIONS = ["18", "19"];

export const output = (version) => path(`../../target/react/${version}`);

/**
 * Builds `page/` in development mode, in which StrictMode runs effects twice and React warns of
 * mistakes.
 */
export async function built(version) {
  const folder = output(version);
  await rm(folder, { recursive: true, force: true });
  const options = {
    absWorkingDir: path("."),
    bundle: true,
    format: "esm",
    jsx: "automatic",
    logLevel: "error",
    define: { "process.env.NODE_ENV": '"development"' },
    alias: { react: `react-${version}`, "react-dom": `react-dom-${version}` },
  };
  await build({ ...options, entryPoints: ["page/main.jsx"], outdir: folder, splitting: true });
  // React's server is CommonJS, which requires Node's modules at run time.
  const banner = {
    js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
  };
  await build({
    ...options,
    entryPoints: ["page/server.jsx"],
    outfile: `${folder}/server.mjs`,
    platform: "node",
    banner,
  });
  return folder;
}
