// Serves the browser part of a suite, bundled with the package and its peers, and routes for
// uploads.

import { readFileSync } from "node:fs";
import { createServer, request } from "node:http";
import { basename, join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { build } from "esbuild";

const PAGE =
  '<!doctype html><meta charset="utf-8"><title>bench</title><script type="module" src="/page.js"></script>';

// In an isolated page, the clock has a resolution of 5 µs instead of 100 µs.
const ISOLATION = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

/** The path of the emulator, which has the same origin as the page, as behind a proxy. */
const EMULATOR = "/emulator";
const EMULATED_KEY = "sk-theta-emulated-ok";
/** The path of a route that reads the body and responds at once. */
const SINK = "/sink";

export class BenchServer {
  #server;
  #files;
  address = "";

  static async start(entry, packageFolder) {
    const scripts = await bundle(entry, packageFolder);
    const wasm = readFileSync(join(packageFolder, "core_bg.wasm"));
    const server = new BenchServer();
    server.#files = new Map([...scripts, ["/core_bg.wasm", wasm]]);
    server.#server = createServer((request, response) => {
      if (request.url.startsWith(EMULATOR)) return forward(request, response);
      if (request.url.startsWith(SINK)) return discard(request, response);
      if (request.url === "/core_bg.wasm") {
        response.writeHead(200, { "Content-Type": "application/wasm", ...ISOLATION });
        return response.end(wasm);
      }
      const script = scripts.get(request.url);
      const found = script !== undefined || request.url === "/";
      response.writeHead(found ? 200 : 404, {
        "Content-Type": script ? "text/javascript" : "text/html",
        ...ISOLATION,
      });
      response.end(found ? (script ?? PAGE) : "");
    });
    await new Promise((listening) => server.#server.listen(0, "127.0.0.1", listening));
    server.address = `http://127.0.0.1:${server.#server.address().port}/`;
    return server;
  }

  /**
   * Returns the compressed size of a file of this server in bytes, or 0 if there is no such file.
   */
  brotliBytes(path) {
    const file = this.#files.get(path);
    return file === undefined ? 0 : brotliCompressSync(file).length;
  }

  async close() {
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }
}

function forward(incoming, response) {
  const { method } = incoming;
  // Adds a key, as the proxy of an application does.
  const headers = { ...incoming.headers, "x-api-key": EMULATED_KEY };
  const target = process.env.EMULATOR_URL + incoming.url.slice(EMULATOR.length);
  const upstream = request(target, { method, headers }, (upstreamResponse) => {
    response.writeHead(upstreamResponse.statusCode, upstreamResponse.headers);
    upstreamResponse.pipe(response);
  });
  upstream.on("error", () => response.destroy());
  incoming.pipe(upstream);
}

function discard(request, response) {
  let bytes = 0;
  request.on("data", (chunk) => {
    bytes += chunk.length;
  });
  request.on("end", () => {
    const json = JSON.stringify({
      text: "",
      text_type: "en",
      metadata: {},
      response_time_in_sec: 0,
      bytes,
    });
    response.writeHead(200, { "Content-Type": "application/json" }).end(json);
  });
}

async function bundle(entry, packageFolder) {
  const { outputFiles } = await build({
    entryPoints: { page: entry },
    bundle: true,
    format: "esm",
    // Splits dynamic imports, so that a page loads only the competitor that it measures.
    splitting: true,
    minify: true,
    write: false,
    outdir: "/",
    alias: { "thetaone-web": packageFolder },
    logLevel: "warning",
  });
  return new Map(outputFiles.map(({ path, text }) => [`/${basename(path)}`, text]));
}
