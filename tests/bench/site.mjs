// The suite's browser part, bundled with the package and its peers, and served.

import { createServer } from "node:http";
import { basename } from "node:path";
import { build } from "esbuild";

const PAGE = '<!doctype html><meta charset="utf-8"><title>bench</title><script type="module" src="/page.js"></script>';

// Isolation gives the page a clock of 5 µs instead of 100.
const ISOLATION = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

export class Site {
  #server;
  address = "";

  static async start(entry, packageFolder) {
    const scripts = await bundled(entry, packageFolder);
    const site = new Site();
    site.#server = createServer((request, response) => {
      const script = scripts.get(request.url);
      const found = script !== undefined || request.url === "/";
      response.writeHead(found ? 200 : 404, {
        "Content-Type": script ? "text/javascript" : "text/html",
        ...ISOLATION,
      });
      response.end(found ? script ?? PAGE : "");
    });
    await new Promise((listening) => site.#server.listen(0, "127.0.0.1", listening));
    site.address = `http://127.0.0.1:${site.#server.address().port}/`;
    return site;
  }

  async close() {
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }
}

async function bundled(entry, packageFolder) {
  const { outputFiles } = await build({
    entryPoints: { page: entry },
    bundle: true,
    format: "esm",
    // Keeps dynamic imports apart, so that a page holds only the contender that it measures.
    splitting: true,
    minify: true,
    write: false,
    outdir: "/",
    alias: { "thetaone-web": packageFolder },
    logLevel: "warning",
  });
  return new Map(outputFiles.map(({ path, text }) => [`/${basename(path)}`, text]));
}
