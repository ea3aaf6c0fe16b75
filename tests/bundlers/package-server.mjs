// A server of the package's files as they are.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { installed } from "./build-apps.mjs";
import { serve } from "./static-server.mjs";

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

/** The served wasm. */
export const wasm = () => readFile(join(installed, "core_bg.wasm"));

/** Serves the pages of static/, one that is empty, and two copies of the package, until the test is over. */
export async function served(t, { texts, ...options } = {}) {
  const server = await serve({
    folders: { "/": path("static"), "/thetaone-web/": installed, "/copy/": installed },
    texts: {
      "/calls.js": await readFile(path("app/calls.js")),
      "/empty.html": "<!doctype html><title>thetaone-web</title>",
      "/favicon.ico": "",
      ...texts,
    },
    ...options,
  });
  t.after(server.close);
  return server;
}
